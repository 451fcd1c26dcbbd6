"""What the queue reads and writes: items opened, reopened, placed; and what holding back rests on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, insert, or_, select, update

from followguard.domain.card import LEFT, NEVER_FOLLOW, ItemState
from followguard.domain.labels import DECISIVE, Kind
from followguard.domain.policy import IMITATES_US, is_named
from followguard.domain.units import bounds_of, day_of
from followguard.screening.holding_back import EarlyPrediction, HoldEvidence, only_lacks_data
from followguard.screening.plan import Placement, Undecided
from followguard.store.tables import (
    batches,
    decision_evidence,
    decisions,
    early_predictions,
    followers,
    items,
    models,
    score_failures,
    scores,
    snapshots,
)
from followguard.store.tables.conditions import COUNTS, OF_FOLLOWER, OPEN_STATES, OVER_STATES, STANDS
from followguard.store.values import chunks, profile_of
from followguard.store.work import Queries

WITHOUT_CARD = and_(
    followers.c.left_at.is_(None),
    ~exists().where(OF_FOLLOWER),
    or_(
        exists().where(scores.c.snapshot_id == followers.c.snapshot_id),
        exists().where(score_failures.c.snapshot_id == followers.c.snapshot_id),
    ),
)
"""Present, without a card, and scored, or found not to be scorable."""


class Queue(Queries):
    """Cards as the queue opens, reopens and places them."""

    def without_item(self, account_id: int) -> list[str]:
        """Returns present followers whose latest snapshot was scored or parked, and who have no card; by id."""
        query = select(followers.c.follower_id).where(followers.c.account_id == account_id, WITHOUT_CARD)
        return sorted(self._connection.execute(query).scalars(), key=int)

    def open(self, account_id: int, follower_ids: Sequence[str], batch: int | None, now: datetime) -> None:
        """Opens new cards: waiting, without a day yet."""
        if not follower_ids:
            return
        common = {"account_id": account_id, "state": ItemState.WAITING.value, "batch_id": batch, "updated_at": now}
        rows = [common | {"follower_id": follower_id} for follower_id in follower_ids]
        self._connection.execute(insert(items), rows)

    def reopen_returned(self, account_id: int, never_follow: Collection[str], now: datetime) -> int:
        """Reopens cards closed because somebody left or was on the never-follow list, once that is over.

        Returns how many.
        """
        query = (
            select(items.c.id, items.c.closed_why, followers.c.follower_id, followers.c.left_at, snapshots.c.username)
            .select_from(_ITEM_FOLLOWER)
            .where(
                items.c.account_id == account_id,
                items.c.state == ItemState.CLOSED.value,
                items.c.closed_why.in_((LEFT, NEVER_FOLLOW)),
            )
        )
        names = frozenset(never_follow)
        back = [row.id for row in self._connection.execute(query) if _is_back(row, names)]
        until = self._put_off_until(back)
        rows = [
            {"the_id": item, "the_state": _reopened_state(item, until), "the_due": until.get(item)} for item in back
        ]
        if rows:
            to: dict[str, Any] = {"state": bindparam("the_state"), "due": bindparam("the_due")}
            statement = update(items).where(items.c.id == bindparam("the_id"))
            statement = statement.values(to | {"closed_why": None, "updated_at": now})
            self._connection.execute(statement, rows)
        return len(rows)

    def undecided(self, account_id: int, now: datetime) -> list[Undecided]:
        """Returns every card that waits or is put off."""
        query = _UNDECIDED.where(items.c.account_id == account_id, items.c.state.in_(OPEN_STATES))
        return [_undecided_of(row, now) for row in self._connection.execute(query)]

    def place(self, placements: Sequence[Placement], now: datetime) -> None:
        """Applies a plan to cards that are still undecided."""
        if not placements:
            return
        names = [field.name for field in fields(Placement) if field.name != "item"]
        statement = (
            update(items)
            .where(items.c.id == bindparam("the_item"), _STILL_OPEN)
            .values({name: bindparam(f"the_{name}") for name in names} | {"updated_at": now})
        )
        rows = [{f"the_{name}": getattr(p, name) for name in names} | {"the_item": p.item} for p in placements]
        self._connection.execute(statement, rows)

    def evidence(self, account_id: int, models: Collection[str] = ()) -> list[HoldEvidence]:
        """Returns the newest approval, rejection or overrule that stands of each scored card.

        It comes with what the models named predicted of it.
        """
        query = (
            select(
                decisions, decision_evidence.c.p_spam, decision_evidence.c.model, scores.c.base_logit, scores.c.slope
            )
            .join(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
            .outerjoin(scores, scores.c.id == decisions.c.score_id)
            .where(
                decisions.c.account_id == account_id,
                decisions.c.kind.in_([kind.value for kind in DECISIVE]),
                decision_evidence.c.p_spam.is_not(None),
                COUNTS,
            )
            .order_by(decisions.c.id)
        )
        rows = self._connection.execute(query).all()
        overruled = {row.id: row.overrules for row in rows}
        found = predictions_of(self._connection, account_id, models) if models else {}
        newest = {row.item_id: row for row in rows}
        return [_evidence_of(row, along(row.id, overruled, found)) for row in newest.values()]

    def shown_on(self, account_id: int, day: str) -> int:
        """Counts cards decided on that ISO day that were on the desk, and aren't any more."""
        start, end = bounds_of(day)
        gone = or_(items.c.state.in_(OVER_STATES), and_(items.c.state == ItemState.LATER.value, items.c.due > day))
        query = (
            select(func.count(decisions.c.item_id.distinct()))
            .select_from(decisions.join(items, items.c.id == decisions.c.item_id))
            .where(
                decisions.c.account_id == account_id,
                decisions.c.at >= start,
                decisions.c.at < end,
                decisions.c.shown_because != "asked",
                decisions.c.kind != Kind.OVERRULE.value,
                gone,
            )
        )
        return int(self._connection.execute(query).scalar_one())

    def audited_on(self, account_id: int, day: str) -> int:
        """Counts that day's audit draws that are decided already."""
        query = select(func.count()).where(
            items.c.account_id == account_id, items.c.audit_day == day, items.c.state.in_(OVER_STATES)
        )
        return int(self._connection.execute(query).scalar_one())

    def batches_on(self, account_id: int, day: str) -> int:
        """Counts batches found on that ISO day."""
        query = select(func.count()).where(batches.c.account_id == account_id, batches.c.day == day)
        return int(self._connection.execute(query).scalar_one())

    def _put_off_until(self, item_ids: list[int]) -> dict[int, str]:
        """Maps items to days, for those whose newest decision that stands is a put-off."""
        until: dict[int, str | None] = {}
        for part in chunks(item_ids):
            query = select(decisions.c.item_id, decisions.c.until).where(decisions.c.item_id.in_(part), STANDS)
            until.update((row.item_id, row.until) for row in self._connection.execute(query.order_by(decisions.c.id)))
        return {item: day for item, day in until.items() if day is not None}


