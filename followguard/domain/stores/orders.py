"""Follow orders: made from approvals, moved only along the table in `domain.outbox`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from followguard.domain.follower import Profile
from followguard.domain.outbox import LIVE_STATES, Order, OrderState, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterCard:
    """A card set aside until the ISO day `due`. `shown_hash` is the look that was set aside."""

    item_id: int
    follower_id: str
    due: str | None
    shown_hash: str


class Orders(Protocol):
    """Every move writes the log, and the attempt where it is one; the card follows the order.

    `confirmed` closes the card (`followed`); `void` brings it back to `waiting` with the reason in its note. A card
    that isn't `approved` any more is left alone.
    """

    def create(
        self, account_id: int, follower_id: str, decision_id: int, appearance_hash: str, due: str, now: datetime
    ) -> int:
        """A queued order from an approval; returns its id. `due` comes from `domain.pace.due_day`.

        Raises `AlreadyDecided` when the follower has a live order, and `StoreFailed` when the decision isn't an
        approval of this very follower: the database refuses both.
        """
        ...

    def get(self, order_id: int) -> Order:
        """Raises `UnknownFollower` when there is no such order."""
        ...

    def live_order(self, account_id: int, follower_id: str) -> Order | None:
        """The one order that is neither confirmed nor void."""
        ...

    def open(self, account_id: int, states: Collection[OrderState] = LIVE_STATES) -> list[Order]:
        """Orders in these states, by due day, then in the order they were made."""
        ...

    def counts(self, account_id: int) -> dict[OrderState, int]:
        """How many orders stand where; states without one are left out."""
        ...

    def move(self, order: Order, step: Step) -> bool:
        """Moves the order if it still stands where `order` says; False when another run was faster.

        A call that came to nothing goes to `void` in place of the queue when the approval was overruled meanwhile.
        Raises `AlreadyDecided` for a move that isn't in the table.
        """
        ...

    def void(self, order_id: int, why: str, now: datetime, actor: str = "followguard") -> bool:
        """Ends a live order and brings its card back. False when it was over already."""
        ...

    def void_unsent_of(
        self, person_id: int, account_id: int | None, why: str, now: datetime, actor: str = "followguard"
    ) -> int:
        """Voids what that person approved and that is queued, parked or handed off; returns how many.

        For one account, or for all when `account_id` is None.
        """
        ...

    def hold(self, order: Order, now: datetime) -> None:
        """It waits on, for our own pace, pause, budget or credits: that time doesn't make it lapse."""
        ...

    def release(self, order: Order, now: datetime) -> None:
        """It doesn't wait any more; what it waited is kept."""
        ...

    def taken(self, account_id: int, today: str) -> Mapping[str, int]:
        """Places taken in the pace, by ISO day from `today` on: what was carried out, and what is queued.

        An order that is overdue takes a place today.
        """
        ...

    def used(self, account_id: int, day: str) -> int:
        """Places of that ISO day that were used: orders handed off or sent then, whatever became of them."""
        ...

    def look_of(self, account_id: int, follower_id: str, appearance_hash: str) -> Profile | None:
        """What a person saw when the follower looked like that; None where its text is gone."""
        ...

    def later_cards(self, account_id: int) -> list[LaterCard]:
        """Cards that somebody set aside, the earliest first."""
        ...

    def bring_forward(self, item_id: int, note: str, now: datetime) -> bool:
        """A card that was set aside is due today, with a note that says why. False when it isn't set aside any more."""
        ...

    def close_later(self, item_id: int, why: str, now: datetime) -> bool:
        """A card that was set aside needs no decision any more. False when it isn't set aside any more."""
        ...
