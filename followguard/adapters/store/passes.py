"""Readings of a follower list: begun, under way, and how they ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from followguard.adapters.store.tables import followers, passes
from followguard.domain.list_end import DONE, ENDED_EARLY, OVERTAKEN, READ
from followguard.domain.stores.reading import PastPass, ReadingPass

COMPLETE = (DONE, READ)


class PassTables:
    """The part of `domain.stores.reading.Reading` that is about whole passes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_pass(self, account_id: int, kind: str) -> ReadingPass | None:
        query = select(passes).where(
            passes.c.account_id == account_id, passes.c.kind == kind, passes.c.finished_at.is_(None)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _pass_of(row)

    def start_pass(self, account_id: int, kind: str, progress: dict[str, Any], now: datetime) -> ReadingPass:
        values = {"account_id": account_id, "kind": kind, "started_at": now, "position": 0, "progress": progress}
        row = self._connection.execute(insert(passes).values(values).returning(passes)).one()
        return _pass_of(row)

    def save_pass(self, reading: ReadingPass) -> None:
        values = {"token": reading.token, "position": reading.position, "progress": reading.progress}
        self._connection.execute(update(passes).where(passes.c.id == reading.id).values(values))

    def finish_pass(self, pass_id: int, outcome: str, now: datetime) -> None:
        values = {"finished_at": now, "outcome": outcome, "token": None}
        self._connection.execute(update(passes).where(passes.c.id == pass_id).values(values))
        if outcome in COMPLETE:
            account = select(passes.c.account_id).where(passes.c.id == pass_id).scalar_subquery()
            theirs = update(followers).where(followers.c.account_id == account, followers.c.pass_id == pass_id)
            statement = theirs.where(followers.c.next_ordinal > 0).values(ordinal=followers.c.next_ordinal)
            self._connection.execute(statement)

    def past_nights(self, account_id: int, limit: int) -> list[PastPass]:
        found = self._finished(account_id, passes.c.kind == "night", passes.c.outcome.in_(COMPLETE), limit=limit)
        return found[::-1]

    def last_complete(self, account_id: int) -> PastPass | None:
        return next(iter(self._finished(account_id, passes.c.outcome.in_(COMPLETE), limit=1)), None)

    def unsettled(self, account_id: int) -> int | None:
        return next((each.id for each in self._finished(account_id, passes.c.outcome == READ, limit=1)), None)

    def settle_pass(self, pass_id: int) -> None:
        self._connection.execute(update(passes).where(passes.c.id == pass_id).values(outcome=DONE))

    def overtake(self, account_id: int, pass_id: int, now: datetime) -> None:
        reading = self.open_pass(account_id, "night")
        if reading is not None and reading.id < pass_id:
            self.finish_pass(reading.id, OVERTAKEN, now)

    def broken_off(self, account_id: int) -> list[PastPass]:
        newest = select(func.max(passes.c.id)).where(passes.c.account_id == account_id)
        last = newest.where(passes.c.outcome.in_(COMPLETE)).scalar_subquery()
        doubtful = and_(passes.c.kind == "night", passes.c.outcome == ENDED_EARLY)
        return self._finished(account_id, doubtful, passes.c.id > func.coalesce(last, 0), limit=None)

    def _finished(self, account_id: int, *which: ColumnElement[bool], limit: int | None) -> list[PastPass]:
        """The newest first."""
        query = select(passes).where(passes.c.account_id == account_id, *which).order_by(passes.c.id.desc())
        rows = self._connection.execute(query.limit(limit))
        names = ("id", "started_at", "progress", "outcome")
        return [PastPass(**{name: getattr(row, name) for name in names}) for row in rows]


def _pass_of(row: Row[Any]) -> ReadingPass:
    return ReadingPass(
        id=row.id,
        account_id=row.account_id,
        kind=row.kind,
        started_at=row.started_at,
        token=row.token,
        position=row.position,
        progress=row.progress,
    )
