"""Decisions and claims: conditional updates, so that of two people exactly one wins."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, insert, or_, select, update

from followguard.domain.card import ItemState, shown_because
from followguard.domain.decision import Decision, NewDecision
from followguard.domain.labels import Kind, RejectReason
from followguard.review.approval_speed import Approval
from followguard.store.tables import accounts, decision_evidence, decisions, items, orders, people, scores
from followguard.store.tables.conditions import OPEN_STATES, STANDS, UNDOING
from followguard.store.work import Queries, made

APPROVING = (Kind.APPROVE.value, Kind.PROPOSE.value)
"""What follows somebody back, or is one of the two voices that it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The state in which a decision leaves a card."""

    state: ItemState
    due: str | None
    note: str | None = None
    closed_why: str | None = None


class Decisions(Queries):
    """Claims and decisions: conditional updates, so that exactly one person wins."""

    def claim(self, item: int, person_id: int, until: datetime, now: datetime) -> bool:
        """Takes an undecided card. False when somebody else has it, or it is decided."""
        statement = update(items).where(items.c.id == item, _open_to(person_id, now))
        return self._moved(statement.values(claimed_by=person_id, claimed_until=until))

    def release(self, person_id: int, items_held: Collection[int] | None = None) -> None:
        """Gives cards back: these, or all that the person has."""
        statement = update(items).where(items.c.claimed_by == person_id)
        if items_held is not None:
            statement = statement.where(items.c.id.in_(items_held))
        self._connection.execute(statement.values(claimed_by=None, claimed_until=None))

    def lock(self, item: int) -> None:
        """Keeps other hands off the card until the transaction ends."""
        self._connection.execute(select(items.c.id).where(items.c.id == item).with_for_update())

    def settle(self, item: int, person_id: int, settled: Settled, now: datetime) -> bool:
        """Moves an undecided card that nobody else holds. False when somebody was faster."""
        statement = update(items).where(items.c.id == item, _open_to(person_id, now))
        values = {"state": settled.state.value, "due": settled.due, "note": settled.note, "updated_at": now}
        return self._moved(statement.values(values | {"claimed_by": None, "claimed_until": None}))

    def unsettle(self, item: int, was: ItemState, due: str, now: datetime) -> bool:
        """Puts a card back to waiting if it still stands at `was`."""
        statement = update(items).where(items.c.id == item, items.c.state == was.value)
        values = {"state": ItemState.WAITING.value, "due": due, "note": None, "updated_at": now}
        return self._moved(statement.values(values | {"claimed_by": None, "claimed_until": None}))

    def record(self, decision: NewDecision) -> int:
        """Adds a decision with its evidence and returns its id."""
        statement = insert(decisions).values(_decision_values(decision) | self._inherited(decision))
        decision_id = int(made(self._covered.insert(statement, decision.at)).id)
        self._covered.insert(insert(decision_evidence).values(self._evidence_values(decision_id, decision)))
        return decision_id

    def turn(self, item: int, settled: Settled, now: datetime) -> None:
        """Moves the card from wherever it stands, for an overrule or for taking one back; not held back any more."""
        values: dict[str, Any] = {"state": settled.state.value, "due": settled.due, "note": settled.note}
        values |= {"closed_why": settled.closed_why, "held_back": False, "updated_at": now}
        values |= {"claimed_by": None, "claimed_until": None}
        self._connection.execute(update(items).where(items.c.id == item).values(values))

    def history(self, item: int) -> list[Decision]:
        """Returns every decision about a card, the oldest first."""
        query = _DECISIONS.where(decisions.c.item_id == item).order_by(decisions.c.id)
        return [_decision_of(row) for row in self._connection.execute(query)]

    def newest_approvals(self, person_id: int, number: int) -> list[datetime]:
        """Tells when the person's newest approvals and proposals were made, the newest last, taken back ones too.

        Locks the person's row: until the transaction ends, no other one records an approval by this person that asks
        here first. No foreign key needs what the lock keeps others from.
        """
        row = select(people.c.id).where(people.c.id == person_id).with_for_update(key_share=True)
        self._connection.execute(row)
        query = select(decisions.c.at).where(decisions.c.person_id == person_id, decisions.c.kind.in_(APPROVING))
        newest = self._connection.execute(query.order_by(decisions.c.id.desc()).limit(number)).scalars().all()
        return list(reversed(newest))

    def approvals(self, since: datetime | None = None) -> list[Approval]:
        """Returns everybody's approvals and proposals, in the order they were recorded."""
        query = _APPROVALS if since is None else _APPROVALS.where(decisions.c.at >= since)
        return [Approval(**row._mapping) for row in self._connection.execute(query.order_by(decisions.c.id))]

    def made_by(self, person_id: int, account_ids: Collection[int]) -> Iterator[Decision]:
        """Yields the person's decisions among these accounts, the newest first, taken back ones too; no undo."""
        query = _DECISIONS.where(
            decisions.c.person_id == person_id,
            decisions.c.account_id.in_(account_ids),
            decisions.c.kind != Kind.UNDO.value,
        )
        return map(_decision_of, self._connection.execute(query.order_by(decisions.c.id.desc())))

    def last_by(self, person_id: int, account_ids: Collection[int]) -> Decision | None:
        """Returns the person's newest decision that stands, among these accounts."""
        query = _DECISIONS.where(
            decisions.c.person_id == person_id, decisions.c.account_id.in_(account_ids), STANDS
        ).order_by(decisions.c.id.desc())
        row = self._connection.execute(query.limit(1)).one_or_none()
        return None if row is None else _decision_of(row)

    def _moved(self, statement: Any) -> bool:
        return bool(self._connection.execute(statement).rowcount == 1)

    def _inherited(self, decision: NewDecision) -> dict[str, Any]:
        """Returns what an overrule takes over from the decision that it overrules."""
        if decision.overrules is None:
            return {}
        columns = (decisions.c.score_id, decisions.c.shown_because, decisions.c.draw_probability)
        query = select(*columns).where(decisions.c.id == decision.overrules)
        return dict(self._connection.execute(query).one()._mapping)

    def _evidence_values(self, decision_id: int, decision: NewDecision) -> dict[str, Any]:
        card = decision.card
        query = select(decision_evidence).where(decision_evidence.c.decision_id == decision.overrules)
        if decision.overrules is not None and (before := self._connection.execute(query).one_or_none()):
            return dict(before._mapping) | {"decision_id": decision_id, "shown": decision.shown}
        values: dict[str, Any] = {"features": None, "feature_schema": None}
        if card.score_id is not None:
            query = select(scores.c.features, scores.c.feature_schema).where(scores.c.id == card.score_id)
            values = dict(self._connection.execute(query).one()._mapping)
        return {
            "decision_id": decision_id,
            "p_spam": card.p_spam,
            "band": card.band.value,
            "model": card.model,
            "policy_hash": decision.policy_hash,
            "shown": decision.shown,
        } | values


