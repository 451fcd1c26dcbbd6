"""Overruling: an approver turns a decision at any time, also after the hand-off. One more row; nothing is changed.

With a reason it says not to follow: no order is made or carried out from the approval any more, and a follow already
made is listed for unfollowing by hand. Without one it says that a rejected account is real, and the card comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from followguard.accounts.people import require_role
from followguard.domain.card import Card, ItemState, name_of
from followguard.domain.decision import Choice, Decision, DecisionResult, Settled, last_decisive
from followguard.domain.labels import SPAM_REASONS, Kind, RejectReason
from followguard.domain.order import LIVE_STATES, UNFOLLOW_ADDRESS, Order, OrderState, Step
from followguard.domain.person import Person
from followguard.errors import AlreadyDecided, NothingToUndo, UsageError
from followguard.followers.find_store import find_item
from followguard.following.store import Orders
from followguard.following.unfollow_store import Unfollows
from followguard.review.decide import Hand, known_person, locked_card, record
from followguard.review.refusals import what_was_done
from followguard.review.store import Decisions
from followguard.store.work import Work

WHY = "The approval was overruled."
TURNED_BACK = "the overrule was overruled or taken back"
PERHAPS_FOLLOWED = frozenset({OrderState.HANDED_OFF, OrderState.SENDING})
FOLLOWED = frozenset({OrderState.SENT, OrderState.CONFIRMED})
ENDED_AT_ONCE = frozenset({OrderState.QUEUED, OrderState.PARKED, OrderState.HANDED_OFF})
"""A call that is under way, or was taken by X, is settled by looking."""
_BY_HAND = f"If @{{account}} follows them, unfollow by hand: {UNFOLLOW_ADDRESS}{{follower}}"
THEN: Mapping[OrderState, str] = MappingProxyType(
    {
        OrderState.QUEUED: "Their follow order is void.",
        OrderState.PARKED: "Their follow order is void.",
        OrderState.HANDED_OFF: f"Their link had been handed out; it is void now. {_BY_HAND}",
        OrderState.SENDING: f"The call to follow them is under way and can't be stopped. {_BY_HAND}",
        OrderState.SENT: f"They were followed already. {_BY_HAND}",
        OrderState.CONFIRMED: f"They were followed already. {_BY_HAND}",
    }
)
"""What an overrule does, by where the follow order stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The person's wish: `reason` not to follow them, or none for "a real account"."""

    reason: RejectReason | None = None
    real: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One card under one person's hand, inside a transaction; `history` before anything was added."""

    work: Work
    hand: Hand
    card: Card
    person: Person
    history: Sequence[Decision]


def overrule(hand: Hand, follower: str, wish: Turn) -> DecisionResult:
    """Overrules the newest approval, rejection or overrule about one follower that stands; one transaction.

    Raises `UsageError` for an approval without a reason, `NothingToUndo` where nothing was decided, `AlreadyDecided`
    where it says the same already, `MissingRole`, `UnknownFollower`.
    """
    if wish.real and wish.reason in SPAM_REASONS:
        raise UsageError("A spam account isn't a real account.", "Leave out --real, or give another reason.")
    with hand.store.begin() as work:
        known_person(work, hand, "approver")
        item = find_item(work, follower, hand.account, hand.accounts)
        card = locked_card(work, hand, item)
        person = require_role(work, hand.by, "approver", card.account)
        scene = Scene(work=work, hand=hand, card=card, person=person, history=Decisions(work).history(item))
        before = _checked(scene, wish)
        choice = Choice(kind=Kind.OVERRULE, reason=wish.reason, real=wish.real or wish.reason is None)
        decision_id = record(work, hand, card, person, choice, before.id)
        if wish.reason is None:
            settled, then = _welcomed(scene), ""
        else:
            settled, then = _barred(scene, decision_id, before)
        Decisions(work).turn(item, settled, hand.now)
        return DecisionResult(
            item=item,
            account=card.account,
            follower_id=card.follower_id,
            state=settled.state,
            decision=Kind.OVERRULE,
            decision_id=decision_id,
            username=card.profile.username,
            then=then or _WELCOME[settled.state],
        )


