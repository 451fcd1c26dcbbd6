"""Follow orders: each move is one conditional update, with its attempt, its log entry and its card."""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from followguard.domain.follower import Profile
from followguard.domain.labels import Kind
from followguard.domain.order import (
    FAILURES,
    FOLLOWS,
    LIVE_STATES,
    RECALLABLE_STATES,
    REFUSALS,
    UNSENT_STATES,
    Attempt,
    AttemptOutcome,
    Order,
    OrderState,
    Step,
    check_move,
    columns_after,
    waited,
)
from followguard.domain.units import bounds_of, day_of
from followguard.errors import AlreadyDecided, UnknownFollower
from followguard.store.log import Log
from followguard.store.tables import accounts, attempts, decisions, items, orders, people, snapshots
from followguard.store.tables.conditions import STANDS
from followguard.store.values import profile_of
from followguard.store.work import Queries, made


class Orders(Queries):
    """Follow orders: each move writes the log, and the attempt where it is one; the card follows the order.

    `confirmed` closes the card (`followed`); `void` brings it back to `waiting` with the reason in its note. A card
    that isn't `approved` any more is left alone.
    """

    # --- finding ----------------------------------------------------------------------------------------------------
    def get(self, order_id: int) -> Order:
        """Returns the order. Raises `UnknownFollower` when there is none of that id."""
        row = self._connection.execute(_ORDERS.where(orders.c.id == order_id)).one_or_none()
        if row is None:
            raise UnknownFollower(f"There is no follow order {order_id}.", "List them: followguard follow-back --json")
        return _order_of(row)

    def live_order(self, account_id: int, follower_id: str) -> Order | None:
        """Returns the follower's one order that is neither confirmed nor void."""
        query = _ORDERS.where(
            orders.c.account_id == account_id, orders.c.follower_id == follower_id, _standing(LIVE_STATES)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _order_of(row)

    def open(self, account_id: int, states: Collection[OrderState] = LIVE_STATES) -> list[Order]:
        """Returns orders in these states, by due day, then in the order they were made."""
        query = _ORDERS.where(orders.c.account_id == account_id, _standing(states))
        rows = self._connection.execute(query.order_by(orders.c.due, orders.c.id))
        return [_order_of(row) for row in rows]

    def counts(self, account_id: int) -> dict[OrderState, int]:
        """Counts the orders in each state; states without one are left out."""
        query = select(orders.c.state, func.count()).where(orders.c.account_id == account_id)
        rows = self._connection.execute(query.group_by(orders.c.state))
        return {OrderState(state): number for state, number in rows}

    def look_of(self, account_id: int, follower_id: str, appearance_hash: str) -> Profile | None:
        """Returns what a person saw when the follower looked like that; None where its text is gone."""
        query = select(snapshots).where(
            snapshots.c.account_id == account_id,
            snapshots.c.follower_id == follower_id,
            snapshots.c.appearance_hash == appearance_hash,
            snapshots.c.text_cleared_at.is_(None),
        )
        row = self._connection.execute(query.order_by(snapshots.c.id.desc()).limit(1)).one_or_none()
        return None if row is None else profile_of(row._mapping)

    # --- making and moving ------------------------------------------------------------------------------------------
    def create(
        self, account_id: int, follower_id: str, decision_id: int, appearance_hash: str, due: str, now: datetime
    ) -> int:
        """Makes a queued order from an approval and returns its id. `due` comes from `following.pace.due_day`.

        Raises `AlreadyDecided` when the follower has a live order, and `StoreFailed` when the decision isn't an
        approval of this very follower: the database refuses both.
        """
        if self.live_order(account_id, follower_id) is not None:
            raise AlreadyDecided(
                f"Follower {follower_id} has a follow order already.",
                f"See where it stands: followguard review show {follower_id}",
            )
        waits = now if due > day_of(now) else None
        values = {
            "account_id": account_id,
            "follower_id": follower_id,
            "decision_id": decision_id,
            "decision_kind": "approve",
            "appearance_hash": appearance_hash,
            "state": OrderState.QUEUED.value,
            "created_at": now,
            "due": due,
            "waiting_since": waits,
            "updated_at": now,
        }
        order_id = int(made(self._covered.insert(insert(orders).values(values), now)).id)
        order = self.get(order_id)
        self._write_log(order, Step(to=OrderState.QUEUED, now=now, actor=self._approver(order)), None)
        return order.id

    def move(self, order: Order, step: Step) -> bool:
        """Moves the order if it still stands where `order` says; False when another run was faster.

        A call that came to nothing goes to `void` in place of the queue when the approval was overruled meanwhile.
        Raises `AlreadyDecided` for a move that isn't in the table.
        """
        check_move(order, step.to)
        step = self._unless_overruled(order, step)
        statement = update(orders).where(orders.c.id == order.id, orders.c.state == order.state.value)
        if self._covered.update(statement.values(columns_after(order, step)), step.now) != 1:
            return False
        if step.attempt is not None:
            self._write_attempt(order.id, step.attempt, step.now)
        if step.to is not OrderState.SENDING:
            self._write_log(order, step, order.state)
        self._bring_card_along(order, step)
        return True

    def void(self, order_id: int, why: str, now: datetime, actor: str = "followguard") -> bool:
        """Ends a live order and brings its card back. False when it was over already."""
        order = self.get(order_id)
        if order.state not in LIVE_STATES:
            return False
        return self.move(order, Step(to=OrderState.VOID, now=now, actor=actor, why=why))

    def void_unsent_of(
        self, person_id: int, account_id: int | None, why: str, now: datetime, actor: str = "followguard"
    ) -> int:
        """Voids what that person approved and that is queued, parked or handed off; returns how many.

        For one account, or for all when `account_id` is None.
        """
        query = _ORDERS.where(decisions.c.person_id == person_id, _standing(UNSENT_STATES))
        if account_id is not None:
            query = query.where(orders.c.account_id == account_id)
        step = Step(to=OrderState.VOID, now=now, actor=actor, why=why)
        found = [_order_of(row) for row in self._connection.execute(query.order_by(orders.c.id)).all()]
        return sum(self.move(order, step) for order in found)

    # --- pace -------------------------------------------------------------------------------------------------------
    def hold(self, order: Order, now: datetime) -> None:
        """Lets an order wait for our own pace, pause, budget or credits: that time doesn't make it lapse."""
        self._wait(order, now, waiting_since=now)

    def release(self, order: Order, now: datetime) -> None:
        """Ends the wait of an order; what it waited is kept."""
        self._wait(order, now, waiting_since=None)

    def taken(self, account_id: int, today: str) -> Mapping[str, int]:
        """Counts the places taken in the pace, by ISO day from `today` on: what was carried out, and what is queued.

        An order that is overdue takes a place today.
        """
        query = select(orders.c.due, func.count()).where(
            orders.c.account_id == account_id, orders.c.state == OrderState.QUEUED.value
        )
        places = {today: self.used(account_id, today)}
        for due, number in self._connection.execute(query.group_by(orders.c.due)):
            day = max(due, today)
            places[day] = places.get(day, 0) + number
        return places

    def used(self, account_id: int, day: str) -> int:
        """Counts the places used on that ISO day: orders handed off or sent then, whatever became of them."""
        start, end = bounds_of(day)
        query = (
            select(func.count(func.distinct(attempts.c.order_id)))
            .select_from(attempts.join(orders, orders.c.id == attempts.c.order_id))
            .where(
                orders.c.account_id == account_id,
                attempts.c.outcome.in_([outcome.value for outcome in FOLLOWS]),
                attempts.c.at >= start,
                attempts.c.at < end,
            )
        )
        return int(self._connection.execute(query).scalar_one())

    # --- inside -----------------------------------------------------------------------------------------------------
    def _unless_overruled(self, order: Order, step: Step) -> Step:
        """Turns a call that came to nothing into `void` once the approval was overruled: it isn't tried again."""
        if step.to not in RECALLABLE_STATES or order.state is not OrderState.SENDING:
            return step
        later = select(decisions.c.id).where(
            decisions.c.item_id == order.item_id,
            decisions.c.id > order.decision_id,
            decisions.c.kind == Kind.OVERRULE.value,
            STANDS,
        )
        if self._connection.execute(later.limit(1)).one_or_none() is None:
            return step
        return replace(step, to=OrderState.VOID, why="The approval was overruled.", note=None, due=None)

    def _wait(self, order: Order, now: datetime, waiting_since: datetime | None) -> None:
        values = {"waited_seconds": waited(order, now), "waiting_since": waiting_since, "updated_at": now}
        statement = update(orders).where(orders.c.id == order.id, orders.c.state == OrderState.QUEUED.value)
        self._covered.update(statement.values(values), now)

    def _bring_card_along(self, order: Order, step: Step) -> None:
        """Moves an `approved` card with its order; any other went its own way. One that comes back is shown."""
        if step.to is OrderState.CONFIRMED:
            values: dict[str, Any] = {"state": "closed", "closed_why": "followed"}
        elif step.to is OrderState.VOID:
            note, due = step.note or step.why, day_of(step.now)
            values = {"state": "waiting", "note": note, "due": due, "held_back": False}
        else:
            return
        statement = update(items).where(items.c.id == order.item_id, items.c.state == "approved")
        self._connection.execute(statement.values(values | {"updated_at": step.now}))

    def _write_attempt(self, order_id: int, attempt: Attempt, now: datetime) -> None:
        values = {
            "order_id": order_id,
            "at": now,
            "executor": attempt.executor,
            "outcome": attempt.outcome.value,
            "detail": attempt.detail,
        }
        self._covered.insert(insert(attempts).values(values), now)

    def _write_log(self, order: Order, step: Step, before: OrderState | None) -> None:
        payload = {
            "order": order.id,
            "item": order.item_id,
            "follower_id": order.follower_id,
            "from": None if before is None else before.value,
            "check": step.check,
            "outcome": None if step.attempt is None else step.attempt.outcome.value,
        }
        handle = select(accounts.c.handle).where(accounts.c.id == order.account_id)
        account = self._connection.execute(handle).scalar_one()
        Log(self._work).append(step.now, f"order.{step.to.value}", account, step.actor, payload)

    def _approver(self, order: Order) -> str:
        query = select(people.c.pseudonym).where(people.c.id == order.approved_by)
        return str(self._connection.execute(query).scalar_one())


def _standing(states: Collection[OrderState]) -> Any:
    """Matches orders that are in one of these states."""
    return orders.c.state.in_([state.value for state in states])


def _all_orders() -> Select[Any]:
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


_ORDERS = _all_orders()


def _order_of(row: Row[Any]) -> Order:
    """Makes an order from a row of `_ORDERS`."""
    values = {field.name: getattr(row, field.name) for field in fields(Order)}
    return Order(**values | {"state": OrderState(row.state)})
