"""What a person says they did about a follower who was handed to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from followguard.domain.card import FoundFollower
from followguard.domain.order import Attempt, AttemptOutcome, Order, OrderState, Step
from followguard.domain.person import Person
from followguard.domain.policy import Policy
from followguard.domain.units import day_of
from followguard.errors import AlreadyDecided
from followguard.following.pace import due_day, next_due_day
from followguard.following.store import Orders
from followguard.following.unfollow_store import Unfollows
from followguard.store.log import Log
from followguard.store.work import Work


class MarkedAs(StrEnum):
    """The marks that a person can give. `unfollowed` is about a follow whose approval was overruled, and no order."""

    FOLLOWED = "followed"
    COULD_NOT = "could-not"
    SKIP = "skip"
    UNFOLLOWED = "unfollowed"


@dataclass(frozen=True, slots=True)
class MarkRule:
    """From which states a mark is possible, and what it makes of the order."""

    states: frozenset[OrderState]
    to: OrderState
    outcome: AttemptOutcome
    why: str | None = None


_S = OrderState
MEANINGS: Mapping[MarkedAs, MarkRule] = MappingProxyType(
    {
        MarkedAs.FOLLOWED: MarkRule(
            frozenset({_S.QUEUED, _S.HANDED_OFF, _S.PARKED}), _S.SENT, AttemptOutcome.FOLLOWED_BY_HAND
        ),
        MarkedAs.COULD_NOT: MarkRule(
            frozenset({_S.QUEUED, _S.HANDED_OFF, _S.PARKED, _S.SENT}),
            _S.VOID,
            AttemptOutcome.COULD_NOT,
            "A person tried and could not follow them. Reject, or approve to try again.",
        ),
        MarkedAs.SKIP: MarkRule(
            frozenset({_S.QUEUED, _S.HANDED_OFF}), _S.QUEUED, AttemptOutcome.SKIPPED, "Skipped for the day."
        ),
    }
)
TRY_AGAIN = MarkRule(frozenset({_S.PARKED}), _S.QUEUED, AttemptOutcome.TRY_AGAIN, "A person looked: to be tried again.")
"""What `skip` means for an order that needs help: it is queued anew and its failures are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The order as it stands now."""

    order: Order
    mark: MarkedAs


def mark(work: Work, order: Order, said: MarkedAs, policy: Policy, actor: str, now: datetime) -> Marked:
    """Records it. Raises `AlreadyDecided` where the order stands so that this can't be said of it."""
    meaning = TRY_AGAIN if said is MarkedAs.SKIP and order.state is OrderState.PARKED else MEANINGS[said]
    due = None
    if meaning.to is OrderState.QUEUED:
        find = due_day if meaning is TRY_AGAIN else next_due_day
        taken = Orders(work).taken(order.account_id, day_of(now))
        due = find(taken, policy.max_follow_backs_per_day, now)
    attempt = Attempt(executor="person", outcome=meaning.outcome)
    step = Step(to=meaning.to, now=now, actor=actor, why=meaning.why, attempt=attempt, due=due)
    if order.state not in meaning.states or not Orders(work).move(order, step):
        raise AlreadyDecided(
            f"The order for follower {order.follower_id} is {order.state.value}: it can't be marked {said.value}.",
            f"See where it stands: followguard review show {order.follower_id}",
        )
    return Marked(order=Orders(work).get(order.id), mark=said)


def live_order_of(work: Work, account_id: int, follower_id: str) -> Order:
    """Returns the order that a mark is about. Raises `AlreadyDecided` when there is none."""
    order = Orders(work).live_order(account_id, follower_id)
    if order is None:
        raise AlreadyDecided(
            f"Follower {follower_id} has no open follow order.",
            f"See what was decided: followguard review show {follower_id}",
        )
    return order


def mark_unfollowed(work: Work, found: FoundFollower, person: Person, now: datetime) -> None:
    """Records that a person has unfollowed somebody by hand. Raises `AlreadyDecided` when nothing was listed."""
    if not Unfollows(work).end(found.account_id, found.follower_id, "a person unfollowed them", now):
        raise AlreadyDecided(
            f"Follower {found.follower_id} isn't listed for unfollowing.",
            "That list has those whose approval was overruled: followguard review overrule FOLLOWER --reason spam",
        )
    payload = {"item": found.item, "follower_id": found.follower_id}
    Log(work).append(now, "unfollow.marked", found.account, person.pseudonym, payload)
