"""Which schema a database has, and whether this program can use it. Upgrades happen only when asked for."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from followguard.errors import SchemaMismatch
from followguard.store import tables
from followguard.store.seed import ensure_seed

SCHEMA = "0001"
"""The revision this program is written for: the name of the newest file in `migrations/versions`."""
VERSION_TABLE = "alembic_version"
_UPGRADERS = 7_041_977_254  # the advisory lock of those who change the schema
_START = (
    "New here: followguard init, which also makes the database of a configuration that is there. "
    "Lost: check `database_url`, or put a backup back with followguard db restore."
)


def schema_of(connection: Connection) -> str | None:
    """Returns the revision, or None for a database without ours. Raises `SchemaMismatch` for somebody else's tables."""
    names = set(inspect(connection).get_table_names())
    if VERSION_TABLE in names:
        revision = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        return None if revision is None else str(revision)
    if names & set(tables.metadata.tables):
        raise SchemaMismatch("The database holds tables, but none of followguard's making.", "Check `database_url`.")
    return None


def current_schema(engine: Engine) -> str | None:
    """Calls `schema_of` on a connection of its own; None too when there is no SQLite file, and none is created."""
    if _missing_file(engine):
        return None
    with engine.connect().execution_options(begin="DEFERRED") as connection:
        return schema_of(connection)


def require_current(engine: Engine) -> None:
    """Raises `SchemaMismatch` unless the database has exactly `SCHEMA`."""
    found = current_schema(engine)
    if found is None:
        where = f"There is no database at {engine.url.database}." if _missing_file(engine) else "The database is empty."
        raise SchemaMismatch(where, _START)
    require_usable(found)
    if found != SCHEMA:
        message = f"The database has schema {found}, older than this program's {SCHEMA}."
        raise SchemaMismatch(message, "Run followguard db upgrade (it backs up first).")


def require_usable(found: str, what: str = "database") -> None:
    """Raises `SchemaMismatch` for a schema that this program can neither use nor upgrade.

    Revisions are numbers; anything else was made by a program that isn't this one.
    """
    if not found.isdigit() or int(found) > int(SCHEMA):
        message = f"The {what} has schema {found}, newer than this program's {SCHEMA}."
        raise SchemaMismatch(message, "Install the followguard that made it, or restore an older backup by its name.")


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Runs all steps in one transaction. Raises `SchemaMismatch` when the schema is newer than the program's."""
    from followguard.store.migrations import run_upgrade

    with engine.begin() as connection:
        _queue_up(connection)
        before = schema_of(connection)
        if before is not None:
            require_usable(before)
        if before != SCHEMA:
            run_upgrade(connection)
            ensure_seed(connection)
    return before, SCHEMA


def _queue_up(connection: Connection) -> None:
    """Lets two who upgrade at once do it one after the other; SQLite sees to that by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _UPGRADERS})


def _missing_file(engine: Engine) -> bool:
    name = engine.url.database
    return engine.dialect.name == "sqlite" and name is not None and not Path(name).exists()
