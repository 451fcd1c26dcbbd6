"""Readings of a follower list: begun, under way, and how they ended."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, update

from followguard.followers.list_end import DONE, ENDED_EARLY, OVERTAKEN, READ
from followguard.store.tables import followers, passes
from followguard.store.work import Queries

COMPLETE = (DONE, READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPass:
    """One reading of a follower list from its top down to the mark, over as many runs as it takes.

    `token` is where the next page begins, None for the top; `position` counts the rows placed so far; `progress` is
    what the stop rule remembers between runs.
    """

    id: int
    account_id: int
    kind: str
    started_at: datetime
    token: str | None
    position: int
    progress: dict[str, Any]

    def moved(self, token: str | None, position: int, progress: dict[str, Any]) -> "ReadingPass":
        """Returns the same pass, one page further."""
        return replace(self, token=token, position=position, progress=progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPass:
    """A finished pass: when it began, what it remembered at the end, how it ended (see `followers.list_end`)."""

    id: int
    started_at: datetime
    progress: dict[str, Any]
    outcome: str


class Passes(Queries):
    """Readings of a follower list, each over as many runs as it takes."""

    def open_pass(self, account_id: int, kind: str) -> ReadingPass | None:
        """Returns the pass that isn't finished, if there is one. `kind`: night | reconcile."""
        query = select(passes).where(
            passes.c.account_id == account_id, passes.c.kind == kind, passes.c.finished_at.is_(None)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _pass_of(row)

    def start_pass(self, account_id: int, kind: str, progress: dict[str, Any], now: datetime) -> ReadingPass:
        """Starts a new pass at the top of the list."""
        values = {"account_id": account_id, "kind": kind, "started_at": now, "position": 0, "progress": progress}
        row = self._connection.execute(insert(passes).values(values).returning(passes)).one()
        return _pass_of(row)

    def save_pass(self, reading: ReadingPass) -> None:
        """Writes the checkpoint, in the transaction of the page it follows."""
        values = {"token": reading.token, "position": reading.position, "progress": reading.progress}
        self._connection.execute(update(passes).where(passes.c.id == reading.id).values(values))

    def finish_pass(self, pass_id: int, outcome: str, now: datetime) -> None:
        """Ends the pass. Only if it was complete do the places that it gave count from now on."""
        values = {"finished_at": now, "outcome": outcome, "token": None}
        self._connection.execute(update(passes).where(passes.c.id == pass_id).values(values))
        if outcome in COMPLETE:
            account = select(passes.c.account_id).where(passes.c.id == pass_id).scalar_subquery()
            theirs = update(followers).where(followers.c.account_id == account, followers.c.pass_id == pass_id)
            statement = theirs.where(followers.c.next_ordinal > 0).values(ordinal=followers.c.next_ordinal)
            self._connection.execute(statement)

    def past_nights(self, account_id: int, limit: int) -> list[PastPass]:
        """Returns the complete nightly passes, from old to new, at most the newest `limit`."""
        found = self._finished(account_id, passes.c.kind == "night", passes.c.outcome.in_(COMPLETE), limit=limit)
        return found[::-1]

    def last_complete(self, account_id: int) -> PastPass | None:
        """Returns the newest complete pass of either kind: where the stop rule takes its mark from."""
        return next(iter(self._finished(account_id, passes.c.outcome.in_(COMPLETE), limit=1)), None)

    def unsettled(self, account_id: int) -> int | None:
        """Returns the newest pass that read its list to the end, and whose unseen followers await a look-up."""
        return next((each.id for each in self._finished(account_id, passes.c.outcome == READ, limit=1)), None)

    def settle_pass(self, pass_id: int) -> None:
        """Notes that everybody unseen was looked up; when the pass ended stays as it is."""
        self._connection.execute(update(passes).where(passes.c.id == pass_id).values(outcome=DONE))

    def overtake(self, account_id: int, pass_id: int, now: datetime) -> None:
        """Ends an unfinished nightly pass from before that one, which has read the whole list: nothing is left of it.

        Going on from its mark would be wrong by now.
        """
        reading = self.open_pass(account_id, "night")
        if reading is not None and reading.id < pass_id:
            self.finish_pass(reading.id, OVERTAKEN, now)

    def broken_off(self, account_id: int) -> list[PastPass]:
        """Returns nightly passes since the last complete one whose list ended too early; newest first."""
        newest = select(func.max(passes.c.id)).where(passes.c.account_id == account_id)
        last = newest.where(passes.c.outcome.in_(COMPLETE)).scalar_subquery()
        doubtful = and_(passes.c.kind == "night", passes.c.outcome == ENDED_EARLY)
        return self._finished(account_id, doubtful, passes.c.id > func.coalesce(last, 0), limit=None)

    def _finished(self, account_id: int, *which: ColumnElement[bool], limit: int | None) -> list[PastPass]:
        """Returns the finished passes, the newest first."""
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
