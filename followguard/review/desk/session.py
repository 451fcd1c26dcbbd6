"""The desk: one person's way through the cards of one or several accounts, without printing anything.

The person's claim on each card keeps others from getting it; it ends with the decision, with `leave`, or by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from followguard.accounts.people import require_role
from followguard.domain.card import UNDECIDED, Card, ItemState, Wanted, under_policy
from followguard.domain.decision import Choice, DecisionResult
from followguard.domain.guidelines import Guidelines
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.person import Person
from followguard.domain.policy import AccountSettings
from followguard.errors import AlreadyDecided, FollowguardError, MissingRole
from followguard.review.card_list import ListFilter, cards_of
from followguard.review.decide import Failed, Hand, decide_item, known_person, proposals
from followguard.review.desk.closing import Rest, rest_of
from followguard.review.desk.line import asked_about, line_of
from followguard.review.desk.offered import approval_offered
from followguard.review.desk.order import desk_order, is_blind
from followguard.review.desk.shown import EXAMPLES, FEWEST_IN_BLOCK, OfferedBatch, ShownCard
from followguard.review.dossier import dossier
from followguard.review.guidelines import read_guidelines, tell_once
from followguard.review.measures.measured import USUAL, pace_of
from followguard.review.measures.pace import Pace
from followguard.review.store import Cards, Decisions
from followguard.review.undo import last_decision_of, undo
from followguard.store.store import Store
from followguard.store.work import Work

__all__ = ["Desk", "OfferedBatch", "ShownCard"]


@dataclass(slots=True, kw_only=True)
class Desk:
    """One session. `accounts` are those it goes through, by handle.

    `folder`: where the configuration stands, and files that it names; None: none are read. `guidelines`: account ->
    those that the person can read in this session.
    """

    store: Store
    accounts: Mapping[str, AccountSettings]
    by: str | None
    clock: Callable[[], datetime]
    seed: int
    folder: Path | None = None
    guidelines: dict[str, Guidelines] = field(default_factory=dict)
    with_held_back: bool = False
    decided: list[DecisionResult] = field(default_factory=list)
    _line: list[int] = field(default_factory=list)
    _passed: set[int] = field(default_factory=set)
    _opened: set[int] = field(default_factory=set)
    _asked: set[int] = field(default_factory=set)
    _held: set[int] = field(default_factory=set)
    _together: list[tuple[OfferedBatch, frozenset[int]]] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many more cards are in line after the one in hand, as far as is known."""
        return len(self._line)

    def sit_down(self) -> Person:
        """Raises `UnknownPerson`, and `MissingRole` for somebody who may decide for none of the accounts."""
        with self.store.begin() as work:
            person = known_person(work, self.hand())
            meant = next(iter(self.accounts))
            self.accounts = {handle: each for handle, each in self.accounts.items() if _may(work, self.by, handle)}
            if not self.accounts:
                require_role(work, self.by, "reviewer", meant)
            return person

    def hand(self) -> Hand:
        """Returns the person who decides, now."""
        had = None if self.folder is None else {handle: each.sha256 for handle, each in self.guidelines.items()}
        return Hand(store=self.store, accounts=self.accounts, by=self.by, now=self.clock(), guidelines=had)

    def read_guidelines(self) -> list[str]:
        """Reads the company's guidelines; returns what to say of them: once what is new, each time what is wrong."""
        said: list[str] = []
        for settings in self.accounts.values() if self.folder else ():
            with self.store.begin() as work:
                found = read_guidelines(work, settings, self.folder or Path(), self.clock())
                if found is None:
                    continue
                self.guidelines[settings.handle] = found
                said += [found.problem, tell_once(work, known_person(work, self.hand()), found, self.clock())]
        return [each for each in said if each]

    def next(self) -> ShownCard | OfferedBatch | None:
        """Returns the next card, claimed, or a batch as a block; None when nothing is left for this person.

        First come cards that a colleague asks this person about, also those asked about just now.
        """
        fresh = False
        while True:
            if not self._line:
                if fresh:
                    return None
                self._line, fresh = self._waiting(), True
                continue
            with self.store.begin() as work:
                self._put_first(work)
                found = self._take(work, self._line.pop(0))
            if found is not None:
                return found

    def decide(self, shown: ShownCard, choice: Choice) -> DecisionResult:
        """Decides about the card as shown. Raises `AlreadyDecided`, `MissingRole`, `UnknownFollower`."""
        choice = replace(choice, seen=shown.card.appearance_hash, blind=shown.blind)
        try:
            with self.store.begin() as work:
                done = decide_item(work, self.hand(), shown.card.item, choice)
        except AlreadyDecided:  # it may come again, as it is now
            self._held.discard(shown.card.item)
            raise
        self._held.discard(shown.card.item)
        self.decided.append(done)
        return done

    def hold_again(self, item: int) -> None:
        """Takes a card that was refused back in hand: its claim must have been made anew."""
        self._held.add(item)

    def reject_block(self, block: OfferedBatch, reason: RejectReason) -> list[DecisionResult | Failed]:
        """Decides about every card of the block, each by itself."""
        outcomes: list[DecisionResult | Failed] = []
        for item in block.items:
            try:
                with self.store.begin() as work:
                    done = decide_item(work, self.hand(), item, Choice(kind=Kind.REJECT, reason=reason))
            except FollowguardError as error:
                outcomes.append(Failed(f"item:{item}", error))
                continue
            self.decided.append(done)
            outcomes.append(done)
        made = frozenset(each.decision_id for each in outcomes if isinstance(each, DecisionResult))
        self._together.append((block, made))
        return outcomes

    def open_block(self, block: OfferedBatch) -> None:
        """Lets the cards of a block come one by one."""
        self._opened.add(block.batch)
        self._line = [*block.items, *(item for item in self._line if item not in block.items)]

    def offer_again(self, block: OfferedBatch, after: int = 1) -> None:
        """Offers the block once more, after what is first in line now: that many cards."""
        self._opened.discard(block.batch)
        self._line[after:after] = block.items

    def pass_over(self, *items: int) -> None:
        """Passes cards over for this session; somebody else may take them."""
        self._passed.update(items)
        self._release(items)

    def undo(self, *in_hand: int) -> list[DecisionResult]:
        """Takes back this person's last decision that stands, also one of an earlier session.

        What `reject_block` decided in this session is taken back together, and offered as a block again. What is
        taken back comes next, and after it those in hand. Raises `NothingToUndo`, `AlreadyDecided`.
        """
        last = self._last()
        block, group = next((each for each in self._together if last in each[1]), (None, frozenset[int]()))
        done = [self._undo_one()]
        while group and self._last() in group:
            done.append(self._undo_one())
        if block is None:
            self._opened.update(self._batch_of(done[0].item))
        else:
            self._opened.discard(block.batch)
        first = [each.item for each in reversed(done)]
        first += [item for item in in_hand if item not in first]
        self._line = [*first, *(item for item in self._line if item not in first)]
        return done

    def show_held_back(self) -> int:
        """Lets cards that are held back come too from now on; returns how many there are."""
        self.with_held_back = True
        self._line = []
        with self.store.begin() as work:
            cards = cards_of(work, list(self.accounts.values()), ListFilter(held_back=True), self.clock())
        return sum(card.hidden for card in cards)

    def ahead(self, number: int) -> tuple[int, ...]:
        """Returns the items that are next in line, at most so many."""
        return tuple(self._line[:number])

    def usual_pace(self) -> Pace:
        """Returns how long a card of these accounts took people lately."""
        with self.store.begin() as work:
            return pace_of(work, self.hand().account_ids(work), self.clock() - USUAL)

    def leave(self) -> None:
        """Gives back every card that this session still holds; what comes next is looked up anew."""
        self._release(tuple(self._held))
        self._line = []

    def rest(self) -> list[Rest]:
        """Tells how each account stands."""
        with self.store.begin() as work:
            return [rest_of(work, settings, self.clock()) for settings in self.accounts.values()]

    def _waiting(self) -> list[int]:
        with self.store.begin() as work:
            cards = line_of(work, self.accounts, self.clock(), held_back=self.with_held_back)
            asked = asked_about(work, self.hand())
        groups = [[card for card in cards if card.account == handle] for handle in self.accounts]
        ordered = [card.item for group in groups for card in desk_order(group, self.seed)]
        here = self._passed | self._held
        return [item for item in dict.fromkeys([*asked, *ordered]) if item not in here]

    def _put_first(self, work: Work) -> None:
        """Puts at the head of the line what was asked since the last card."""
        fresh = [item for item in asked_about(work, self.hand()) if item not in self._asked]
        if fresh:
            self._asked.update(fresh)
            self._line = [*fresh, *(item for item in self._line if item not in fresh)]

    def _take(self, work: Work, item: int) -> ShownCard | OfferedBatch | None:
        """Claims the card, or offers its batch. None when it isn't this person's to decide any more."""
        if item in self._passed:
            return None
        found = dossier(work, self.accounts, item)
        card, person = found.card, known_person(work, self.hand())
        if card.state not in UNDECIDED or any(p.person_id == person.id for p in proposals(card, found.history)):
            return None
        alone = card.drawn or item in self._asked or card.batch in self._opened
        if card.batch is not None and not alone:
            block = self._block(work, card, person)
            if len(block.items) >= FEWEST_IN_BLOCK:
                self._opened.add(block.batch)
                self._line = [each for each in self._line if each not in block.items]
                return block
        policy, now = self.accounts[card.account].policy, self.clock()
        if not Decisions(work).claim(item, person.id, now + timedelta(minutes=policy.claim_minutes), now):
            return None
        self._held.add(item)
        approval = approval_offered(work, person, card, found.history, policy)
        return ShownCard(found, is_blind(card, policy.blind_share, self.seed), approval)

    def _block(self, work: Work, card: Card, person: Person) -> OfferedBatch:
        wanted = Wanted(
            account_ids=(card.account_id,), batch=card.batch, states=UNDECIDED, held_back=self.with_held_back
        )
        now = self.clock()
        members = [
            under_policy(each, self.accounts[each.account])
            for each in Cards(work).cards(wanted)
            if each.state_at(now) is not ItemState.CLAIMED or (each.claim and each.claim.person_id == person.id)
        ]
        members = desk_order([each for each in members if each.item not in self._passed], self.seed)
        return OfferedBatch(
            batch=card.batch or 0,
            account=card.account,
            alike=card.batch_alike or "",
            items=tuple(each.item for each in members),
            examples=tuple(members[:EXAMPLES]),
        )

    def _last(self) -> int | None:
        """Returns the newest decision of this person that stands."""
        with self.store.begin() as work:
            return last_decision_of(work, self.hand())

    def _undo_one(self) -> DecisionResult:
        done = undo(self.hand(), None)
        taken_back = [index for index, each in enumerate(self.decided) if each.item == done.item]
        if taken_back:
            del self.decided[taken_back[-1]]
        self._passed.discard(done.item)
        return done

    def _batch_of(self, item: int) -> set[int]:
        with self.store.begin() as work:
            batch = dossier(work, self.accounts, item).card.batch
        return set() if batch is None else {batch}

    def _release(self, items: tuple[int, ...]) -> None:
        held = self._held.intersection(items)
        if not held:
            return
        with self.store.begin() as work:
            Decisions(work).release(known_person(work, self.hand()).id, held)
        self._held -= held


def _may(work: Work, by: str | None, handle: str) -> bool:
    try:
        require_role(work, by, "reviewer", handle)
    except MissingRole:
        return False
    return True