def _open_to(person_id: int, now: datetime) -> Any:
    """Matches cards that are undecided, and in nobody else's hands."""
    free = or_(items.c.claimed_by.is_(None), items.c.claimed_by == person_id, items.c.claimed_until <= now)
    return and_(items.c.state.in_(OPEN_STATES), free)


_DECISIONS: Select[Any] = (
    select(
        decisions,
        people.c.name.label("person"),
        orders.c.state.label("order_state"),
        decision_evidence.c.p_spam,
        decision_evidence.c.model,
        exists().where(UNDOING.c.undoes == decisions.c.id).label("undone"),
    )
    .select_from(decisions)
    .join(people, people.c.id == decisions.c.person_id)
    .outerjoin(orders, orders.c.decision_id == decisions.c.id)
    .outerjoin(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
)


_APPROVALS: Select[Any] = (
    select(
        decisions.c.id.label("decision_id"),
        people.c.name.label("person"),
        accounts.c.handle.label("account"),
        decisions.c.item_id.label("item"),
        decisions.c.follower_id,
        decisions.c.at,
        (~exists().where(UNDOING.c.undoes == decisions.c.id)).label("stands"),
    )
    .select_from(decisions)
    .join(people, people.c.id == decisions.c.person_id)
    .join(accounts, accounts.c.id == decisions.c.account_id)
    .where(decisions.c.kind.in_(APPROVING))
)


def _decision_values(decision: NewDecision) -> dict[str, Any]:
    card, choice = decision.card, decision.choice
    return {
        "item_id": card.item,
        "account_id": card.account_id,
        "follower_id": card.follower_id,
        "person_id": decision.person_id,
        "kind": choice.kind.value,
        "reason": choice.reason.value if choice.reason else None,
        "real_account": choice.real,
        "until": choice.until,
        "undoes": decision.undoes,
        "overrules": decision.overrules,
        "at": decision.at,
        "score_id": card.score_id,
        "shown_hash": card.appearance_hash,
        "shown_because": shown_because(card),
        "draw_probability": card.audit_probability if card.audit else None,
    }


def _decision_of(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        item=row.item_id,
        account_id=row.account_id,
        follower_id=row.follower_id,
        person_id=row.person_id,
        person=row.person,
        kind=Kind(row.kind),
        reason=RejectReason(row.reason) if row.reason else None,
        real=row.real_account,
        until=row.until,
        at=row.at,
        shown_hash=row.shown_hash,
        undone=row.undone,
        order_state=row.order_state,
        p_spam=row.p_spam,
        model=row.model,
    )
