"""Follow orders: what an approval becomes, and the only ways it may go from there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from followguard.domain.card import PROFILE_ADDRESS
from followguard.domain.units import day_of, start_of
from followguard.errors import AlreadyDecided


class OrderState(StrEnum):
    """Where a follow order stands. `confirmed` and `void` are final, the others are live."""

    QUEUED = "queued"
    HANDED_OFF = "handed_off"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"
    CONFIRMED = "confirmed"
    VOID = "void"


LIVE_STATES = frozenset(OrderState) - {OrderState.CONFIRMED, OrderState.VOID}
RECALLABLE_STATES = frozenset({OrderState.QUEUED, OrderState.PARKED})
"""States before anything was sent and before the link was shown: an undo may still void the order."""
UNSENT_STATES = RECALLABLE_STATES | {OrderState.HANDED_OFF}
"""No call was made, and nobody said that they followed: ends when who approved it may not approve any more."""

_S = OrderState
TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        _S.QUEUED: frozenset({_S.QUEUED, _S.HANDED_OFF, _S.SENDING, _S.SENT, _S.PARKED, _S.CONFIRMED, _S.VOID}),
        _S.HANDED_OFF: frozenset({_S.QUEUED, _S.SENT, _S.CONFIRMED, _S.VOID}),
        _S.SENDING: frozenset({_S.QUEUED, _S.SENT, _S.PARKED, _S.CONFIRMED, _S.VOID}),
        _S.SENT: frozenset({_S.CONFIRMED, _S.VOID}),
        _S.PARKED: frozenset({_S.QUEUED, _S.SENT, _S.CONFIRMED, _S.VOID}),
        _S.CONFIRMED: frozenset(),
        _S.VOID: frozenset(),
    }
)
"""From -> to. `queued -> queued`: put off to a later day. `queued -> sent`: a person followed by hand before the list
was opened, or X shows our request. From `sent` no way leads to another call: where the follow is gone again, a person
may have taken it back on X, and a person is asked."""


class AttemptOutcome(StrEnum):
    """The outcome of one attempt to carry an order out."""

    HANDED_OFF = "handed_off"
    SENDING = "sending"
    SENT = "sent"
    FOLLOWED_BY_HAND = "followed_by_hand"
    SKIPPED = "skipped"
    COULD_NOT = "could_not"
    TRY_AGAIN = "try_again"
    NOT_NOW = "not_now"
    REFUSED = "refused"
    FAILED = "failed"
    LOST = "lost"
    NO_EFFECT = "no_effect"


FAILURES = frozenset({AttemptOutcome.FAILED, AttemptOutcome.LOST, AttemptOutcome.NO_EFFECT})
"""Outcomes that count towards parking. The platform asking for patience doesn't."""
FAILURES_UNTIL_PARKED = 3
REFUSALS = frozenset({AttemptOutcome.REFUSED, AttemptOutcome.NOT_NOW, AttemptOutcome.FAILED})
"""X answered the call, and said that it does nothing. Any other call may have become a follow."""
FOLLOWS = frozenset({AttemptOutcome.HANDED_OFF, AttemptOutcome.SENDING, AttemptOutcome.FOLLOWED_BY_HAND})
"""Attempts that use up a place in the day's pace: each of them may have become a follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One approved follow. `due` is the ISO day (UTC) from which our pace lets it go.

    `waited_seconds` is the time spent waiting for our own pace, pause, budget or credits up to `waiting_since`;
    since then it waits on (None: it doesn't). `handed_off_at` is set while it lies with a person, and stays when the
    person has followed. `called_at`: when the newest call about this follower was begun that X didn't refuse, from
    whichever order. `failures` count since a person last said to try again.
    """

    id: int
    account_id: int
    follower_id: str
    item_id: int
    decision_id: int
    approved_by: int
    appearance_hash: str
    state: OrderState
    created_at: datetime
    updated_at: datetime
    due: str
    waited_seconds: int = 0
    waiting_since: datetime | None = None
    handed_off_at: datetime | None = None
    sent_at: datetime | None = None
    called_at: datetime | None = None
    confirmed_at: datetime | None = None
    why: str | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try. `executor`: handoff | api | recheck | person."""

    executor: str
    outcome: AttemptOutcome
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move of an order: where to, when, by whom (a pseudonym), and why.

    `note` is for the card of a void order, where it says more than `why`: only it may hold text of the profile.
    `check` names the check of `following.checks` that spoke. `due` re-dates an order that goes back to the queue.
    """

    to: OrderState
    now: datetime
    actor: str = "followguard"
    why: str | None = None
    note: str | None = None
    check: str | None = None
    attempt: Attempt | None = None
    due: str | None = None


