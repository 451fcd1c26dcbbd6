"""Who came in which night, by the feature values that they came with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from followguard.domain.units import day_of
from followguard.store.tables import followers, items, passes, runs, scores, snapshots
from followguard.store.tables.conditions import OF_FOLLOWER
from followguard.store.work import Queries

IN_BATCH = exists().where(OF_FOLLOWER, items.c.batch_id.is_not(None))
IN_RECONCILE = exists().where(
    passes.c.account_id == followers.c.account_id,
    passes.c.kind == "reconcile",
    passes.c.started_at <= followers.c.first_seen_at,
    or_(passes.c.finished_at.is_(None), passes.c.finished_at >= followers.c.first_seen_at),
)
IN_NIGHT = exists().where(
    runs.c.account_id == followers.c.account_id,
    runs.c.kind == "nightly",
    runs.c.started_at <= followers.c.first_seen_at,
    runs.c.finished_at >= followers.c.first_seen_at,
)
OF_NIGHT = or_(~IN_RECONCILE, IN_NIGHT)
"""A reconcile may take days, and nights go on meanwhile; both never run at once."""
BEFORE_ALL = 10
"""An account's first reading is among its oldest passes, or it isn't one."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A follower when first scored: the ISO day on which they were first seen, and their feature values as stored."""

    day: str
    features: bytes


class Arrivals(Queries):
    """Followers by the night in which they came, with the first score of each."""

    def recent(self, account_id: int, schema: str, nights: int, most: int) -> list[Arrival]:
        """Lists followers of the last `nights` runs, in the order of recording; at most `most` of one day.

        If a day has more, it takes every second, third ... in that order. Leaves out the account's first reading, which
        takes people of many days, what a reconcile found, members of batches, and values of another feature schema.
        """
        start = self._start(account_id, nights)
        if start is None:
            return []
        first = self._of_first_night(account_id)
        arrived = and_(followers.c.account_id == account_id, followers.c.first_seen_at >= start, ~first)
        query = _first_scores(_spread(arrived, most), schema)
        return [Arrival(day_of(seen), features) for seen, features in self._connection.execute(query)]

    def _start(self, account_id: int, nights: int) -> datetime | None:
        """Tells when the earliest of the newest runs began."""
        query = select(runs.c.started_at).where(runs.c.account_id == account_id, runs.c.kind == "nightly")
        return min(self._connection.execute(query.order_by(runs.c.id.desc()).limit(nights)).scalars(), default=None)

    def _of_first_night(self, account_id: int) -> ColumnElement[bool]:
        """Matches followers who came in the account's first reading, whether that is over or not."""
        query = select(passes).where(passes.c.account_id == account_id, passes.c.kind == "night")
        oldest = self._connection.execute(query.order_by(passes.c.id).limit(BEFORE_ALL))
        spans = [
            and_(followers.c.first_seen_at >= row.started_at, *_until(row.finished_at))
            for row in oldest
            if row.progress.get("first")
        ]
        return or_(followers.c.first_seen_at.is_(None), *spans)


def _until(end: datetime | None) -> tuple[ColumnElement[bool], ...]:
    return () if end is None else (followers.c.first_seen_at <= end,)


def _spread(arrived: ColumnElement[bool], most: int) -> Select[Any]:
    """Selects every follower of a day, or every second, third ... in the order in which they were recorded."""
    first_look = func.min(snapshots.c.id).label("first_look")
    day = func.date(followers.c.first_seen_at).label("day")
    looks = (
        select(followers.c.first_seen_at, day, first_look)
        .join(snapshots, snapshots.c.account_id == followers.c.account_id)
        .where(snapshots.c.follower_id == followers.c.follower_id, arrived, OF_NIGHT, ~IN_BATCH)
        .group_by(followers.c.follower_id, followers.c.first_seen_at)
        .subquery()
    )
    place = func.row_number().over(partition_by=looks.c.day, order_by=looks.c.first_look).label("place")
    number = func.count().over(partition_by=looks.c.day).label("number")
    counted = select(looks.c.first_seen_at, looks.c.first_look, place, number).subquery()
    step = (counted.c.number + (most - 1)) // most
    return select(counted.c.first_seen_at, counted.c.first_look).where(counted.c.place % step == 0)


def _first_scores(chosen: Select[Any], schema: str) -> Select[Any]:
    """Selects the oldest score of each follower's first look: what was known of them when they came."""
    looks = chosen.subquery()
    first = (
        select(looks.c.first_seen_at, looks.c.first_look, func.min(scores.c.id).label("score_id"))
        .join(scores, scores.c.snapshot_id == looks.c.first_look)
        .where(scores.c.feature_schema == schema)
        .group_by(looks.c.first_seen_at, looks.c.first_look)
        .subquery()
    )
    query = select(first.c.first_seen_at, scores.c.features).join(scores, scores.c.id == first.c.score_id)
    return query.order_by(first.c.first_look)
