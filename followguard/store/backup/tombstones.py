"""Tombstones outlive a restore: they are carried over from the database that a backup replaces."""

from contextlib import suppress
from dataclasses import dataclass
from sqlite3 import Error as SqliteError

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from followguard.errors import StoreFailed
from followguard.store.engine import current_schema
from followguard.store.tables import settings, tombstones
from followguard.store.tables.of_one_person import SALT
from followguard.store.values import insert_for
from followguard.store.work import Covered


@dataclass(frozen=True, slots=True)
class Buried:
    """The salt, and digest -> day of every tombstone."""

    salt: str
    stones: dict[str, str]


def read_buried(engine: Engine) -> Buried | None:
    """Reads whom a database forgot, before a backup takes its place; None where it forgot nobody, or can't be read."""
    with suppress(SQLAlchemyError, SqliteError, StoreFailed):
        if current_schema(engine) is None:  # which doesn't create a SQLite file that is missing
            return None
        with engine.begin() as connection:
            salt = connection.execute(select(settings.c.value).where(settings.c.name == SALT)).scalar()
            rows = connection.execute(select(tombstones)).all()
            return Buried(salt, {row.digest: row.day for row in rows}) if salt else None
    return None


def restore_tombstones(connection: Connection, covered: Covered, buried: Buried) -> None:
    """Carries them into the backup that was put back; one of another installation keeps its own."""
    named = insert_for(connection, settings).on_conflict_do_nothing()
    covered.insert(named.values(name=SALT, value=buried.salt))
    salt = connection.execute(select(settings.c.value).where(settings.c.name == SALT)).scalar()
    for digest, day in buried.stones.items() if salt == buried.salt else ():
        stone = insert_for(connection, tombstones).on_conflict_do_nothing()
        covered.insert(stone.values(digest=digest, day=day))
