"""What a sitting at the desk does, whether a card or a batch is on the screen."""

from collections.abc import Callable
from datetime import datetime

from followguard.cli.keys import at_terminal
from followguard.errors import FollowguardError, UsageError
from followguard.review.desk.keys import HELP, DeskKeys
from followguard.review.desk.progress import Progress
from followguard.review.desk.screen_faces import Face
from followguard.review.desk.session import Desk
from followguard.review.words import named

UNSEEN = "No approval is taken through a pipe, nor where the card isn't on a screen: it waits."
MOST_UNKNOWN = 20
"""Unknown keys of a pipe after which the session ends: it may have no end of its own."""
PIPED_KEYS = "Pipe one key a line, as `followguard review` shows them under ?, and q at the end."
PIPED = "Approve at a terminal, one look a card, or one by one: followguard review approve item:N"


class SittingScreen:
    """The desk with its keys and how it looks.

    `at_end`: the input ended, so nothing can be asked. `piped_approvals`: how many came through a pipe.
    """

    def __init__(self, desk: Desk, clock: Callable[[], datetime], keys: DeskKeys, face: Face) -> None:
        self.desk, self.clock, self.keys, self.face = desk, clock, keys, face
        self.progress = Progress()
        self.at_end = False
        self.piped_approvals = 0
        self._unknown_keys = 0

    def _say_guidelines(self) -> None:
        """Says at the start what is new or wrong about the company's guidelines."""
        for said in self.desk.read_guidelines():
            self.face.note(f"{said} {self.keys.of('guidelines')} shows what there is.")

    def _guidelines(self, account: str) -> bool:
        found = self.desk.guidelines.get(account)
        if found is None:
            self.face.say(f"@{account} has no guidelines: guidelines in its policy names their file.")
        elif not found.text:
            self.face.say(found.problem)
        else:
            head = f"Guidelines of @{account}, version of {found.first_seen_at:%Y-%m-%d}"
            self.face.read("\n".join([head, *([found.problem] if found.problem else []), "", found.text.strip()]))
        return False

    def _no_such_key(self) -> bool:
        """Says so; False: the card isn't done. Raises `UsageError` where a pipe brings nothing else any more."""
        self._unknown_keys += 1
        if self._unknown_keys >= MOST_UNKNOWN and not at_terminal():
            raise UsageError("Nothing but unknown keys is piped in; what came before is saved.", PIPED_KEYS)
        self.face.say(f"No such key. {self.keys.of('help')} shows them all.")
        return False

    def _refuse_piped(self, *items: int) -> None:
        """Goes on to the next card: the pipe's next line may be meant for that one, and need not have an end."""
        self.piped_approvals += 1
        if self.piped_approvals == 1:
            self.face.fail(UsageError(UNSEEN, PIPED))
        else:
            self.face.say("Not approved: a pipe, or no screen.")
        self.desk.pass_over(*items)

    def _taken_back(self, *in_hand: int) -> bool:
        try:
            done = self.desk.undo(*in_hand)
        except FollowguardError as error:
            self.face.fail(error)
            return False
        what = named(done[0]) if len(done) == 1 else f"{len(done)} decisions"
        self.face.say(f"Taken back: {what} of @{done[0].account}.")
        return True

    def _help(self, *_: object, text: str = HELP) -> bool:
        self.face.read(self.keys.help(text))
        return False
