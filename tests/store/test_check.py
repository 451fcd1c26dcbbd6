"""`db check`: a healthy database has no findings, and an edited one is found."""

import sqlite3
from pathlib import Path
from typing import Any

from followguard.proof.check import check_database
from followguard.store.store import open_store
from tests.builders.backups import note


def test_a_healthy_database_has_no_findings(store: Any) -> None:
    """`check` says what it read."""
    head = note(store, "one")
    checked = check_database(store)
    assert (checked.schema, checked.entries, checked.head, checked.findings) == ("0001", 1, head, ())


def test_a_changed_entry_is_found(empty_url: str) -> None:
    """Somebody who took the triggers away first."""
    with open_store(empty_url) as store:
        store.upgrade()
        note(store, "one")
        note(store, "two")
        postgres = store.engine.dialect.name == "postgresql"
        with store.engine.begin() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER log_refuse_{'change ON log' if postgres else 'update'}")
            connection.exec_driver_sql("UPDATE log SET actor = 'somebody else' WHERE seq = 2")
        trigger, entry = check_database(store).findings
        assert "refuse" in trigger
        assert "missing" in trigger
        assert entry == "log 2: entry 2 was changed"


def test_rows_that_point_nowhere_are_found(sqlite_store: Any, tmp_path: Path) -> None:
    """A SQLite file that was edited with foreign keys off."""
    edited = sqlite3.connect(tmp_path / "followguard.db")
    edited.execute("INSERT INTO roles (person_id, role, granted_at) VALUES (77, 'owner', '2026-08-22')")
    edited.commit()
    edited.close()
    keys, row = check_database(sqlite_store).findings
    assert "roles" in keys
    assert "people" in keys
    assert row == "roles 1: no entry of the log wrote this row"