_STILL_OPEN = or_(*(items.c.state == state for state in OPEN_STATES))  # IN (...) doesn't go with many rows at once
_NEW, _EARLIER = scores.alias("new"), scores.alias("earlier")
_NEWEST = (
    select(func.max(scores.c.id))
    .where(scores.c.snapshot_id == followers.c.snapshot_id)
    .correlate(followers)
    .scalar_subquery()
)
_ITEM_FOLLOWER = items.join(followers, OF_FOLLOWER).join(snapshots, snapshots.c.id == followers.c.snapshot_id)
_UNDECIDED = select(
    items,
    followers.c.connection,
    followers.c.first_seen_at,
    followers.c.left_at,
    *(column for column in snapshots.c if column.name not in {"id", "account_id", "follower_id"}),
    _NEW.c.id.label("new_score_id"),
    _NEW.c.p_spam,
    _NEW.c.model,
    _NEW.c.base_logit,
    _NEW.c.slope,
    _NEW.c.look,
    _EARLIER.c.p_spam.label("earlier_p_spam"),
    _EARLIER.c.look.label("earlier_look"),
    exists().where(decisions.c.item_id == items.c.id).label("touched"),
).select_from(
    _ITEM_FOLLOWER.outerjoin(_NEW, _NEW.c.id == func.coalesce(_NEWEST, items.c.score_id)).outerjoin(
        _EARLIER, _EARLIER.c.id == items.c.score_id
    )
)


