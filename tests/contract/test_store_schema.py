"""The schema: made by migrations, equal to the tables, never changed unasked."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from followguard.adapters.store import migrations
from followguard.adapters.store.engine import open_store
from followguard.adapters.store.schema import SCHEMA
from followguard.adapters.store.tables import metadata
from followguard.errors import SchemaMismatch


def set_schema(store: Any, revision: str) -> None:
    """As if another version of the program had been here."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def test_the_migrations_make_the_tables(store: Any) -> None:
    """A migrated database differs in nothing from `tables.metadata`."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_the_program_wants() -> None:
    """`SCHEMA` names the one head of the migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


def test_an_empty_database_gets_the_schema(empty_url: str) -> None:
    """The first upgrade creates everything, the second has nothing to do."""
    with open_store(empty_url) as store:
        assert store.upgrade() == (None, SCHEMA)
        assert store.upgrade() == (SCHEMA, SCHEMA)
        with store.begin() as work:
            assert work.accounts.all() == []


def test_an_upgrade_that_fails_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All steps are one transaction, DDL too."""
    run = migrations.run_upgrade

    def fails_late(connection: Any) -> None:
        run(connection)
        raise OSError("power cut")

    monkeypatch.setattr(migrations, "run_upgrade", fails_late)
    with open_store(empty_url) as store:
        with pytest.raises(OSError, match="power cut"):
            store.upgrade()
        assert store.upkeep.schema() is None
        monkeypatch.undo()
        assert store.upgrade() == (None, SCHEMA)


@pytest.mark.parametrize("revision", ["9999", "a1b2c3d4"])
def test_a_newer_schema_is_refused_everywhere(store: Any, revision: str) -> None:
    """Neither use nor upgrade touches a database of a newer program; the message names both (exit 2)."""
    set_schema(store, revision)
    for attempt in (store.begin().__enter__, store.upgrade, store.upkeep.check):
        with pytest.raises(SchemaMismatch) as refused:
            attempt()
        assert revision in str(refused.value)
        assert SCHEMA in str(refused.value)
        assert refused.value.exit_code == 2


def test_an_older_schema_asks_for_the_upgrade(store: Any) -> None:
    """Use never upgrades by itself."""
    set_schema(store, "0000")
    with pytest.raises(SchemaMismatch, match="followguard db upgrade"), store.begin():
        pass
    assert store.upkeep.schema() == "0000"


def test_somebody_elses_tables_are_left_alone(empty_url: str) -> None:
    """A database of another program that happens to have a table `people`."""
    with open_store(empty_url) as store:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE people (id INTEGER)")
        with pytest.raises(SchemaMismatch, match="none of followguard's making"):
            store.upgrade()
