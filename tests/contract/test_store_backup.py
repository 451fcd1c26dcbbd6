"""Backups: whole or not there, kept in number, and put back without losing what stood before."""

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.adapters.store import backup_sqlite
from followguard.adapters.store.backup_postgres import PostgresCopies
from followguard.adapters.store.backup_sqlite import copy
from followguard.adapters.store.engine import open_store
from followguard.adapters.store.log import Log
from followguard.errors import AlreadyRunning, SchemaMismatch, StoreFailed
from followguard.jobs.database import back_up_before_night, backup_to_restore, upgrade_database

NOW = datetime(2026, 8, 22, 0, 0, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)


@pytest.fixture(autouse=True)
def client_programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of the server under test come first on PATH."""
    if "postgres_server" in request.fixturenames or "postgresql" in request.node.name:
        server = request.getfixturevalue("postgres_server")
        monkeypatch.setenv("PATH", f"{server.bin_path}{os.pathsep}{os.environ['PATH']}")


def note(store: Any, kind: str) -> str:
    """Writes one entry; returns the head."""
    with store.begin() as work:
        return str(Log(work).append(NOW, kind, "", "followguard", {"kind": kind}))


def kinds(store: Any) -> list[str]:
    """What the log tells of."""
    with store.begin() as work:
        return [entry.kind for entry in Log(work).entries()]


@contextmanager
def disk_with_room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_backup_is_put_back(store: Any) -> None:
    """What came after it is gone, and what stood before is kept aside, itself a backup."""
    note(store, "before")
    path = store.upkeep.back_up(NOW, keep=14)
    note(store, "after")
    restored = store.upkeep.restore(path, LATER)
    assert kinds(store) == ["before", "db.restore"]
    store.upkeep.restore(restored.aside, LATER + timedelta(seconds=1))
    assert kinds(store) == ["before", "after", "db.restore"]
    assert store.upkeep.check().findings == ()


def test_the_rules_hold_after_a_restore(store: Any) -> None:
    """Triggers come back with the rest."""
    note(store, "before")
    store.upkeep.restore(store.upkeep.back_up(NOW, keep=14), LATER)
    with pytest.raises(StoreFailed, match="never changed"), store.begin() as work:
        work.connection.exec_driver_sql("DELETE FROM log")


def test_a_backup_is_named_by_its_time_and_alone(sqlite_store: Any, tmp_path: Path) -> None:
    """One file, no write-ahead log beside it, the time in UTC."""
    path = sqlite_store.upkeep.back_up(NOW, keep=14)
    assert path == tmp_path / "backups" / "followguard-20260822T000005Z.db"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_backup_is_taken_while_others_write(sqlite_store: Any) -> None:
    """It holds what was committed, and waits for nobody."""
    note(sqlite_store, "committed")
    with sqlite_store.begin() as work:
        Log(work).append(NOW, "not yet", "", "followguard", {})
        path = sqlite_store.upkeep.back_up(NOW, keep=14)
    with open_store(f"sqlite:///{path}") as copy:
        assert kinds(copy) == ["committed"]


def test_the_newest_backups_are_kept(store: Any) -> None:
    """By the time in the name; other files in the folder are left alone."""
    folder = store.places.backups
    made = [store.upkeep.back_up(NOW + timedelta(days=day), keep=2) for day in range(3)]
    (folder / "followguard-before-restore-20200101T000000Z.db").touch()
    (folder / "notes.txt").touch()
    made.append(store.upkeep.back_up(LATER + timedelta(days=5), keep=2))
    assert store.upkeep.backups() == [made[3], made[2]]
    assert len(list(folder.iterdir())) == 4


def test_what_a_killed_backup_left_is_cleared(sqlite_store: Any) -> None:
    """A half-written file is never taken for a backup, and goes with the next one."""
    folder = sqlite_store.places.backups
    folder.mkdir()
    (folder / "followguard-20260821T000000Z.db.partial").write_bytes(b"half")
    assert sqlite_store.upkeep.backups() == []
    path = sqlite_store.upkeep.back_up(NOW, keep=14)
    assert list(folder.iterdir()) == [path]


def test_two_backups_at_the_same_second_are_two_files(sqlite_store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where both found the same name free: the one that comes second takes the next."""
    folder, name = sqlite_store.places.backups, "followguard-20260822T000005Z"

    def slow_copy(source: Path, target: Path) -> None:
        (folder / f"{name}.db").write_bytes(b"made by another run meanwhile")
        copy(source, target)

    monkeypatch.setattr(backup_sqlite, "copy", slow_copy)
    assert sqlite_store.upkeep.back_up(NOW, keep=14) == folder / f"{name}-2.db"
    assert (folder / f"{name}.db").read_bytes() == b"made by another run meanwhile"


def test_a_backup_leaves_alone_what_another_process_is_writing(sqlite_store: Any) -> None:
    """Two at once: the one that ends first takes away what the dead left, and nothing of the living."""
    folder = sqlite_store.places.backups
    folder.mkdir()
    pids = (os.getppid(), os.getpid(), 2**22 + 1)
    living, own, dead = (folder / f"followguard-20260821T000000Z.db.{pid}.partial" for pid in pids)
    for half in (living, own, dead):
        half.write_bytes(b"half")
    sqlite_store.upkeep.back_up(NOW, keep=14)
    assert (living.exists(), own.exists(), dead.exists()) == (True, False, False)


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX alone")
def test_a_backup_whose_name_is_not_utf8_can_be_put_back(sqlite_store: Any) -> None:
    """As a copy from another system may be called."""
    note(sqlite_store, "before")
    copy = Path(os.fsdecode(os.fsencode(sqlite_store.places.backups) + b"/caf\xe9 %41?#.db"))
    sqlite_store.upkeep.back_up(NOW, keep=14).rename(copy)
    note(sqlite_store, "after")
    sqlite_store.upkeep.restore(copy, LATER)
    assert "after" not in kinds(sqlite_store)