def _undecided_of(row: Row[Any], now: datetime) -> Undecided:
    return Undecided(
        item=row.id,
        follower_id=row.follower_id,
        username=row.username,
        state=ItemState(row.state),
        first_seen_day=day_of(row.first_seen_at),
        score_id=row.new_score_id,
        earlier_score_id=row.score_id,
        p_spam=row.p_spam,
        earlier_p_spam=row.earlier_p_spam,
        model=row.model,
        connection=None if row.connection is None else frozenset(row.connection),
        left=row.left_at is not None,
        thin=row.text_cleared_at is None
        and only_lacks_data(profile_of(row._mapping), in_batch=row.batch_id is not None),
        touched=row.touched,
        claimed=row.claimed_until is not None and row.claimed_until > now,
        batch=row.batch_id,
        due=row.due,
        held_back=row.held_back,
        audit=row.audit,
        audit_probability=row.audit_probability,
        audit_day=row.audit_day,
        audit_missed=row.audit_missed,
        note=row.note,
        base_logit=row.base_logit,
        slope=1.0 if row.slope is None else row.slope,
        sample=row.sample,
        sample_probability=row.sample_probability,
        sample_day=row.sample_day,
        look=bool(row.look),
        earlier_look=bool(row.earlier_look),
        imitates=IMITATES_US in {mark["code"] for mark in row.look or ()},
    )


def _evidence_of(row: Row[Any], predictions: tuple[EarlyPrediction, ...]) -> HoldEvidence:
    return HoldEvidence(
        item=row.item_id,
        kind=row.kind,
        reason=row.reason,
        real=row.real_account,
        asked=row.shown_because == "asked",
        p_spam=row.p_spam,
        model=row.model,
        base_logit=row.base_logit,
        slope=1.0 if row.slope is None else row.slope,
        draw_probability=row.draw_probability if row.shown_because == "audit" else None,
        predictions=predictions,
    )


def _is_back(row: Any, never_follow: frozenset[str]) -> bool:
    """Tells whether a card reopens: its follower came back, or the list that closed it let go."""
    if row.closed_why == LEFT:
        return row.left_at is None
    return not is_named(row.follower_id, row.username, never_follow)


def _reopened_state(item: int, until: dict[int, str]) -> str:
    return (ItemState.LATER if item in until else ItemState.WAITING).value


def add_predictions(connection: Connection, model_id: int, found: Mapping[int, EarlyPrediction]) -> None:
    """Stores what the model's recipe said of each decision; once for each model."""
    rows = [
        {"model_id": model_id, "decision_id": decision, "p_spam": each.p_spam, "base_logit": each.base_logit}
        for decision, each in found.items()
    ]
    if rows:
        connection.execute(insert(early_predictions), rows)


def predictions_of(
    connection: Connection, account_id: int, names: Collection[str] | None = None
) -> dict[int, tuple[EarlyPrediction, ...]]:
    """Maps decisions to what was predicted of them, by the models named (None: by all)."""
    query = (
        select(early_predictions, models.c.name)
        .join(models, models.c.id == early_predictions.c.model_id)
        .join(decisions, decisions.c.id == early_predictions.c.decision_id)
        .where(decisions.c.account_id == account_id)
        .order_by(early_predictions.c.model_id)
    )
    if names is not None:
        query = query.where(models.c.name.in_(names))
    found: defaultdict[int, list[EarlyPrediction]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.decision_id].append(EarlyPrediction(row.name, row.p_spam, row.base_logit))
    return {decision: tuple(each) for decision, each in found.items()}


def along(
    decision: int, overruled: Mapping[int, int | None], found: Mapping[int, Sequence[EarlyPrediction]]
) -> tuple[EarlyPrediction, ...]:
    """Returns what was predicted of a decision; an overrule takes over what was said of the one it overrules."""
    at: int | None = decision
    while at is not None and at not in found:
        at = overruled.get(at)
    return () if at is None else tuple(found[at])
