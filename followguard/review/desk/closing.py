"""How an account stands when a sitting at the desk ends: what still waits, and what follow-back would do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from followguard.accounts.accounts import executor_in_force
from followguard.accounts.store import Accounts
from followguard.domain.order import Order, OrderState
from followguard.domain.policy import AccountSettings, Executor
from followguard.domain.units import day_of
from followguard.followers.look_up import recorded_sights
from followguard.following.pace import slow_words
from followguard.following.store import Orders
from followguard.review.card_list import ListFilter, cards_of
from followguard.screening.queue_store import Queue
from followguard.screening.standing import standing_of, waits_words
from followguard.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """One account's orders at the end. `ready`: due now; `fresh` of them were read within 24 hours.

    `by_hand`: they become links for a person. `paused_at`: since when nobody is followed, None where it goes on.
    `slow`: what to say where our pace puts the last order off for longer than an approval lasts, else empty.
    `untested`: the same where holding back waits for nothing but a blind test.
    """

    account: str
    due: int
    later: int
    next_day: str | None
    held_back: int
    ready: int
    queued_later: int
    fresh: int
    by_hand: bool
    paused_at: datetime | None
    slow: str = ""
    untested: str = ""


def rest_of(work: Work, settings: AccountSettings, now: datetime) -> Rest:
    """Reads how one account stands, from what is recorded."""
    today, account = day_of(now), Accounts(work).ensure(settings.handle, now)
    cards = Queue(work).undecided(account.id, now)
    seen = [card for card in cards if not card.hidden]
    due = len(cards_of(work, [settings], ListFilter(), now))
    days = [card.due for card in seen if card.due is not None and card.due > today]
    orders = Orders(work).open(account.id, {OrderState.QUEUED})
    ready = [order for order in orders if order.due <= today]
    return Rest(
        account=settings.handle,
        due=due,
        later=len(seen) - due,
        next_day=min(days, default=None),
        held_back=len(cards) - len(seen),
        ready=len(ready),
        queued_later=len(orders) - len(ready),
        fresh=_fresh(work, account.id, ready, now),
        by_hand=executor_in_force(settings, account) is Executor.HANDOFF,
        paused_at=account.paused_at,
        slow=_slow(orders, settings, today),
        untested=waits_words(settings.handle, standing_of(work, account.id, settings.policy, now)),
    )


def _slow(orders: Sequence[Order], settings: AccountSettings, today: str) -> str:
    last = max((order.due for order in orders), default=None)
    policy = settings.policy
    if last is None:
        return ""
    words = slow_words(last, today, policy.max_follow_backs_per_day, policy.order_lapses_days)
    return (
        f"The last of them can be followed on {last}. {words}" if words and policy.max_follow_backs_per_day else words
    )


def _fresh(work: Work, account_id: int, orders: Sequence[Order], now: datetime) -> int:
    sights = recorded_sights(work, account_id, [order.follower_id for order in orders])
    return sum(sight.fresh(now) for sight in sights.values())
