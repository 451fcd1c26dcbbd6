"""Taking a whole session back: what one person decided without a long pause, each by an undo of its own."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from followguard.domain.decision import Decision, DecisionResult
from followguard.domain.person import Person
from followguard.domain.wording import counted, quoted
from followguard.errors import FollowguardError, NothingToUndo
from followguard.review.decide import Failed, Hand, known_person
from followguard.review.store import Decisions
from followguard.review.undo import undo_one

PAUSE = timedelta(minutes=30)
"""Whoever decides nothing for so long has left the desk; what comes after is another session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSession:
    """A person's last session: what still stands of it, the newest first, and from when to when it went."""

    person: Person
    standing: tuple[Decision, ...]
    began: datetime
    ended: datetime

    @property
    def words(self) -> str:
        """`Ann's session of 2026-01-05, 09:00 to 09:03 UTC: 12 decisions (10 approve, 2 reject)`."""
        kinds = Counter(each.kind.value for each in self.standing)
        made = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        many = counted(len(self.standing), "decision")
        when = f"{self.began:%Y-%m-%d}, {self.began:%H:%M} to {self.ended:%H:%M} UTC"
        return f"{self.person.name}'s session of {when}: {many} ({made})"


def last_session(hand: Hand) -> PastSession:
    """Returns what the person decided last, back to the last pause of half an hour.

    Raises `NothingToUndo` where nothing of it stands: an earlier session isn't taken back by saying it twice.
    """
    with hand.store.begin() as work:
        person = known_person(work, hand)
        made = one_sitting(Decisions(work).made_by(person.id, hand.account_ids(work)))
    standing = tuple(each for each in made if each.stands)
    if not standing:
        done = (
            f"what {person.name} decided last is taken back already" if made else f"{person.name} has decided nothing"
        )
        earlier = f"Earlier decisions, one by one: followguard review undo --by {quoted(person.name)}"
        raise NothingToUndo(f"There is no session to take back: {done}.", earlier)
    return PastSession(person=person, standing=standing, began=made[-1].at, ended=made[0].at)


def one_sitting(newest_first: Iterable[Decision]) -> list[Decision]:
    """Returns the first ones, up to where half an hour or more lies between two of them."""
    sitting: list[Decision] = []
    for each in newest_first:
        if sitting and sitting[-1].at - each.at >= PAUSE:
            break
        sitting.append(each)
    return sitting


def undo_session(hand: Hand, session: PastSession) -> list[DecisionResult | Failed]:
    """Undoes each decision by itself; one that can't be taken back doesn't stop the others."""
    outcomes: list[DecisionResult | Failed] = []
    for decision in session.standing:
        try:
            outcomes.append(undo_one(hand, decision))
        except FollowguardError as error:
            outcomes.append(Failed(f"item:{decision.item}", error))
    return outcomes
