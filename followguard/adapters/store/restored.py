"""What a restore leaves in the log that it puts back: whose place the backup took, so that heads stay explained."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from sqlite3 import Error as SqliteError
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from followguard.adapters.store.buried import Buried, bury_again
from followguard.adapters.store.schema import current_schema
from followguard.adapters.store.tables import log
from followguard.domain.hashchain import GENESIS

if TYPE_CHECKING:
    from followguard.adapters.store.work import SqlWork

KIND = "db.restore"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a log: its number, 0 where there is none, and its hash."""

    seq: int
    hash: str


def read_head(engine: Engine) -> Head | None:
    """The head of a database before a backup takes its place; None where it can't be read."""
    with suppress(SQLAlchemyError, SqliteError):
        if current_schema(engine) is not None:  # which doesn't create a SQLite file that is missing
            with engine.begin() as connection:
                row = connection.execute(select(log.c.seq, log.c.hash).order_by(log.c.seq.desc()).limit(1)).first()
                return Head(0, GENESIS) if row is None else Head(row.seq, row.hash)
    return None


def note_restore(work: "SqlWork", backup: str, before: Head | None, gone: Buried | None, now: datetime) -> None:
    """The old head and the new one in one entry, and whoever was forgotten stays so."""
    row = work.connection.execute(select(log.c.seq, log.c.hash).order_by(log.c.seq.desc()).limit(1)).first()
    after = Head(0, GENESIS) if row is None else Head(row.seq, row.hash)
    if gone is not None:
        bury_again(work.connection, work.covered, gone)
    payload = {"backup": backup, "old": None if before is None else asdict(before), "new": asdict(after)}
    work.log.append(now, KIND, "", "followguard", payload)
