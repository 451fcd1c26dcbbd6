"""Cards, who has them, and what was decided about them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from followguard.domain.approval_speed import Approval
from followguard.domain.decision import Decision, NewDecision
from followguard.domain.follower_ref import FollowerRef
from followguard.domain.holding_back import HoldEvidence
from followguard.domain.queueing import Placement, Undecided
from followguard.domain.review import Card, ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFollower:
    """A recorded follower that a name stands for. `item` is None while there is no card."""

    account_id: int
    account: str
    follower_id: str
    item: int | None
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cards. `desk_day`: only those the desk shows on that ISO day; None: any day and any state.

    `held_back`: also those that are hidden. `states` are as stored; None: any. `only`: these items.
    """

    account_ids: tuple[int, ...]
    desk_day: str | None = None
    held_back: bool = False
    states: frozenset[ItemState] | None = None
    batch: int | None = None
    only: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Where a decision puts a card."""

    state: ItemState
    due: str | None
    note: str | None = None
    closed_why: str | None = None


class Review(Protocol):
    """The queue opens and places items, people decide them, follow-back closes them."""

    # --- the queue ---
    def without_item(self, account_id: int) -> list[str]:
        """Present followers whose latest snapshot was scored or parked, and who have no card; by id."""
        ...

    def open(self, account_id: int, follower_ids: Sequence[str], batch: int | None, now: datetime) -> None:
        """New cards, waiting, without a day yet."""
        ...

    def reopen_returned(self, account_id: int, never_follow: Collection[str], now: datetime) -> int:
        """Cards closed because somebody left, or was on the never-follow list, who doesn't (isn't) any more."""
        ...

    def undecided(self, account_id: int, now: datetime) -> list[Undecided]:
        """Every card that waits or is put off."""
        ...

    def place(self, placements: Sequence[Placement], now: datetime) -> None:
        """Applies a plan to cards that are still undecided."""
        ...

    def evidence(self, account_id: int, models: Collection[str] = ()) -> list[HoldEvidence]:
        """The newest approval, rejection or overrule that stands of each scored card.

        With what the models named predicted of it.
        """
        ...

    def shown_on(self, account_id: int, day: str) -> int:
        """Cards decided on that ISO day that were on the desk, and aren't any more."""
        ...

    def audited_on(self, account_id: int, day: str) -> int:
        """That day's audit draws that are decided already."""
        ...

    def batches_on(self, account_id: int, day: str) -> int:
        """Batches found on that ISO day."""
        ...

    # --- cards ---
    def cards(self, wanted: Wanted) -> list[Card]:
        """Cards with everything that is shown of them, in no order."""
        ...

    def find(self, ref: FollowerRef, account_id: int | None) -> list[FoundFollower]:
        """Whom a name stands for: present followers first, then those who left; by account."""
        ...

    def claim(self, item: int, person_id: int, until: datetime, now: datetime) -> bool:
        """Takes an undecided card. False when somebody else has it, or it is decided."""
        ...

    def release(self, person_id: int, items: Collection[int] | None = None) -> None:
        """Gives cards back: these, or all that the person has."""
        ...

    # --- decisions ---
    def lock(self, item: int) -> None:
        """Keeps other hands off the card until the transaction ends."""
        ...

    def settle(self, item: int, person_id: int, settled: Settled, now: datetime) -> bool:
        """Moves an undecided card that nobody else holds. False when somebody was faster."""
        ...

    def unsettle(self, item: int, was: ItemState, due: str, now: datetime) -> bool:
        """A card goes back to waiting if it still stands at `was`."""
        ...

    def turn(self, item: int, settled: Settled, now: datetime) -> None:
        """An overrule, or taking one back, moves the card from wherever it stands; not held back any more."""
        ...

    def record(self, decision: NewDecision) -> int:
        """Adds a decision with its evidence and returns its id."""
        ...

    def history(self, item: int) -> list[Decision]:
        """Every decision about a card, the oldest first."""
        ...

    def newest_approvals(self, person_id: int, number: int) -> list[datetime]:
        """When the person's newest approvals and proposals were made, the newest last, taken back ones too.

        Until the transaction ends, no other one records an approval by this person that asks here first.
        """
        ...

    def approvals(self, since: datetime | None = None) -> list[Approval]:
        """Everybody's approvals and proposals, in the order they were recorded."""
        ...

    def made_by(self, person_id: int, account_ids: Collection[int]) -> Iterator[Decision]:
        """The person's decisions among these accounts, the newest first, taken back ones too; no undo."""
        ...

    def last_by(self, person_id: int, account_ids: Collection[int]) -> Decision | None:
        """The person's newest decision that stands, among these accounts."""
        ...
