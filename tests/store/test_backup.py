"""Backups: whole or not there, named by their time, and kept in number."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.errors import SchemaMismatch, StoreFailed
from followguard.night.nightly import back_up_before_night
from followguard.setup.database import upgrade_database
from followguard.store.backup import sqlite
from followguard.store.backup.postgres import PostgresCopies
from followguard.store.backup.sqlite import copy
from followguard.store.log import Log
from followguard.store.store import open_store
from tests.builders.backups import LATER, NOW, kinds, note


@contextmanager
def disk_with_room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


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
    """The newest backups by the time in the name are kept; other files in the folder are left alone."""
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
    """Two backups at one second are two files: where both found a name free, the second takes the next."""
    folder, name = sqlite_store.places.backups, "followguard-20260822T000005Z"

    def slow_copy(source: Path, target: Path) -> None:
        (folder / f"{name}.db").write_bytes(b"made by another run meanwhile")
        copy(source, target)

    monkeypatch.setattr(sqlite, "copy", slow_copy)
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
    """The program's own words are passed on, and no half dump stays."""
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
    """An upgrade backs up when there is something to change, before it is changed."""
    assert upgrade_database(sqlite_store.upkeep, NOW, keep=14).backup is None
    with sqlite_store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(Exception, match="0000"):
        upgrade_database(sqlite_store.upkeep, NOW, keep=14)
    assert len(sqlite_store.upkeep.backups()) == 1


def test_backups_can_be_turned_off(sqlite_store: Any) -> None:
    """`backups = 0` makes none, without a complaint."""
    made = back_up_before_night(sqlite_store.upkeep, NOW, keep=0)
    assert (made.path, made.problem, sqlite_store.upkeep.backups()) == (None, None, [])
    assert back_up_before_night(sqlite_store.upkeep, NOW, keep=1).path is not None