def check_move(order: Order, to: OrderState) -> None:
    """Raises `AlreadyDecided` for a move that the table doesn't know."""
    if to not in TRANSITIONS[order.state]:
        raise AlreadyDecided(
            f"The order for follower {order.follower_id} is {order.state.value} and can't become {to.value}.",
            "See where it stands: followguard review show FOLLOWER",
        )


def waited(order: Order, now: datetime) -> int:
    """Gives the seconds that the order has waited for our own pace, pause, budget or credits until `now`.

    A wait that began before the due day ended with it: from then on nothing of ours held the order back.
    """
    if order.waiting_since is None:
        return order.waited_seconds
    due = start_of(order.due)
    until = min(due, now) if due > order.waiting_since else now
    return order.waited_seconds + max(0, int((until - order.waiting_since).total_seconds()))


def has_lapsed(order: Order, now: datetime, lapses_days: int) -> bool:
    """Tells whether the approval is older than `lapses_days`, its waits left out.

    On the very second it still holds.
    """
    return now - order.created_at - timedelta(seconds=waited(order, now)) > timedelta(days=lapses_days)


UNFOLLOW_ADDRESS = f"{PROFILE_ADDRESS}i/user/"
"""The profile by its id, whatever the username is by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollow:
    """A follow to be unfollowed by hand. `decision_id` is the overrule.

    `certain`: the follow was made; else it may have been (handed off, under way).
    `order` is the follower's live order, if one is left: what comes of it isn't known yet.
    """

    decision_id: int
    item: int
    account_id: int
    follower_id: str
    username: str | None
    certain: bool
    since: datetime
    order: OrderState | None = None

    @property
    def url(self) -> str:
        """The profile's address, for a person who is signed in as the account."""
        return f"{UNFOLLOW_ADDRESS}{self.follower_id}"

    def as_json(self) -> dict[str, Any]:
        """Returns one of `unfollow` in the JSON of `follow-back`."""
        return {
            "item": self.item,
            "follower_id": self.follower_id,
            "username": self.username,
            "url": self.url,
            "certain": self.certain,
            "since": self.since,
        }


def columns_after(order: Order, step: Step) -> dict[str, Any]:
    """Returns the columns that a move changes."""
    to, now = step.to, step.now
    times: dict[OrderState, dict[str, Any]] = {
        OrderState.QUEUED: {"handed_off_at": None, "sent_at": None, "due": step.due or order.due},
        OrderState.HANDED_OFF: {"handed_off_at": now},
        OrderState.SENT: {"sent_at": now},
        OrderState.CONFIRMED: {"confirmed_at": now, "ended_at": now},
        OrderState.VOID: {"ended_at": now},
    }
    by_hand = step.attempt is not None and step.attempt.outcome is AttemptOutcome.FOLLOWED_BY_HAND
    if by_hand:
        times[OrderState.SENT]["handed_off_at"] = order.handed_off_at or now
    put_off = to is OrderState.QUEUED and (step.due or order.due) > day_of(now)
    return {
        "state": to.value,
        "why": step.why,
        "waited_seconds": waited(order, now),
        "waiting_since": now if put_off else None,
        "updated_at": now,
        **times.get(to, {}),
    }