_WELCOME = {
    ItemState.WAITING: "They count as a real account. To follow them back, an approver approves the card.",
    ItemState.APPROVED: "They count as a real account; their follow stands.",
    ItemState.CLOSED: "They count as a real account; we followed them back.",
    ItemState.REJECTED: "They stay rejected.",
}


def taken_back(work: Work, hand: Hand, card: Card, history: Sequence[Decision], overruling: Decision) -> None:
    """Puts the card back as before the overrule, as far as orders allow: what was voided stays void."""
    before = last_decisive(history, before=overruling.id)
    if before is None or not before.bars:
        note = f"An overrule was taken back ({hand.today}). Approve to follow back."
        settled = _by_order(history, hand.today, note)
        Unfollows(work).end(card.account_id, card.follower_id, TURNED_BACK, hand.now)
    else:
        settled = Settled(state=ItemState.REJECTED, due=card.due)
        if not overruling.bars:
            Unfollows(work).resume(before.id, TURNED_BACK)
    Decisions(work).turn(card.item, settled, hand.now)


def _checked(scene: Scene, wish: Turn) -> Decision:
    """Returns the decision that is overruled."""
    card, before = scene.card, last_decisive(scene.history)
    if before is None:
        message = f"Nothing was decided about {name_of(card)} that could be overruled."
        raise NothingToUndo(message, f"Decide about it: followguard review show item:{card.item}")
    if not before.bars and wish.reason is None:
        message = f"{name_of(card)} was {what_was_done(before)}; overruling that takes a reason."
        raise UsageError(message, "Add --reason spam (or another; see --help).")
    if (wish.reason, wish.real) == (before.reason, before.real) and card.state is ItemState.REJECTED:
        raise AlreadyDecided(
            f"{name_of(card)} is {what_was_done(before)} already.",
            f"If the account is real, leave out --reason: followguard review overrule item:{card.item}",
        )
    return before


def _welcomed(scene: Scene) -> Settled:
    """Overrules a rejection."""
    card, hand = scene.card, scene.hand
    Unfollows(scene.work).end(card.account_id, card.follower_id, TURNED_BACK, hand.now)
    note = f"{scene.person.name} overruled the rejection ({hand.today}): a real account. Approve to follow back."
    return _by_order(scene.history, hand.today, note)


def _by_order(history: Sequence[Decision], today: str, note: str) -> Settled:
    """Tells where a card belongs that nothing bars: with its follow, if that was made or is under way."""
    states = {OrderState(each.order_state) for each in history if each.order_state}
    if states & LIVE_STATES:
        return Settled(state=ItemState.APPROVED, due=today)
    if OrderState.CONFIRMED in states:
        return Settled(state=ItemState.CLOSED, due=None, closed_why="followed")
    return Settled(state=ItemState.WAITING, due=today, note=note)


def _barred(scene: Scene, decision_id: int, before: Decision) -> tuple[Settled, str]:
    """Overrules an approval, or the reason of a rejection; the card goes first, for a void order brings it back."""
    work, card, now = scene.work, scene.card, scene.hand.now
    settled = Settled(state=ItemState.REJECTED, due=card.due)
    Decisions(work).turn(card.item, settled, now)
    if before.bars:
        return settled, ""
    order = Orders(work).live_order(card.account_id, card.follower_id)
    state = order.state if order else _ended_as(scene.history)
    if order is not None:
        _end(scene, order)
    if state in PERHAPS_FOLLOWED | FOLLOWED:
        Unfollows(work).add(decision_id, state in FOLLOWED, now)
    words = THEN[state] if state else "Nobody had followed them."
    return settled, words.format(account=card.account, follower=card.follower_id)


def _ended_as(history: Sequence[Decision]) -> OrderState | None:
    """Returns `confirmed` where the follower was followed, whichever of the approvals that was."""
    followed = any(each.order_state == OrderState.CONFIRMED for each in history)
    return OrderState.CONFIRMED if followed else None


def _end(scene: Scene, order: Order) -> None:
    """Voids what is open. Raises `AlreadyDecided` when another run moved it meanwhile."""
    step = Step(to=OrderState.VOID, now=scene.hand.now, actor=scene.person.pseudonym, why=WHY)
    if order.state in ENDED_AT_ONCE and not Orders(scene.work).move(order, step):
        raise AlreadyDecided(f"The order for {name_of(scene.card)} has just moved.", "Run the same command again.")
