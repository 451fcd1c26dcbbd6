"""Taking decisions back, the newest first, to any depth: each undo is a row of its own."""

from collections.abc import Sequence

from followguard.accounts.people import require_role
from followguard.domain.card import Card, name_of
from followguard.domain.decision import RESULTS, Decision, DecisionResult, last_standing
from followguard.domain.labels import Kind
from followguard.domain.order import RECALLABLE_STATES, OrderState, Step
from followguard.domain.person import Person
from followguard.domain.wording import safe_text
from followguard.errors import AlreadyDecided, NothingToUndo
from followguard.followers.find_store import find_item
from followguard.following.store import Orders
from followguard.review.decide import ROLES, Hand, known_person, locked_card, record_undo
from followguard.review.overrule import taken_back
from followguard.review.store import Decisions
from followguard.store.work import Work

SEE_ALL = "See followguard review list --all"
OVERRULE = "An approver can turn it: followguard review overrule item:{item} --reason spam (or another)"
TOO_LATE = {
    OrderState.HANDED_OFF: (
        "is in the hand-off already",
        "If nobody followed them on X: followguard follow-back mark item:{item} --as skip. " + OVERRULE,
    ),
    OrderState.SENDING: (
        "is being followed right now",
        "See what came of it: followguard review show item:{item}. " + OVERRULE,
    ),
    OrderState.SENT: ("was followed already", OVERRULE),
    OrderState.CONFIRMED: ("was followed already", OVERRULE),
}
"""Order state -> what happened, what to do: from here on an undo comes too late."""


def undo(hand: Hand, follower: str | None) -> DecisionResult:
    """Takes back the newest decision that stands: about `follower`, or, without one, by this person.

    Raises `NothingToUndo`, and `AlreadyDecided` once the follow was handed off or sent.
    """
    with hand.store.begin() as work:
        person = known_person(work, hand)
        item = _item(work, hand, person, follower)
        card = locked_card(work, hand, item)
        history = Decisions(work).history(item)
        standing = last_standing(history)
        decision = _still_last(work, hand, person, item) if follower is None else _about(follower, standing)
        return _take_back(work, hand, card, history, decision)


def undo_one(hand: Hand, decision: Decision) -> DecisionResult:
    """Takes back this very decision, also where others about the card came after it.

    Raises `NothingToUndo` when that was done meanwhile, and what `undo` raises.
    """
    with hand.store.begin() as work:
        card = locked_card(work, hand, decision.item)
        history = Decisions(work).history(decision.item)
        now = next((each for each in history if each.id == decision.id), None)
        if now is None or not now.stands:
            raise NothingToUndo(f"{name_of(card)}: that decision is taken back already.", SEE_ALL)
        return _take_back(work, hand, card, history, now)


def _take_back(work: Work, hand: Hand, card: Card, history: Sequence[Decision], decision: Decision) -> DecisionResult:
    """Undoes a decision; only the one that stands last moves the card."""
    person = require_role(work, hand.by, ROLES[decision.kind], card.account)
    standing = last_standing(history)
    if standing is not None and standing.id == decision.id and decision.kind is Kind.OVERRULE:
        taken_back(work, hand, card, history, decision)
    elif standing is not None and standing.id == decision.id:
        Decisions(work).unsettle(card.item, RESULTS[decision.kind], hand.today, hand.now)
    if decision.kind is Kind.APPROVE:
        _recall(work, hand, card, decision, person)
    decision_id = record_undo(work, hand, card, person, decision.id)
    return DecisionResult(
        item=card.item,
        account=card.account,
        follower_id=card.follower_id,
        state=locked_card(work, hand, card.item).state_at(hand.now),
        decision=Kind.UNDO,
        decision_id=decision_id,
        username=card.profile.username,
    )


def last_decision_of(work: Work, hand: Hand) -> int | None:
    """Returns the id of the decision that `undo` without a follower would take back."""
    last = _last_by(work, hand, known_person(work, hand))
    return last.id if last else None


def _item(work: Work, hand: Hand, person: Person, follower: str | None) -> int:
    if follower is not None:
        return find_item(work, follower, hand.account, hand.accounts)
    last = _last_by(work, hand, person)
    if last is None:
        where = f" for @{hand.account}" if hand.account else ""
        raise NothingToUndo(f"{person.name} has made no decision{where} that stands.", SEE_ALL)
    return last.item


def _last_by(work: Work, hand: Hand, person: Person) -> Decision | None:
    return Decisions(work).last_by(person.id, hand.account_ids(work))


def _still_last(work: Work, hand: Hand, person: Person, item: int) -> Decision:
    """Returns the person's newest decision, read again now that the card is locked."""
    last = _last_by(work, hand, person)
    if last is None or last.item != item:
        raise NothingToUndo("That decision has just been taken back by somebody else.", "Run the same command again.")
    return last


def _about(follower: str, standing: Decision | None) -> Decision:
    if standing is None:
        shown = safe_text(follower, 60)
        raise NothingToUndo(f"No decision about {shown} stands.", SEE_ALL)
    return standing


def _recall(work: Work, hand: Hand, card: Card, decision: Decision, person: Person) -> None:
    """Ends the order that the approval made, while nothing has left the house."""
    order = Orders(work).live_order(card.account_id, card.follower_id)
    state = OrderState(decision.order_state) if decision.order_state else None
    if order is not None and order.decision_id == decision.id:
        state = order.state
        step = Step(to=OrderState.VOID, now=hand.now, actor=person.pseudonym, why="the approval was taken back")
        if state in RECALLABLE_STATES and Orders(work).move(order, step):
            return
    if state in TOO_LATE:
        what, next_step = TOO_LATE[state]
        raise AlreadyDecided(f"{name_of(card)} {what}.", next_step.format(item=card.item))
    if state is not None and state is not OrderState.VOID:
        raise AlreadyDecided(f"The order for {name_of(card)} has just moved.", "Run the same command again.")
