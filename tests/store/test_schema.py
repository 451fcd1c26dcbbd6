"""The schema: made by migrations, equal to the tables, never changed unasked."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from followguard.accounts.store import Accounts
from followguard.errors import SchemaMismatch
from followguard.proof.check import check_database
from followguard.store import migrations
from followguard.store.engine import SCHEMA, VERSION_TABLE
from followguard.store.migrations.triggers import statements
from followguard.store.store import open_store
from followguard.store.tables import metadata


def set_schema(store: Any, revision: str) -> None:
    """Sets the schema as if another version of the program had been here."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


ASPECTS = ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "check_constraints")
OTHER_SQL = {
    "sqlite": ("SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')",),
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    ),
}


def shape(connection: Connection) -> dict[str, list[str]]:
    """Everything a database says about its tables, keys, checks, indexes and triggers, in no order."""
    inspector = inspect(connection)
    found: dict[str, list[str]] = {}
    for table in set(inspector.get_table_names()) - {VERSION_TABLE}:
        for aspect in ASPECTS:
            told = getattr(inspector, f"get_{aspect}")(table)
            found[f"{table} {aspect}"] = sorted(map(str, told if isinstance(told, list) else [told]))
    for query in OTHER_SQL[connection.dialect.name]:
        rows = connection.execute(text(query)).all()
        found |= {f"{query.split()[1]} {name}": [str(sql)] for name, sql in rows if VERSION_TABLE not in name}
    return found


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrations_make_the_tables(empty_url: str) -> None:
    """A migrated database differs in nothing from `tables` and `triggers`."""
    with open_store(empty_url) as store:
        with store.engine.connect() as connection:
            metadata.create_all(connection)
            for statement in statements(connection.dialect.name):
                connection.exec_driver_sql(statement)
            wanted = shape(connection)
            connection.rollback()
        store.upgrade()
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_server_default": True})
            assert compare_metadata(context, metadata) == []
            assert shape(connection) == wanted


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
            assert Accounts(work).all() == []


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
    """A database of a newer program is neither used nor upgraded; the message names both (exit 2)."""
    set_schema(store, revision)
    for attempt in (store.begin().__enter__, store.upgrade, lambda: check_database(store)):
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
