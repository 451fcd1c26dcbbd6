"""Past nights as they are on record."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select

from followguard.domain.house_model import RetrainOutcome
from followguard.domain.order import OrderState
from followguard.domain.policy import IMITATES_US
from followguard.domain.units import day_of
from followguard.replay.other_words import PastText
from followguard.replay.past import BACK, PastCard, PastChange, PastLook, PastNight, PastScore
from followguard.screening.holding_back import EarlyPrediction, only_lacks_data
from followguard.screening.plan import QueueCounts
from followguard.screening.queue_store import predictions_of
from followguard.store.tables import (
    accounts,
    batches,
    decisions,
    followers,
    items,
    log,
    orders,
    runs,
    scores,
    snapshots,
)
from followguard.store.tables.conditions import OF_FOLLOWER
from followguard.store.values import profile_of
from followguard.store.work import Queries
from followguard.words.reading import kept_reading

COUNTS = ("listed", "held_back", "audit", "waiting")
NO_PLAN = ("failed", "later")
EVERY = 2**62
"""Whoever changes the model does so after what was decided up to that moment."""


class Past(Queries):
    """Past nights, for a replay: whole tables of one account, one after the other."""

    def cards(self, account_id: int) -> list[PastCard]:
        """Returns every card of the account with its scores, looks, decisions and returns; by item."""
        made = self._by_follower(_scores(account_id), _score_of)
        rows = self._connection.execute(_CARDS.where(items.c.account_id == account_id).order_by(items.c.id)).all()
        looks = self._looks(account_id, rows)
        changes = self._changes(account_id)
        return [_card_of(row, made[row.follower_id], looks[row.follower_id], changes[row.id]) for row in rows]

    def texts(self, account_id: int) -> dict[int, PastText]:
        """Maps each score of the account to the text that it was made of, as far as it is kept."""
        columns = (column for column in snapshots.c if column.name != "id")
        query = select(scores.c.id.label("score"), scores.c.reasons, scores.c.look, *columns)
        query = query.join(snapshots, snapshots.c.id == scores.c.snapshot_id).where(scores.c.account_id == account_id)
        return {row.score: _text_of(row) for row in self._connection.execute(query)}

    def nights(self, account_id: int) -> list[PastNight]:
        """Returns every nightly run that planned the desk and left a receipt, from old to new."""
        query = select(runs).where(
            runs.c.account_id == account_id, runs.c.kind == "nightly", runs.c.receipt.is_not(None)
        )
        rows = [row for row in self._connection.execute(query.order_by(runs.c.id)) if _planned(row)]
        decided = self._decided_by(account_id)
        nights = [night for row in rows for night in _plans_of(row, decided.get(row.receipt.get("log_head", ""), 0))]
        return sorted([*nights, *self._changes_of_model(account_id, rows)], key=lambda night: night.at)

    def _changes_of_model(self, account_id: int, runs_made: Sequence[Row[Any]]) -> list[PastNight]:
        """Lists the new plans of the desk after another model scored what waits, outside of a night."""
        query = select(scores.c.scored_at, scores.c.model).where(scores.c.account_id == account_id)
        found = self._connection.execute(
            query.group_by(scores.c.scored_at, scores.c.model).order_by(scores.c.scored_at)
        )
        return [
            PastNight(day=day_of(row.scored_at), began=row.scored_at, at=row.scored_at, counts=None, decisions=EVERY)
            for row in found
            if not any(_made(run, row) for run in runs_made)
        ]

    def _decided_by(self, account_id: int) -> dict[str, int]:
        """Maps the hash of a log entry to how many decisions of the account are in the log up to it."""
        handle = select(accounts.c.handle).where(accounts.c.id == account_id).scalar_subquery()
        one = case((and_(log.c.account == handle, log.c.kind.startswith("decision.")), 1), else_=0)
        query = select(log.c.hash, func.sum(one).over(order_by=log.c.seq).label("number"))
        return {row.hash: int(row.number) for row in self._connection.execute(query)}

    def _by_follower(self, query: Any, of_row: Callable[[Row[Any]], Any]) -> defaultdict[str, list[Any]]:
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row.follower_id].append(of_row(row))
        return found

    def _looks(self, account_id: int, cards: Iterable[Row[Any]]) -> defaultdict[str, list[PastLook]]:
        by_id = {row.follower_id: row for row in cards}
        found: defaultdict[str, list[PastLook]] = defaultdict(list)
        query = select(snapshots).where(snapshots.c.account_id == account_id).order_by(snapshots.c.id)
        for row in self._connection.execute(query):
            card = by_id.get(row.follower_id)
            if card is not None:
                found[row.follower_id].append(PastLook(row.observed_at, _thin(row, card)))
        return found

    def _changes(self, account_id: int) -> defaultdict[int, list[PastChange]]:
        found: defaultdict[int, list[PastChange]] = defaultdict(list)
        predictions = predictions_of(self._connection, account_id)
        mine = select(decisions).where(decisions.c.account_id == account_id).order_by(decisions.c.id)
        for place, row in enumerate(self._connection.execute(mine)):
            found[row.item_id].append(_change_of(row, place, predictions.get(row.id, ())))
        for row in self._connection.execute(_VOID.where(orders.c.account_id == account_id)):
            found[row.item_id].append(PastChange(id=row.decision_id, at=row.ended_at, kind=BACK, note=row.why))
        for changes in found.values():
            changes.sort(key=lambda change: (change.id, change.kind == BACK))
        return found


_CARDS = select(
    items, followers.c.first_seen_at, snapshots.c.username, batches.c.found_at.label("found_at")
).select_from(
    items.join(followers, OF_FOLLOWER)
    .join(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .outerjoin(batches, batches.c.id == items.c.batch_id)
)
_VOID = (
    select(orders.c.decision_id, orders.c.ended_at, orders.c.why, decisions.c.item_id)
    .join(decisions, decisions.c.id == orders.c.decision_id)
    .where(orders.c.state == OrderState.VOID.value, orders.c.ended_at.is_not(None))
)


def _scores(account_id: int) -> Any:
    return select(scores).where(scores.c.account_id == account_id).order_by(scores.c.id)


def _text_of(row: Row[Any]) -> PastText:
    profile = profile_of(row._mapping) if row.text_cleared_at is None else None
    return PastText(profile, kept_reading(row.reasons, row.look))


def _card_of(row: Row[Any], made: list[PastScore], looks: list[PastLook], changes: list[PastChange]) -> PastCard:
    return PastCard(
        item=row.id,
        follower_id=row.follower_id,
        username=row.username,
        first_seen_day=day_of(row.first_seen_at),
        opened_at=row.found_at or (made[0].at if made else row.first_seen_at),
        batch=row.batch_id,
        gone_at=_gone_at(row),
        scores=tuple(made),
        looks=tuple(looks),
        changes=tuple(changes),
    )


def _gone_at(row: Row[Any]) -> datetime | None:
    """Returns when a card was closed without a follow, None for any other; nothing touches it after that."""
    return row.updated_at if row.state == "closed" and row.closed_why != "followed" else None


def _thin(row: Row[Any], card: Row[Any]) -> bool:
    """Tells whether a look lacks data; a text that was cleared when its time was over is no lack."""
    return row.text_cleared_at is None and only_lacks_data(profile_of(row._mapping), in_batch=card.batch_id is not None)


def _score_of(row: Row[Any]) -> PastScore:
    return PastScore(
        id=row.id,
        at=row.scored_at,
        model=row.model,
        p_spam=row.p_spam,
        base_logit=row.base_logit,
        made_by=row.model,
        features=row.features,
        feature_schema=row.feature_schema,
        slope=row.slope,
        look=bool(row.look),
        imitates=IMITATES_US in {mark["code"] for mark in row.look or ()},
        shift=kept_reading(row.reasons, row.look).shift,
    )


def _change_of(row: Row[Any], place: int, predictions: tuple[EarlyPrediction, ...]) -> PastChange:
    return PastChange(
        id=row.id,
        at=row.at,
        kind=row.kind,
        reason=row.reason,
        real=row.real_account,
        until=row.until,
        undoes=row.undoes,
        person_id=row.person_id,
        place=place,
        predictions=predictions,
    )


def _made(run: Row[Any], made: Any) -> bool:
    """Tells whether a score was made in the course of that night: by what served it, or by what it promoted."""
    return bool(run.started_at <= made.scored_at <= run.finished_at) and (
        made.model == run.receipt.get("model") or _promoted(run) is not None
    )


def _promoted(run: Row[Any]) -> dict[str, Any] | None:
    """Returns what a night's own retraining says, where another model came of it."""
    told = run.receipt.get("retrain")
    return told if told and told.get("outcome") == RetrainOutcome.PROMOTED else None


def _planned(row: Row[Any]) -> bool:
    """Tells whether a night planned the queue: one that stopped before left no count at all."""
    return row.status not in NO_PLAN or any(row.receipt.get(name) for name in COUNTS)


def _plans_of(row: Row[Any], decided: int) -> list[PastNight]:
    """Returns a night's plans: two where it promoted a model, by the one that served and by the new one."""
    told = row.receipt
    night = PastNight(
        day=row.day,
        began=row.started_at,
        at=row.finished_at,
        counts=QueueCounts(**{name: told.get(name, 0) for name in COUNTS}, batches=told.get("batches", 0)),
        model=told.get("model"),
        policy_hash=told.get("policy_hash", ""),
        decisions=decided,
    )
    return [night] if _promoted(row) is None else [replace(night, counts=None), replace(night, model=None)]
