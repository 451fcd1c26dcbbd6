"""Free space: what was deleted isn't left in the database's file."""

from typing import Any

from sqlalchemy import Engine

from followguard.store.tables.of_one_person import owned_rows


def wipe(engine: Engine) -> None:
    """Rewrites the database, so that what was deleted isn't left in its free space.

    On PostgreSQL the tables of followers; its own write-ahead log is the server's to recycle. Needs room for a copy.
    Raises SQLAlchemyError or sqlite3.Error where the database stays busy or the disk is full.
    """
    if engine.dialect.name == "sqlite":
        _wipe_sqlite(engine)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET lock_timeout = '30s'")
        names = {table.name for table, _, _ in owned_rows("")} | {"log_openings", "paid_profiles", "forgetting", "runs"}
        for name in sorted(names):
            connection.exec_driver_sql(f"VACUUM (FULL) {name}")


def _wipe_sqlite(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        _checkpoint(cursor)
        cursor.close()
    finally:
        raw.close()


def checkpoint(engine: Engine) -> None:
    """Empties SQLite's write-ahead log, as far as nobody reads from it right now."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            _checkpoint(cursor)
            cursor.close()
        finally:
            raw.close()


def _checkpoint(cursor: Any) -> None:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cursor.fetchall()
