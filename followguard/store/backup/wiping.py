"""Free space: what was deleted isn't left in the database's file."""

from contextlib import closing

from sqlalchemy import Engine

from followguard.store.tables.of_one_person import owned_rows

_CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"


def wipe(engine: Engine) -> None:
    """Rewrites the database, so that what was deleted isn't left in its free space.

    On PostgreSQL the tables of followers; its own write-ahead log is the server's to recycle. Needs room for a copy.
    Raises SQLAlchemyError or sqlite3.Error where the database stays busy or the disk is full.
    """
    if engine.dialect.name == "sqlite":
        _on_sqlite(engine, "VACUUM", _CHECKPOINT)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET lock_timeout = '30s'")
        names = {table.name for table, _, _ in owned_rows("")} | {"log_openings", "paid_profiles", "forgetting", "runs"}
        for name in sorted(names):
            connection.exec_driver_sql(f"VACUUM (FULL) {name}")


def checkpoint(engine: Engine) -> None:
    """Empties SQLite's write-ahead log, as far as nobody reads from it right now."""
    if engine.dialect.name == "sqlite":
        _on_sqlite(engine, _CHECKPOINT)


def _on_sqlite(engine: Engine, *statements: str) -> None:
    """Runs the statements outside any transaction."""
    with closing(engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
