"""A sitting: the card that a person looks at and the next ones, claimed ahead so that they show at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import RLock

from followguard.domain.card import UNDECIDED
from followguard.domain.decision import Choice, DecisionResult
from followguard.domain.labels import Kind, RejectReason
from followguard.errors import AlreadyDecided, FollowguardError
from followguard.review.decide import Failed, known_person
from followguard.review.desk.progress import Progress
from followguard.review.desk.session import Desk
from followguard.review.desk.shown import OfferedBatch, ShownCard
from followguard.review.dossier import dossier
from followguard.review.notes import add_note, ask
from followguard.review.store import Decisions

AHEAD = 3
"""How many cards are in a person's hand: the one that is looked at and those that come next."""

Offered = ShownCard | OfferedBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class HowFar:
    """How far a sitting is, in numbers and in words. `left`: cards in hand and in line."""

    decided: int
    later: int
    left: int
    words: str


@dataclass(slots=True, kw_only=True)
class Sitting:
    """One person's sitting. Its methods take the lock: a browser may send several requests at once.

    `told`: what to say of the guidelines, once.
    """

    desk: Desk
    clock: Callable[[], datetime]
    hand: list[Offered] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)
    told: list[str] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def cards(self) -> list[Offered]:
        """Fills the hand and returns it, the one to look at first; a batch ends it, since a key may open it."""
        with self.lock:
            while len(self.hand) < AHEAD and not (self.hand and isinstance(self.hand[-1], OfferedBatch)):
                offered = self.desk.next()
                if offered is None:
                    break
                if not set(_items(offered)) & {item for each in self.hand for item in _items(each)}:
                    self.hand.append(offered)
            return list(self.hand)

    def shown(self, item: int) -> ShownCard:
        """Returns the card on the screen. Raises `AlreadyDecided` where it isn't this one."""
        with self.lock:
            return self._first(item)

    def look_at(self, item: int) -> ShownCard:
        """Claims the card anew now that it stands on the screen. Raises `AlreadyDecided` where it is gone."""
        with self.lock:
            shown = self._first(item)
            with self.desk.store.begin() as work:
                hand = self.desk.hand()
                person = known_person(work, hand)
                found = dossier(work, self.desk.accounts, item)
                until = hand.now + timedelta(minutes=self.desk.accounts[found.card.account].policy.claim_minutes)
                taken = Decisions(work).claim(item, person.id, until, hand.now)
            if not taken or found.card.state not in UNDECIDED:
                self._drop(item)
                raise _not_in_hand()
            now = replace(shown, found=found)
            self.hand[0] = now
            return now

    def decide(self, item: int, choice: Choice) -> DecisionResult:
        """Decides about the card on the screen, and no other. Raises what `Desk.decide` raises."""
        with self.lock:
            shown = self._first(item)
            try:
                done = self.desk.decide(shown, choice)
            except AlreadyDecided:
                self._show_anew(item)
                raise
            self._drop(item)
            self.progress.made(self.clock())
            return done

    def reveal(self, item: int) -> ShownCard:
        """Shows band and reasons of a card that hides them; from then on it isn't decided blind."""
        with self.lock:
            shown = replace(self._first(item), blind=False)
            self.hand[0] = shown
            return shown

    def note(self, item: int, text: str) -> ShownCard:
        """Puts a note on the card on the screen. Raises what `add_note` raises."""
        with self.lock:
            self._first(item)
            with self.desk.store.begin() as work:
                add_note(work, self.desk.hand(), item, text)
                shown = replace(self._first(item), found=dossier(work, self.desk.accounts, item))
            self.hand[0] = shown
            return shown

    def ask(self, item: int, colleague: str, question: str) -> None:
        """Puts the card to a colleague, and passes it over here. Raises what `review.notes.ask` raises."""
        with self.lock:
            self._first(item)
            with self.desk.store.begin() as work:
                ask(work, self.desk.hand(), item, colleague, question)
            self.skip(item)

    def skip(self, item: int) -> None:
        """Passes the card over for this sitting."""
        with self.lock:
            self._first(item)
            self.desk.pass_over(item)
            self._drop(item)

    def undo(self) -> list[DecisionResult]:
        """Takes this person's last decision back; it comes next. Raises `NothingToUndo`, `AlreadyDecided`."""
        with self.lock:
            cards = [each.card.item for each in self.hand if isinstance(each, ShownCard)]
            blocks = [each for each in self.hand if isinstance(each, OfferedBatch)]
            done = self.desk.undo(*cards)
            for block in blocks:
                self.desk.offer_again(block, len(done) + len(cards))
            self.hand.clear()
            return done

    def batch(self, number: int) -> OfferedBatch:
        """Returns the batch on the screen. Raises `AlreadyDecided` where it isn't the one."""
        first = self.hand[0] if self.hand else None
        if not isinstance(first, OfferedBatch) or first.batch != number:
            raise _not_in_hand()
        return first

    def reject_batch(self, number: int, reason: RejectReason) -> list[DecisionResult | Failed]:
        """Rejects every card of the batch on the screen, each by a decision of its own; one undo takes all back."""
        with self.lock:
            outcomes = self.desk.reject_block(self.batch(number), reason)
            self.hand.pop(0)
            return outcomes

    def open_batch(self, number: int) -> None:
        """Lets the batch's cards come one by one."""
        with self.lock:
            self.desk.open_block(self.batch(number))
            self.hand.pop(0)

    def skip_batch(self, number: int) -> None:
        """Leaves the batch on the list."""
        with self.lock:
            self.desk.pass_over(*self.batch(number).items)
            self.hand.pop(0)

    def show_held_back(self) -> int:
        """Lets cards that are held back come too; returns how many there are."""
        with self.lock:
            return self.desk.show_held_back()

    def leave(self) -> None:
        """Gives every card back; how far the sitting is and what was passed over stay, for whoever comes back."""
        with self.lock:
            for each in self.hand:
                if isinstance(each, OfferedBatch):
                    self.desk.offer_again(each)
            self.desk.leave()
            self.told.clear()
            self.hand.clear()

    def ahead(self, number: int) -> tuple[int, ...]:
        """Returns the next items in line after those in hand."""
        with self.lock:
            return self.desk.ahead(number)

    def far(self) -> HowFar:
        """Tells how far the sitting is."""
        with self.lock:
            later = sum(done.decision is Kind.LATER for done in self.desk.decided)
            held = sum(len(_items(each)) for each in self.hand)
            return HowFar(
                decided=len(self.desk.decided) - later,
                later=later,
                left=held + self.desk.left,
                words=self.progress.words(self.desk, held),
            )

    def _show_anew(self, item: int) -> None:
        """Keeps a card that was refused first, as it is now; drops one that isn't this person's any more."""
        with suppress(AlreadyDecided):
            self.look_at(item)
            self.desk.hold_again(item)

    def _first(self, item: int) -> ShownCard:
        first = self.hand[0] if self.hand else None
        if not isinstance(first, ShownCard) or first.card.item != item:
            raise _not_in_hand()
        return first

    def _drop(self, item: int) -> None:
        self.hand = [each for each in self.hand if item not in _items(each) or isinstance(each, OfferedBatch)]


def _items(offered: Offered) -> tuple[int, ...]:
    return offered.items if isinstance(offered, OfferedBatch) else (offered.card.item,)


def _not_in_hand() -> FollowguardError:
    return AlreadyDecided("That card isn't in your hand any more.", "Look at the card that stands here now.")
