"""Each night: open orders and put-off cards that are due are looked up again, because the list read won't show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from followguard.accounts.store import Accounts
from followguard.domain.card import CONNECTION_CLOSES, LEFT
from followguard.domain.follower import Observation
from followguard.domain.order import OrderState, Unfollow
from followguard.domain.units import day_of
from followguard.errors import FollowguardError, XError
from followguard.followers.look_up import FollowContext, LookAgain, recorded_sights
from followguard.followers.store import Followers
from followguard.following.checks import SETTLING, difference
from followguard.following.later_store import LaterCard, LaterCards
from followguard.following.settle import settle
from followguard.following.store import Orders
from followguard.following.unfollow_store import Unfollows
from followguard.store.work import Work
from followguard.x.contract import FollowerReader

MOST_URGENT_FIRST = (
    OrderState.SENDING,
    OrderState.SENT,
    OrderState.HANDED_OFF,
    OrderState.QUEUED,
    OrderState.PARKED,
)
FOLLOWED = ("following", "follow_request_sent")
"""X's words for a follow, or for a request that stands; both are taken back by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Somebody whom the account follows without an order of ours."""

    follower_id: str
    username: str | None


@dataclass(slots=True, kw_only=True)
class Rechecked:
    """The profiles read and the result: `moved` counts orders by where they went.

    `error` stopped it; what came before is saved.
    """

    lookups: int = 0
    requests: int = 0
    cost_micro: int = 0
    moved: Counter[OrderState] = field(default_factory=Counter)
    later_closed: int = 0
    later_forward: int = 0
    strangers: list[Stranger] = field(default_factory=list)
    error: FollowguardError | None = None

    @property
    def confirmed(self) -> int:
        """Orders that X shows as followed."""
        return self.moved[OrderState.CONFIRMED]

    @property
    def void(self) -> int:
        """Orders whose cards came back."""
        return self.moved[OrderState.VOID]


def recheck(desk: FollowContext, reader: FollowerReader) -> Rechecked:
    """Looks up orders, then put-off cards, as far as the budget goes. What X refuses stands in `error`."""
    result, look = Rechecked(), LookAgain(desk=desk, reader=reader)
    _end_waits(desk)
    _review_later(desk, result)
    try:
        _recheck_orders(desk, look, result)
        recheck_unfollows(desk, look)
        _recheck_later(desk, look, result)
    except XError as error:
        result.error = error
    result.lookups, result.requests, result.cost_micro = look.lookups, look.requests, look.cost_micro
    return result


def expected_lookups(work: Work, account_id: int, today: str) -> int:
    """Tells how many profiles tonight's recheck will look up, for the forecast."""
    later = len(_unread_since_due(work, account_id, today))
    orders = {order.follower_id for order in Orders(work).open(account_id)}
    overruled = {each.follower_id for each in Unfollows(work).open(account_id)}
    return len(orders | overruled) + later


def _end_waits(desk: FollowContext) -> None:
    """Books what each order waited; while the account is paused it waits on."""
    now = desk.clock()
    with desk.store.begin() as work:
        paused = Accounts(work).ensure(desk.account.handle, now).paused_at is not None
        wait = Orders(work).hold if paused else Orders(work).release
        for order in Orders(work).open(desk.account.id, {OrderState.QUEUED}):
            if paused or (order.waiting_since and order.due <= day_of(now)):
                wait(order, now)


def _recheck_orders(desk: FollowContext, look: LookAgain, result: Rechecked) -> None:
    with desk.store.begin() as work:
        open_orders = {order.follower_id: order for order in Orders(work).open(desk.account.id)}
    ids = sorted(open_orders, key=lambda i: MOST_URGENT_FIRST.index(open_orders[i].state))
    for part in look.sights(ids):
        for follower_id, sight in part.items():
            with desk.store.begin() as work:
                order = Orders(work).get(open_orders[follower_id].id)
                if order.state in MOST_URGENT_FIRST:
                    to = settle(work, desk, order, sight, "recheck").to
                    result.moved.update([to] if to else [])


def _recheck_later(desk: FollowContext, look: LookAgain, result: Rechecked) -> None:
    """Looks up followers whose cards came due since they were last read."""
    with desk.store.begin() as work:
        cards = {card.follower_id: card for card in _unread_since_due(work, desk.account.id, day_of(desk.clock()))}
    for part in look.sights(list(cards)):
        with desk.store.begin() as work:
            for follower_id, sight in part.items():
                _judge_later(work, desk, cards[follower_id], sight, result)


def _review_later(desk: FollowContext, result: Rechecked) -> None:
    """Brings put-off cards forward whose followers changed or left, as other look-ups showed."""
    with desk.store.begin() as work:
        cards = LaterCards(work).open(desk.account.id)
        sights = recorded_sights(work, desk.account.id, [card.follower_id for card in cards])
        for card in cards:
            _judge_later(work, desk, card, sights[card.follower_id], result)


def _judge_later(work: Work, desk: FollowContext, card: LaterCard, sight: Observation, result: Rechecked) -> None:
    """Closes a card without anything left to decide; brings one forward that shows somebody else now."""
    now = desk.clock()
    why = LEFT if sight.follows_us is False else next((word for word in CONNECTION_CLOSES if sight.has(word)), None)
    if why is not None:
        result.later_closed += LaterCards(work).close(card.item_id, why, now)
        if why == "following":
            result.strangers.append(Stranger(follower_id=card.follower_id, username=sight.profile.username))
    elif card.due is not None and card.due > day_of(now) and sight.profile.appearance_hash() != card.shown_hash:
        before = Orders(work).look_of(desk.account.id, card.follower_id, card.shown_hash)
        note = f"Back before {card.due}: {difference(before, sight.profile)}."
        result.later_forward += LaterCards(work).bring_forward(card.item_id, note, now)


def _unread_since_due(work: Work, account_id: int, today: str) -> Sequence[LaterCard]:
    due = [card for card in LaterCards(work).open(account_id) if card.due is not None and card.due <= today]
    presence = Followers(work).presence(account_id, [card.follower_id for card in due])
    return [card for card in due if day_of(presence[card.follower_id].last_seen_at) < (card.due or today)]


def recheck_unfollows(desk: FollowContext, look: LookAgain) -> None:
    """Looks up overruled follows that no order has looked up tonight. Raises `XError`, `BudgetUsedUp`."""
    with desk.store.begin() as work:
        open_ones = {each.follower_id: each for each in Unfollows(work).open(desk.account.id)}
    seen = {follower_id: look.seen[follower_id] for follower_id in open_ones if follower_id in look.seen}
    _judge_unfollows(desk, seen)
    for part in look.sights([follower_id for follower_id in open_ones if follower_id not in seen]):
        _judge_unfollows(desk, part)


def _judge_unfollows(desk: FollowContext, sights: dict[str, Observation]) -> None:
    """Judges by what the list says now: a person may have taken somebody off it meanwhile."""
    if not sights:
        return
    with desk.store.begin() as work:
        for each in Unfollows(work).open(desk.account.id):
            if (sight := sights.get(each.follower_id)) is not None:
                _judge_unfollow(work, each, sight, desk.clock())


def _judge_unfollow(work: Work, each: Unfollow, sight: Observation, now: datetime) -> None:
    if any(sight.has(word) for word in FOLLOWED):
        Unfollows(work).make_certain(each.decision_id)
    elif sight.gone or (each.order is None and sight.connection is not None and now - each.since > SETTLING):
        Unfollows(work).end(each.account_id, each.follower_id, "X shows that the account doesn't follow them", now)
