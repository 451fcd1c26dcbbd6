"""What follow-back tells about single orders: the rows of its lists."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from followguard.domain.follower import Observation
from followguard.domain.order import LIVE_STATES, Order, OrderState
from followguard.following.store import Orders
from followguard.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One follow for a person to make. `handed_off_at`: when the list was first opened with it, `again`: not now."""

    item: int
    follower_id: str
    username: str | None
    url: str
    checked_at: datetime
    handed_off_at: datetime
    again: bool

    def as_json(self) -> dict[str, Any]:
        """Returns one of `handed_off`."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order that was sent, parked, confirmed or skipped: where it stands now, and why.

    `failed`: skipped because X couldn't be asked or an attempt failed, so that it isn't anybody's decision.
    """

    item: int
    follower_id: str
    username: str | None
    state: OrderState
    why: str | None = None
    failed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Returns one of `sent`, `parked`, `skipped` and `confirmed`."""
        return {
            "item": self.item,
            "follower_id": self.follower_id,
            "username": self.username,
            "state": self.state.value,
            "why": self.why,
        }


def row_of(
    order: Order,
    sight: Observation | None,
    why: str | None = None,
    *,
    to: OrderState | None = None,
    failed: bool = False,
) -> OrderRow:
    """Returns a row for an order that went `to` (None: it stayed). Without a sight its username isn't known."""
    return OrderRow(
        item=order.item_id,
        follower_id=order.follower_id,
        username=sight.profile.username if sight else None,
        state=to or order.state,
        why=why,
        failed=failed,
    )


def orders_standing(work: Work, account_id: int) -> tuple[int, int]:
    """Returns how many orders are open, and how many of those need help."""
    standing = Orders(work).counts(account_id)
    return sum(number for state, number in standing.items() if state in LIVE_STATES), standing.get(OrderState.PARKED, 0)
