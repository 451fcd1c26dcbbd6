"""Between rows of `orders` and the domain's orders: the query, and what a move changes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, func, select

from followguard.domain.order import FAILURES, REFUSALS, AttemptOutcome, Order, OrderState, Step, waited
from followguard.domain.units import day_of
from followguard.store.tables import attempts, decisions, orders


def values_of(order: Order, step: Step) -> dict[str, Any]:
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


def standing(states: Collection[OrderState]) -> Any:
    """Matches orders that are in one of these states."""
    return orders.c.state.in_([state.value for state in states])


def all_orders() -> Select[Any]:
    """Selects orders with their card, who approved them, and how often they failed since a person said to try again."""
    again = select(func.coalesce(func.max(attempts.c.id), 0)).where(
        attempts.c.order_id == orders.c.id, attempts.c.outcome == AttemptOutcome.TRY_AGAIN.value
    )
    failures = select(func.count()).where(
        attempts.c.order_id == orders.c.id,
        attempts.c.outcome.in_([outcome.value for outcome in FAILURES]),
        attempts.c.id > again.correlate(orders).scalar_subquery(),
    )
    return select(
        orders,
        decisions.c.item_id,
        decisions.c.person_id.label("approved_by"),
        _called_at().label("called_at"),
        failures.correlate(orders).scalar_subquery().label("failures"),
    ).join(decisions, decisions.c.id == orders.c.decision_id)


def _called_at() -> Any:
    """Selects the newest call about the follower that X didn't refuse, whichever order it was for."""
    call, answer, order = attempts.alias("call"), attempts.alias("answer"), orders.alias("called")
    refused = select(answer.c.id).where(
        answer.c.order_id == call.c.order_id,
        answer.c.id > call.c.id,
        answer.c.outcome.in_([outcome.value for outcome in REFUSALS]),
    )
    begun = (
        select(func.max(call.c.at))
        .join(order, order.c.id == call.c.order_id)
        .where(order.c.account_id == orders.c.account_id, order.c.follower_id == orders.c.follower_id)
        .where(call.c.outcome == AttemptOutcome.SENDING.value, ~refused.exists())
    )
    return begun.correlate(orders).scalar_subquery()


def order_of(row: Row[Any]) -> Order:
    """Makes an order from a row of `all_orders`."""
    return Order(
        id=row.id,
        account_id=row.account_id,
        follower_id=row.follower_id,
        item_id=row.item_id,
        decision_id=row.decision_id,
        approved_by=row.approved_by,
        appearance_hash=row.appearance_hash,
        state=OrderState(row.state),
        created_at=row.created_at,
        updated_at=row.updated_at,
        due=row.due,
        waited_seconds=row.waited_seconds,
        waiting_since=row.waiting_since,
        handed_off_at=row.handed_off_at,
        sent_at=row.sent_at,
        called_at=row.called_at,
        confirmed_at=row.confirmed_at,
        why=row.why,
        failures=row.failures,
    )
