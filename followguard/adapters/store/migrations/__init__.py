"""Alembic's home: `run_upgrade` brings a database to the newest revision in `versions`, without an ini file."""

from pathlib import Path

from sqlalchemy import Connection

SQL = Path(__file__).parent / "sql"
NEXT = "\n--;\n"
"""Stands between two statements; a trigger holds semicolons of its own."""


def run_upgrade(connection: Connection, revision: str = "head") -> None:
    """Runs inside the caller's transaction, so that a step that fails leaves nothing behind."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def run_frozen(connection: Connection, revision: str) -> None:
    """Runs the statements that were frozen for the revision and the kind of database."""
    for statement in frozen_path(revision, connection.dialect.name).read_text(encoding="utf-8").split(NEXT):
        connection.exec_driver_sql(statement)


def frozen_path(revision: str, dialect: str) -> Path:
    """`sql/0001_sqlite.sql`."""
    return SQL / f"{revision}_{dialect}.sql"
