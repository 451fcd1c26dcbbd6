"""A batch of look-alikes on the screen: rejected as a whole, gone through one by one, or left; approved by no key."""

from collections.abc import Callable
from datetime import datetime

from followguard.cli.keys import card_is_seen
from followguard.domain.labels import RejectReason
from followguard.review.decide import Failed
from followguard.review.desk.keys import BLOCK_HELP, DeskKeys
from followguard.review.desk.screen_faces import Face
from followguard.review.desk.screen_sitting import SittingScreen
from followguard.review.desk.session import Desk, OfferedBatch


class BlockScreen(SittingScreen):
    """The part of a sitting that is about batches."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime], keys: DeskKeys, face: Face) -> None:
        super().__init__(desk, clock, keys, face)
        self._does_to_block: dict[str, Callable[[OfferedBatch], bool]] = {
            "reject_all": self._reject_all,
            "open": self._one_by_one,
            "skip": self._skip_block,
            "undo": self._undo_before_block,
            "guidelines": lambda block: self._guidelines(block.account),
            "help": lambda _: self._help(text=BLOCK_HELP),
        }

    def _block(self, block: OfferedBatch) -> bool:
        """Shows a batch as a block, which no key approves; False: the person quits."""
        self.face.block(block, self.progress.words(self.desk, len(block.items)))
        done = False
        while not done:
            action = self.keys.action(self.face.key(self.keys.block_prompt())[0])
            if action == "quit":
                return False
            done = self._press_at_block(action or "", block)
        return True

    def _press_at_block(self, action: str, block: OfferedBatch) -> bool:
        """Does what the key means; True when the batch is out of hand."""
        if action == "approve" and not card_is_seen():
            self._refuse_piped(*block.items)
            return True
        does = self._does_to_block.get(action)
        return does(block) if does else self._no_such_key()

    def _one_by_one(self, block: OfferedBatch) -> bool:
        self.desk.open_block(block)
        return True

    def _skip_block(self, block: OfferedBatch) -> bool:
        self.desk.pass_over(*block.items)
        return True

    def _undo_before_block(self, block: OfferedBatch) -> bool:
        taken_back = self._taken_back()
        if taken_back:
            self.desk.offer_again(block)
        return taken_back

    def _reject_all(self, block: OfferedBatch) -> bool:
        outcomes = self.desk.reject_block(block, RejectReason.SPAM)
        failed = [each for each in outcomes if isinstance(each, Failed)]
        self.face.say(f"{len(outcomes) - len(failed)} of {len(outcomes)} rejected as spam.")
        for each in failed:
            self.face.fail(each.error)
        return True
