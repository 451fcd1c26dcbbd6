"""The log's entries for people to read, with what they say of followers."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, Text, and_, cast, select

from followguard.proof.log_kinds import ROWS
from followguard.proof.log_line import LogFilter
from followguard.store.tables import followers, log, log_openings, snapshots
from followguard.store.values import chunks
from followguard.store.work import Queries

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEntry:
    """One entry as stored. `payload` None: it was erased with a follower it named. `actor` is a pseudonym."""

    seq: int
    at: datetime
    kind: str
    account: str
    actor: str
    payload: dict[str, Any] | None

    @property
    def follower_id(self) -> str | None:
        """The follower it is about, if it is about one and isn't erased."""
        found = (self.payload or {}).get("follower_id")
        return found if isinstance(found, str) else None

    @property
    def item(self) -> int | None:
        """The card it is about, if it names one."""
        found = (self.payload or {}).get("item")
        return found if isinstance(found, int) else None


class PeopleLog(Queries):
    """Entries by who, which account, whom and when."""

    def entries(self, wanted: LogFilter) -> Iterator[LoggedEntry]:
        """Yields the newest `wanted.limit` of those that fit, the newest last; 0: all of them."""
        query = _narrowed(wanted)
        if not wanted.limit:
            rows = self._connection.execute(query.order_by(log.c.seq).execution_options(yield_per=AT_ONCE))
            yield from map(_entry_of, rows)
            return
        newest = self._connection.execute(query.order_by(log.c.seq.desc()).limit(wanted.limit)).all()
        yield from map(_entry_of, reversed(newest))

    def usernames(self, follower_ids: Collection[str]) -> dict[str, str | None]:
        """Maps followers on record to their last known username; whoever was forgotten is left out."""
        latest = and_(snapshots.c.id == followers.c.snapshot_id, snapshots.c.follower_id == followers.c.follower_id)
        query = select(followers.c.follower_id, snapshots.c.username).outerjoin(snapshots, latest)
        found: dict[str, str | None] = {}
        for part in chunks(sorted(follower_ids)):
            for row in self._connection.execute(query.where(followers.c.follower_id.in_(part))):
                found[row.follower_id] = found.get(row.follower_id) or row.username
        return found


def _narrowed(wanted: LogFilter) -> Select[Any]:
    columns = (log.c.seq, log.c.at, log.c.kind, log.c.account, log.c.actor, log_openings.c.payload)
    query = select(*columns).outerjoin(log_openings, log_openings.c.seq == log.c.seq)
    if not wanted.rows:
        query = query.where(log.c.kind != ROWS)
    if wanted.actor is not None:
        query = query.where(log.c.actor == wanted.actor)
    if wanted.account is not None:
        query = query.where(log.c.account == wanted.account)
    if wanted.accounts is not None:
        query = query.where(log.c.account.in_(wanted.accounts))
    if wanted.follower_id is not None:
        about = cast(log_openings.c.payload, Text).contains(f'"follower_id": "{wanted.follower_id}"')
        query = query.where(about)
    if wanted.since is not None:
        query = query.where(log.c.at >= wanted.since.astimezone(UTC).isoformat(timespec="microseconds"))
    if wanted.before is not None:
        query = query.where(log.c.seq < wanted.before)
    return query


def _entry_of(row: Row[Any]) -> LoggedEntry:
    return LoggedEntry(
        seq=row.seq,
        at=datetime.fromisoformat(row.at),
        kind=row.kind,
        account=row.account,
        actor=row.actor,
        payload=row.payload,
    )
