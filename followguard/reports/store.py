"""What the report of a night reads beside what the other parts of the store know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select

from followguard.domain.card import ItemState
from followguard.domain.run import Run
from followguard.domain.units import day_of
from followguard.followers.passes_store import COMPLETE
from followguard.reports.figures import ShownScore
from followguard.reports.page import DeskCounts
from followguard.reports.unread import ReadingDays
from followguard.store.tables import followers, items, passes, runs, scores
from followguard.store.tables.conditions import OF_FOLLOWER, OPEN_STATES
from followguard.store.work import Queries

NIGHTLY = "nightly"
FIRST_RUNS = 10
"""An account's first reading is among its oldest passes, or it isn't one."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time from `start` to `end`, both included."""

    start: datetime
    end: datetime


class Reporting(Queries):
    """Questions that only the report of a night asks; nothing here changes anything."""

    def last_day(self, account_ids: Collection[int]) -> str | None:
        """Returns the ISO day of the newest night of any of these accounts."""
        query = select(func.max(runs.c.day)).where(runs.c.kind == NIGHTLY, runs.c.account_id.in_(account_ids))
        newest: str | None = self._connection.execute(query).scalar_one()
        return newest

    def knows_anybody(self, account_ids: Collection[int]) -> bool:
        """Tells whether any of these accounts has a card: `reconcile` finds followers without a night."""
        query = select(items.c.id).where(items.c.account_id.in_(account_ids)).limit(1)
        return self._connection.execute(query).first() is not None

    def nights(self, account_id: int, day: str) -> list[Run]:
        """Returns the account's nightly runs of that ISO day, from old to new."""
        query = select(*(runs.c[name] for name in Run.__slots__)).where(
            runs.c.account_id == account_id, runs.c.kind == NIGHTLY, runs.c.day == day
        )
        return [Run(**row._mapping) for row in self._connection.execute(query.order_by(runs.c.id))]

    def reading_days(self, account_id: int) -> ReadingDays:
        """Returns when the account had its nights, and when its list was last read to where it should be."""
        nights = select(func.min(runs.c.day).label("first"), func.max(runs.c.day).label("newest"))
        row = self._connection.execute(nights.where(runs.c.account_id == account_id, runs.c.kind == NIGHTLY)).one()
        complete = select(func.max(passes.c.finished_at)).where(
            passes.c.account_id == account_id, passes.c.outcome.in_(COMPLETE)
        )
        last = self._connection.execute(complete).scalar_one()
        return ReadingDays(
            first_night=row.first, newest_night=row.newest, last_reading=None if last is None else day_of(last)
        )

    def began_account(self, account_id: int, span: Span) -> bool:
        """Tells whether the account's first reading of all went on in that time."""
        query = select(passes).where(passes.c.account_id == account_id, passes.c.kind == "night")
        oldest = self._connection.execute(query.order_by(passes.c.id).limit(FIRST_RUNS))
        return any(_went_on(row, span) for row in oldest if row.progress.get("first"))

    def new_scores(self, account_id: int, span: Span) -> list[ShownScore]:
        """Returns the newest score of each follower who was first recorded in that time, from low to high."""
        newest = (
            select(func.max(scores.c.id))
            .join(followers, followers.c.snapshot_id == scores.c.snapshot_id)
            .where(_first_seen(account_id, span))
            .group_by(followers.c.follower_id)
        )
        query = select(scores.c.p_spam, scores.c.look).where(scores.c.id.in_(newest)).order_by(scores.c.p_spam)
        return [ShownScore(row.p_spam, bool(row.look)) for row in self._connection.execute(query)]

    def new_items(self, account_id: int, span: Span) -> list[int]:
        """Returns the cards of followers who were first recorded in that time, by p_spam."""
        query = (
            select(items.c.id)
            .join(followers, OF_FOLLOWER)
            .outerjoin(scores, scores.c.id == items.c.score_id)
            .where(_first_seen(account_id, span))
            .order_by(func.coalesce(scores.c.p_spam, 1.0), items.c.id)
        )
        return list(self._connection.execute(query).scalars())

    def left(self, account_id: int, span: Span) -> int:
        """Counts who was found in that time not to follow any more."""
        query = select(func.count()).where(
            followers.c.account_id == account_id, followers.c.left_at.between(span.start, span.end)
        )
        return int(self._connection.execute(query).scalar_one())

    def desk(self, account_id: int, today: str) -> DeskCounts:
        """Counts what waits for people."""
        kinds = (
            select(
                case((items.c.due <= today, 1), else_=0).label("due"),
                case((and_(items.c.held_back, ~items.c.audit), 1), else_=0).label("hidden"),
                case((items.c.state == ItemState.LATER.value, 1), else_=0).label("put_off"),
                case((items.c.batch_id.is_not(None), 1), else_=0).label("batched"),
                items.c.audit.label("drawn"),
            )
            .where(items.c.account_id == account_id, items.c.state.in_(OPEN_STATES))
            .subquery()
        )
        query = select(func.count().label("number"), *kinds.c).group_by(*kinds.c)
        return _desk_of(self._connection.execute(query).all())


def _first_seen(account_id: int, span: Span) -> Any:
    return and_(followers.c.account_id == account_id, followers.c.first_seen_at.between(span.start, span.end))


def _went_on(row: Row[Any], span: Span) -> bool:
    return bool(row.started_at <= span.end and (row.finished_at is None or row.finished_at >= span.start))


def _desk_of(rows: Collection[Row[Any]]) -> DeskCounts:
    shown = [row for row in rows if not row.hidden]
    today = [row for row in shown if row.due]
    ahead = [row for row in shown if not row.due]
    return DeskCounts(
        today=sum(row.number for row in today),
        audit=sum(row.number for row in today if row.drawn),
        batched=sum(row.number for row in today if row.batched),
        waiting=sum(row.number for row in ahead if not row.put_off),
        put_off=sum(row.number for row in ahead if row.put_off),
        held_back=sum(row.number for row in rows if row.hidden),
    )