def test_a_full_disk_leaves_no_half_backup(sqlite_store: Any) -> None:
    """The error says so, the partial file is gone, the database works on."""
    note(sqlite_store, "before")
    with disk_with_room_for(50_000), pytest.raises(StoreFailed) as refused:
        sqlite_store.upkeep.back_up(NOW, keep=14)
    assert "disk" in str(refused.value)
    assert list(sqlite_store.places.backups.iterdir()) == []
    assert kinds(sqlite_store) == ["before"]


def test_a_folder_that_cannot_be_made_is_said(sqlite_store: Any) -> None:
    """A file stands where the folder for backups should be."""
    sqlite_store.places.backups.write_text("in the way")
    with pytest.raises(StoreFailed, match="can't be written"):
        sqlite_store.upkeep.back_up(NOW, keep=14)


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


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    """Nothing is made, neither database nor backup."""
    with open_store(f"sqlite:///{tmp_path / 'followguard.db'}") as store, pytest.raises(SchemaMismatch):
        store.upkeep.back_up(NOW, keep=14)
    assert list(tmp_path.iterdir()) == []


def test_without_pg_dump_the_command_is_named(postgres_store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The night goes on without a backup and can say why."""
    monkeypatch.setenv("PATH", "")
    made = back_up_before_night(postgres_store.upkeep, NOW, keep=14)
    assert made.path is None
    assert "pg_dump --format=custom" in str(made.problem)


def test_a_pg_dump_that_fails_is_quoted(postgres_store: Any, tmp_path: Path) -> None:
    """What the program said is passed on, and no half dump stays."""
    url = postgres_store.engine.url.set(database="nobody_made_this")
    with open_store(url.render_as_string(), backup_dir=tmp_path) as store:
        with pytest.raises(StoreFailed, match=r"pg_dump failed .*nobody_made_this"):
            PostgresCopies(store.engine).write(tmp_path / "followguard.dump")
        assert list(tmp_path.glob("*.dump*")) == []


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ann:s3cret@db.example:5433/fg?sslmode=require",
        "postgresql+psycopg://ann@db.example:5433/fg?sslmode=require&password=s3cret",
        "postgresql+psycopg://ann:s3cret@db.example:5433/fg?sslmode=require&sslpassword=k3y",
    ],
)
def test_the_password_goes_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Never on a command line, which everybody on the machine can read, and never into a message."""
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" "$PGPASSWORD" > "{tmp_path}/seen"\necho no >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with open_store(url) as store:
        copies = PostgresCopies(store.engine)
    with pytest.raises(StoreFailed) as refused:
        copies.write(tmp_path / "followguard.dump")
    assert "s3cret" not in str(refused.value)
    assert "k3y" not in str(refused.value)
    assert "--dbname=postgresql://ann@db.example:5433/fg?sslmode=require" in str(refused.value)
    arguments, _, password = (tmp_path / "seen").read_text().strip().rpartition(" ")
    assert password == "s3cret"
    assert "s3cret" not in arguments


def test_a_silent_server_does_not_hold_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs are told how long they may wait to be let in, unless the environment says it."""
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "waits $PGCONNECT_TIMEOUT s" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with open_store("postgresql+psycopg://ann@db.example/fg") as store:
        copies = PostgresCopies(store.engine)
    with pytest.raises(StoreFailed, match="waits 10 s"):
        copies.write(tmp_path / "followguard.dump")
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "3")
    with pytest.raises(StoreFailed, match="waits 3 s"):
        copies.write(tmp_path / "followguard.dump")


def test_an_upgrade_backs_up_what_it_changes(sqlite_store: Any) -> None:
    """Only when there is something to change, and before it is changed."""
    assert upgrade_database(sqlite_store.upkeep, NOW, keep=14).backup is None
    with sqlite_store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(Exception, match="0000"):
        upgrade_database(sqlite_store.upkeep, NOW, keep=14)
    assert len(sqlite_store.upkeep.backups()) == 1


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


def test_backups_can_be_turned_off(sqlite_store: Any) -> None:
    """`backups = 0` makes none, without a complaint."""
    made = back_up_before_night(sqlite_store.upkeep, NOW, keep=0)
    assert (made.path, made.problem, sqlite_store.upkeep.backups()) == (None, None, [])
    assert back_up_before_night(sqlite_store.upkeep, NOW, keep=1).path is not None


def test_a_healthy_database_has_no_findings(store: Any) -> None:
    """`check` says what it read."""
    head = note(store, "one")
    checked = store.upkeep.check()
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
        trigger, entry = store.upkeep.check().findings
        assert "refuse" in trigger
        assert "missing" in trigger
        assert entry == "log 2: entry 2 was changed"


def test_rows_that_point_nowhere_are_found(sqlite_store: Any, tmp_path: Path) -> None:
    """A SQLite file that was edited with foreign keys off."""
    edited = sqlite3.connect(tmp_path / "followguard.db")
    edited.execute("INSERT INTO roles (person_id, role, granted_at) VALUES (77, 'owner', '2026-08-22')")
    edited.commit()
    edited.close()
    keys, row = sqlite_store.upkeep.check().findings
    assert "roles" in keys
    assert "people" in keys
    assert row == "roles 1: no entry of the log wrote this row"
