"""Alembic's home: `run_upgrade` brings a database to the newest revision in `versions`, without an ini file."""

from pathlib import Path

from sqlalchemy import Connection


def run_upgrade(connection: Connection, revision: str = "head") -> None:
    """Runs inside the caller's transaction, so that a step that fails leaves nothing behind."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
