"""Restores: a backup is checked, then put back, and what stood before is kept aside."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.errors import AlreadyRunning, SchemaMismatch, StoreFailed
from followguard.proof.check import check_database
from followguard.setup.database import backup_to_restore
from followguard.store.store import open_store
from tests.builders.backups import LATER, NOW, kinds, note


def test_a_backup_is_put_back(store: Any) -> None:
    """Later rows are gone, and the database that stood before is kept aside, itself a backup."""
    note(store, "before")
    path = store.upkeep.back_up(NOW, keep=14)
    note(store, "after")
    restored = store.upkeep.restore(path, LATER)
    assert kinds(store) == ["before", "db.restore"]
    store.upkeep.restore(restored.aside, LATER + timedelta(seconds=1))
    assert kinds(store) == ["before", "after", "db.restore"]
    assert check_database(store).findings == ()


def test_the_rules_hold_after_a_restore(store: Any) -> None:
    """Triggers come back with the rest."""
    note(store, "before")
    store.upkeep.restore(store.upkeep.back_up(NOW, keep=14), LATER)
    with pytest.raises(StoreFailed, match="never changed"), store.begin() as work:
        work.connection.exec_driver_sql("DELETE FROM log")


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX alone")
def test_a_backup_whose_name_is_not_utf8_can_be_put_back(sqlite_store: Any) -> None:
    """A backup may be called as a copy from another system is."""
    note(sqlite_store, "before")
    copy = Path(os.fsdecode(os.fsencode(sqlite_store.places.backups) + b"/caf\xe9 %41?#.db"))
    sqlite_store.upkeep.back_up(NOW, keep=14).rename(copy)
    note(sqlite_store, "after")
    sqlite_store.upkeep.restore(copy, LATER)
    assert "after" not in kinds(sqlite_store)


def test_a_damaged_backup_is_not_put_back(sqlite_store: Any) -> None:
    """It is checked before anything is touched."""
    note(sqlite_store, "before")
    path = sqlite_store.upkeep.back_up(NOW, keep=14)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    with pytest.raises(StoreFailed, match=r"malformed|damaged"):
        sqlite_store.upkeep.restore(path, LATER)
    path.write_text("no database")
    with pytest.raises(StoreFailed, match="can't be restored"):
        sqlite_store.upkeep.restore(path, LATER)
    assert kinds(sqlite_store) == ["before"]


def test_a_database_of_something_else_is_not_put_back(sqlite_store: Any, tmp_path: Path) -> None:
    """A whole SQLite file that followguard didn't make."""
    other = sqlite3.connect(tmp_path / "music.db")
    other.execute("CREATE TABLE songs (name TEXT)")
    other.close()
    with pytest.raises(StoreFailed, match="isn't a backup"):
        sqlite_store.upkeep.restore(tmp_path / "music.db", LATER)


def test_a_backup_of_a_newer_schema_is_not_put_back(store: Any) -> None:
    """The program couldn't use it."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    path = store.upkeep.back_up(NOW, keep=14)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(SchemaMismatch, match="9999"):
        store.upkeep.restore(path, LATER)


def test_nothing_is_put_back_under_a_run(store: Any) -> None:
    """A restore waits for no one: it is refused while any account is being worked on."""
    path = store.upkeep.back_up(NOW, keep=14)
    note(store, "tonight")
    with store.lock("acme"), pytest.raises(AlreadyRunning, match="under way"):
        store.upkeep.restore(path, LATER)
    assert kinds(store) == ["tonight"]


def test_a_desk_left_open_sees_the_backup(store_url: str, tmp_path: Path) -> None:
    """The database is replaced inside, so that nobody goes on in a file that was taken away."""
    with (
        open_store(store_url, lock_dir=tmp_path, backup_dir=tmp_path / "b") as desk,
        open_store(store_url, lock_dir=tmp_path, backup_dir=tmp_path / "b") as owner,
    ):
        note(desk, "before")
        path = owner.upkeep.back_up(NOW, keep=14)
        note(desk, "after")
        owner.upkeep.restore(path, LATER)
        assert kinds(desk) == ["before", "db.restore"]
        note(desk, "new")
        assert kinds(owner) == ["before", "db.restore", "new"]


def test_a_damaged_database_is_moved_aside_and_replaced(sqlite_url: str, tmp_path: Path) -> None:
    """The case that backups are for."""
    with open_store(sqlite_url) as store:
        note(store, "before")
        path = store.upkeep.back_up(NOW, keep=14)
    (tmp_path / "followguard.db").write_bytes(b"not a database at all " * 500)
    with open_store(sqlite_url) as store:
        restored = store.upkeep.restore(path, LATER)
        assert kinds(store) == ["before", "db.restore"]
    assert restored.aside is not None
    assert restored.aside.read_bytes().startswith(b"not a database")


def test_a_lost_database_is_put_back(sqlite_url: str, tmp_path: Path) -> None:
    """The file is gone; there is nothing to put aside."""
    with open_store(sqlite_url) as store:
        note(store, "before")
        path = store.upkeep.back_up(NOW, keep=14)
    (tmp_path / "followguard.db").unlink()
    with open_store(sqlite_url) as store:
        assert store.upkeep.restore(path, LATER).aside is None
        assert kinds(store) == ["before", "db.restore"]


def test_the_newest_backup_is_the_default(sqlite_store: Any) -> None:
    """`restore` without a file takes the newest; a file that isn't there is a slip."""
    from followguard.errors import UsageError

    with pytest.raises(UsageError, match="no backup yet"):
        backup_to_restore(sqlite_store.upkeep, None)
    sqlite_store.upkeep.back_up(NOW, keep=14)
    note(sqlite_store, "second")
    newest = sqlite_store.upkeep.back_up(LATER, keep=14)
    with pytest.raises(UsageError, match=newest.name):
        backup_to_restore(sqlite_store.upkeep, Path("nowhere.db"))
    assert backup_to_restore(sqlite_store.upkeep, None) == newest
