"""Tombstones outlive a restore: they are carried over from the database that a backup replaces."""

from contextlib import suppress
from dataclasses import dataclass
from sqlite3 import Error as SqliteError

from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from followguard.adapters.store.forgetting import SALT
from followguard.adapters.store.inserts import insert_for
from followguard.adapters.store.schema import current_schema
from followguard.adapters.store.tables import settings, tombstones
from followguard.errors import StoreFailed


@dataclass(frozen=True, slots=True)
class Buried:
    """The salt, and digest -> day of every tombstone."""

    salt: str
    stones: dict[str, str]


def read_buried(engine: Engine) -> Buried | None:
    """Whom a database forgot, before a backup takes its place; None where it forgot nobody, or can't be read."""
    with suppress(SQLAlchemyError, SqliteError, StoreFailed):
        if current_schema(engine) is None:  # which doesn't create a SQLite file that is missing
            return None
        return _buried(engine)
    return None


def _buried(engine: Engine) -> Buried | None:
    with engine.begin() as connection:
        salt = connection.execute(select(settings.c.value).where(settings.c.name == SALT)).scalar()
        rows = connection.execute(select(tombstones)).all()
        return Buried(salt, {row.digest: row.day for row in rows}) if salt else None


def bury_again(engine: Engine, buried: Buried) -> None:
    """Into the backup that was put back; one of another installation, or of an older schema, keeps its own."""
    if not inspect(engine).has_table(tombstones.name):
        return
    with engine.begin() as connection:
        named = insert_for(connection, settings).on_conflict_do_nothing()
        connection.execute(named, {"name": SALT, "value": buried.salt})
        salt = connection.execute(select(settings.c.value).where(settings.c.name == SALT)).scalar()
        if salt == buried.salt and buried.stones:
            rows = [{"digest": digest, "day": day} for digest, day in buried.stones.items()]
            connection.execute(insert_for(connection, tombstones).on_conflict_do_nothing(), rows)
