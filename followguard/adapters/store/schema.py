"""Which schema a database has, and whether this program can use it. Upgrades happen only when asked for."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from followguard.adapters.store import tables
from followguard.errors import SchemaMismatch

SCHEMA = "0001"
"""The revision this program is written for: the name of the newest file in `migrations/versions`."""
VERSION_TABLE = "alembic_version"
_INIT = "Run followguard init (a new installation) or followguard db upgrade."


def schema_of(connection: Connection) -> str | None:
    """The revision, or None for a database without ours. Raises `SchemaMismatch` for somebody else's tables."""
    names = set(inspect(connection).get_table_names())
    if VERSION_TABLE in names:
        revision = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        return None if revision is None else str(revision)
    if names & set(tables.metadata.tables):
        raise SchemaMismatch("The database holds tables, but none of followguard's making.", "Check `database_url`.")
    return None


def require_current(engine: Engine) -> None:
    """Raises `SchemaMismatch` unless the database has exactly `SCHEMA`. Never creates a SQLite file."""
    if _missing_file(engine):
        raise SchemaMismatch(f"There is no database at {engine.url.database}.", _INIT)
    with engine.connect() as connection:
        found = schema_of(connection)
    if found is None:
        raise SchemaMismatch("The database is empty.", _INIT)
    if found != SCHEMA:
        raise _mismatch(found)


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """One transaction for all steps. Raises `SchemaMismatch` when the schema is newer than the program's."""
    from followguard.adapters.store.migrations import run_upgrade

    with engine.begin() as connection:
        before = schema_of(connection)
        if before is not None and _is_newer(before):
            raise _mismatch(before)
        if before != SCHEMA:
            run_upgrade(connection)
    return before, SCHEMA


def _is_newer(found: str) -> bool:
    """Revisions are numbers; anything else was made by a program that isn't this one."""
    return not found.isdigit() or int(found) > int(SCHEMA)


def _mismatch(found: str) -> SchemaMismatch:
    if _is_newer(found):
        message = f"The database has schema {found}, newer than this program's {SCHEMA}."
        return SchemaMismatch(message, "Install the followguard that made it, or restore an older backup.")
    message = f"The database has schema {found}, older than this program's {SCHEMA}."
    return SchemaMismatch(message, "Run followguard db upgrade (it backs up first).")


def _missing_file(engine: Engine) -> bool:
    name = engine.url.database
    return engine.dialect.name == "sqlite" and name is not None and not Path(name).exists()
