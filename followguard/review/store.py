"""Cards with all that is shown of them, and decisions about them: of several hands at one moment exactly one wins."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, insert, or_, select, update

from followguard.domain.card import Card, Claim, ItemState, Wanted, shown_because
from followguard.domain.decision import Decision, NewDecision, Settled
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.policy import Band, LookMark, Reason
from followguard.screening.sample_store import RandomSample
from followguard.store.tables import (
    accounts,
    batches,
    decision_evidence,
    decisions,
    followers,
    items,
    orders,
    people,
    score_failures,
    scores,
    snapshots,
)
from followguard.store.tables.conditions import DISTRUSTED, OF_FOLLOWER, OPEN_STATES, STANDS, UNDOING
from followguard.store.values import profile_of
from followguard.store.work import Queries, made

APPROVING = (Kind.APPROVE.value, Kind.PROPOSE.value)
"""What follows somebody back, or is one of the two voices that it takes."""
_FREE = {"claimed_by": None, "claimed_until": None}


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
        values: dict[str, Any] = {"state": settled.state.value, "due": settled.due, "note": settled.note}
        values |= {"put_off_by": person_id if settled.state is ItemState.LATER else None, "updated_at": now}
        return self._moved(statement.values(values | _FREE))

    def unsettle(self, item: int, was: ItemState, due: str, now: datetime) -> bool:
        """Puts a card back to waiting if it still stands at `was`."""
        statement = update(items).where(items.c.id == item, items.c.state == was.value)
        values = {"state": ItemState.WAITING.value, "due": due, "note": None, "updated_at": now}
        return self._moved(statement.values(values | _FREE))

    def record(self, decision: NewDecision) -> int:
        """Adds a decision with its evidence and returns its id."""
        statement = insert(decisions).values(_decision_values(decision) | self._inherited(decision))
        decision_id = int(made(self._covered.insert(statement, decision.at)).id)
        self._covered.insert(insert(decision_evidence).values(self._evidence_values(decision_id, decision)))
        return decision_id

    def turn(self, item: int, settled: Settled, now: datetime) -> None:
        """Moves the card from wherever it stands, for an overrule or for taking one back; not held back any more."""
        values: dict[str, Any] = {"state": settled.state.value, "due": settled.due, "note": settled.note}
        values |= {"closed_why": settled.closed_why, "held_back": False, "updated_at": now} | _FREE
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
        query = _DECISIONS.where(decisions.c.person_id == person_id, decisions.c.account_id.in_(account_ids), STANDS)
        row = self._connection.execute(query.order_by(decisions.c.id.desc()).limit(1)).one_or_none()
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
        own = {"decision_id": decision_id, "shown": decision.shown, "guidelines": decision.guidelines}
        query = select(decision_evidence).where(decision_evidence.c.decision_id == decision.overrules)
        if decision.overrules is not None and (before := self._connection.execute(query).one_or_none()):
            return dict(before._mapping) | own
        values: dict[str, Any] = {"features": None, "feature_schema": None}
        if card.score_id is not None:
            query = select(scores.c.features, scores.c.feature_schema).where(scores.c.id == card.score_id)
            values = dict(self._connection.execute(query).one()._mapping)
        made_on = {"p_spam": card.p_spam, "band": card.band.value, "model": card.model}
        return made_on | {"policy_hash": decision.policy_hash} | own | values


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
        decision_evidence.c.guidelines,
        exists().where(UNDOING.c.undoes == decisions.c.id).label("undone"),
        DISTRUSTED.label("distrusted"),
    )
    .select_from(decisions)
    .join(people, people.c.id == decisions.c.person_id)
    .outerjoin(orders, orders.c.decision_id == decisions.c.id)
    .outerjoin(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
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
        "draw_probability": card.draw_probability,
    }


_SAME = tuple(name for name in Decision.__slots__ if name not in {"item", "kind", "reason", "real"})


def _decision_of(row: Row[Any]) -> Decision:
    same = {name: getattr(row, name) for name in _SAME}
    reason = RejectReason(row.reason) if row.reason else None
    return Decision(item=row.item_id, kind=Kind(row.kind), reason=reason, real=row.real_account, **same)


class Cards(Queries):
    """Cards with everything that is shown of them."""

    def cards(self, wanted: Wanted) -> list[Card]:
        """Returns the wanted cards, in no order."""
        if wanted.only is not None and not wanted.only:
            return []
        provisional = RandomSample(self._work).provisional(wanted.account_ids)
        return [_card_of(row, provisional) for row in self._connection.execute(narrowed(_CARDS, wanted))]


_CARDS = (
    select(
        items,
        accounts.c.handle,
        *(followers.c[name] for name in ("first_seen_at", "left_at", "returned_at", "connection")),
        *(column for column in snapshots.c if column.name not in {"id", "account_id", "follower_id"}),
        scores.c.p_spam,
        scores.c.band,
        scores.c.base_logit,
        scores.c.reasons,
        scores.c.look,
        scores.c.model,
        scores.c.policy_hash,
        batches.c.alike,
        batches.c.size,
        people.c.name.label("claimant"),
        score_failures.c.error.label("parked"),
    )
    .select_from(items)
    .join(accounts, accounts.c.id == items.c.account_id)
    .join(followers, OF_FOLLOWER)
    .join(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .outerjoin(scores, scores.c.id == items.c.score_id)
    .outerjoin(batches, batches.c.id == items.c.batch_id)
    .outerjoin(people, people.c.id == items.c.claimed_by)
    .outerjoin(score_failures, score_failures.c.snapshot_id == followers.c.snapshot_id)
)


def narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """Narrows a query over `items` to the wanted ones."""
    query = query.where(items.c.account_id.in_(wanted.account_ids))
    if wanted.only is not None:
        query = query.where(items.c.id.in_(wanted.only))
    if wanted.states is not None:
        query = query.where(items.c.state.in_(sorted(wanted.states)))
    if wanted.batch is not None:
        query = query.where(items.c.batch_id == wanted.batch)
    hidden = and_(items.c.state.in_(OPEN_STATES), items.c.held_back, ~items.c.audit)
    if not wanted.held_back:
        query = query.where(~hidden)
    if wanted.desk_day is None:
        return query
    return query.where(items.c.state.in_(OPEN_STATES), or_(items.c.due <= wanted.desk_day, hidden))


def _card_of(row: Row[Any], provisional: Collection[int]) -> Card:
    return Card(
        item=row.id,
        account=row.handle,
        account_id=row.account_id,
        profile=profile_of(row._mapping, row.connection),
        appearance_hash=row.appearance_hash,
        state=ItemState(row.state),
        held_back=row.held_back,
        audit=row.audit,
        first_seen_at=row.first_seen_at,
        audit_probability=row.audit_probability,
        sample=row.sample,
        sample_probability=row.sample_probability,
        provisional=row.account_id in provisional,
        due=row.due,
        batch=row.batch_id,
        batch_alike=row.alike,
        batch_size=row.size,
        score_id=row.score_id,
        p_spam=row.p_spam,
        band=Band(row.band) if row.band else Band.UNSURE,
        base_logit=row.base_logit,
        reasons=tuple(Reason(r["code"], r["text"], r["weight"]) for r in row.reasons or ()),
        look=tuple(LookMark(mark["code"], mark["text"]) for mark in row.look or ()),
        model=row.model,
        policy_hash=row.policy_hash,
        claim=_claim_of(row),
        note=row.note,
        closed_why=row.closed_why,
        left_at=row.left_at,
        returned_at=row.returned_at,
        parked=row.parked if row.p_spam is None else None,
    )


def _claim_of(row: Row[Any]) -> Claim | None:
    held = row.claimed_by is not None and row.claimed_until is not None
    return Claim(person_id=row.claimed_by, person=row.claimant or "", until=row.claimed_until) if held else None
