"""A restore's entry in the log that it puts back: which database the backup replaced, so that heads stay explained."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Error as SqliteError
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from followguard.errors import StoreFailed
from followguard.store.backup.tombstones import Buried, read_buried, restore_tombstones
from followguard.store.engine import current_schema
from followguard.store.hashchain import GENESIS, RESTORE, superseded
from followguard.store.log import Log
from followguard.store.tables import log
from followguard.store.work import Work

Hashes = list[tuple[int, str]]
"""Number and hash of every entry, in order."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The database that a backup replaces: its log's hashes, None where they can't be read, and whom it forgot."""

    hashes: Hashes | None
    gone: Buried | None


def read_replaced(engine: Engine) -> Replaced:
    """Reads the database before the backup takes its place."""
    hashes = None
    with suppress(SQLAlchemyError, SqliteError, StoreFailed):
        if current_schema(engine) is not None:  # which doesn't create a SQLite file that is missing
            with engine.begin() as connection:
                hashes = _hashes(connection)
    return Replaced(hashes, read_buried(engine))


def note_restore(work: Work, backup: str, before: Replaced, now: datetime) -> None:
    """Adds one entry with the old head, the new one and what was superseded; whoever was forgotten stays so."""
    after = _hashes(work.connection)
    if before.gone is not None:
        restore_tombstones(work.connection, work.covered, before.gone)
    kept = {found for _, found in after}
    lost = None if before.hashes is None else [found for _, found in before.hashes if found not in kept]
    payload = {
        "backup": backup,
        "old": _head(before.hashes),
        "new": _head(after),
        "superseded": None if lost is None else list(superseded(lost)),
    }
    Log(work).append(now, RESTORE, "", "followguard", payload)


def _hashes(connection: Connection) -> Hashes:
    return [(row.seq, row.hash) for row in connection.execute(select(log.c.seq, log.c.hash).order_by(log.c.seq))]


def _head(hashes: Hashes | None) -> dict[str, Any] | None:
    """Returns number and hash of the last entry; number 0 for a log without entries."""
    if hashes is None:
        return None
    seq, found = hashes[-1] if hashes else (0, GENESIS)
    return {"seq": seq, "hash": found}
