"""Opening a database, and what is said when it can't be used."""

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.store import Accounts, People
from followguard.errors import ConfigurationError, SchemaMismatch, StoreFailed
from followguard.store.log import Log
from followguard.store.store import open_store

NOW = datetime(2026, 8, 22, 3, tzinfo=UTC)


def test_a_block_that_ends_is_kept(store: Any) -> None:
    """Leaving the block commits."""
    with store.begin() as work:
        Accounts(work).ensure("acme", NOW)
    with store.begin() as work:
        assert [account.handle for account in Accounts(work).all()] == ["acme"]


def test_a_block_that_raises_never_happened(store: Any) -> None:
    """An error rolls everything back and comes through unchanged."""

    def stops_half_way() -> None:
        with store.begin() as work:
            Accounts(work).ensure("acme", NOW)
            raise KeyError("stop")

    with pytest.raises(KeyError):
        stops_half_way()
    with store.begin() as work:
        assert Accounts(work).all() == []


def test_a_broken_rule_is_one_line_without_sql_or_values(store: Any) -> None:
    """A refusal of the database reaches people as `StoreFailed`."""

    def adds_two_of_a_name() -> None:
        with store.begin() as work:
            People(work).add("Ann", "p1", NOW)
            People(work).add("Ann", "p2", NOW)

    with pytest.raises(StoreFailed) as refused:
        adds_two_of_a_name()
    assert "\n" not in str(refused.value)
    assert "INSERT" not in str(refused.value)
    with store.begin() as work:
        assert People(work).all() == []


def test_writers_wait_for_each_other(store: Any) -> None:
    """A second transaction that writes waits for the first instead of failing."""
    begun, results = threading.Event(), []

    def second() -> None:
        begun.wait()
        with store.begin() as work:
            results.append(Log(work).append(NOW, "second", "", "followguard", {}))

    thread = threading.Thread(target=second)
    thread.start()
    with store.begin() as work:
        Log(work).append(NOW, "first", "", "followguard", {})
        begun.set()
    thread.join()
    with store.begin() as work:
        assert [entry.kind for entry in Log(work).entries()] == ["first", "second"]
        assert Log(work).head() == results[0]


def test_sqlite_is_opened_as_promised(sqlite_store: Any) -> None:
    """Write-ahead log, every commit on the disk, foreign keys on."""
    with sqlite_store.begin() as work:
        read = {name: work.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
    assert read == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "busy_timeout": 30_000}


def test_a_database_that_stays_busy_is_said(sqlite_url: str) -> None:
    """Waiting for the write lock ends."""
    with open_store(sqlite_url) as holder, open_store(f"{sqlite_url}?timeout=0.05") as other:
        with other.begin():
            pass
        with holder.begin(), pytest.raises(StoreFailed, match="busy"), other.begin():
            pass


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    """Somebody pointed `database_url` at a text file; the file stays as it is."""
    (tmp_path / "notes.db").write_text("these are my notes, not a database at all\n" * 100)
    with open_store(f"sqlite:///{tmp_path / 'notes.db'}") as store:
        with pytest.raises(StoreFailed, match="isn't a database"), store.begin():
            pass
        with pytest.raises(StoreFailed, match="isn't a database"):
            store.upgrade()
    assert (tmp_path / "notes.db").read_text().startswith("these are my notes")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    """The folder of the database doesn't exist."""
    with (
        open_store(f"sqlite:///{tmp_path / 'nowhere' / 'followguard.db'}") as store,
        pytest.raises(StoreFailed, match="folder exists"),
    ):
        store.upgrade()


def test_a_full_disk_is_said(sqlite_store: Any) -> None:
    """No room left: nothing of the transaction stays."""

    def fills_the_disk() -> None:
        with sqlite_store.begin() as work:
            pages = work.connection.exec_driver_sql("PRAGMA page_count").scalar()
            work.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            Log(work).append(NOW, "long", "", "followguard", {"text": "x" * 100_000})

    with pytest.raises(StoreFailed, match="No room"):
        fills_the_disk()
    with sqlite_store.begin() as work:
        assert list(Log(work).entries()) == []


def assert_refuses_writing(store: Any, statement: str) -> None:
    """Asserts that a write after `statement` fails with an error that says so."""

    def writes() -> None:
        with store.begin() as work:
            work.connection.exec_driver_sql(statement)
            Accounts(work).ensure("acme", NOW)

    with pytest.raises(StoreFailed, match="can't be written"):
        writes()


def test_a_read_only_file_is_said(sqlite_store: Any) -> None:
    """The file can't be written to."""
    assert_refuses_writing(sqlite_store, "PRAGMA query_only = ON")


def test_a_read_only_server_is_said(postgres_store: Any) -> None:
    """A standby server, or a role that may only read."""
    assert_refuses_writing(postgres_store, "SET TRANSACTION READ ONLY")


def test_a_server_that_is_down_is_said_without_the_password() -> None:
    """Nobody listens there."""
    with (
        open_store("postgresql+psycopg://ann:s3cret@127.0.0.1:1/followguard") as store,
        pytest.raises(StoreFailed, match="can't be reached") as refused,
        store.begin(),
    ):
        pass
    assert "s3cret" not in str(refused.value)


def test_an_unknown_database_name_is_said(postgres_server: Any) -> None:
    """The server is there, the database isn't."""
    url = postgres_server.get_uri(database="nobody_made_this", driver="psycopg")
    with open_store(url) as store, pytest.raises(StoreFailed, match="create the database"), store.begin():
        pass


@pytest.mark.parametrize(
    "url", ["", "followguard.db", "mysql://host/name", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://h/n"]
)
def test_a_url_that_cannot_work_is_a_configuration_error(url: str) -> None:
    """Only SQLite files and PostgreSQL through psycopg."""
    with pytest.raises(ConfigurationError) as refused:
        open_store(url)
    assert "sqlite:///followguard.db" in refused.value.next_step


def test_a_postgresql_url_without_driver_means_psycopg(postgres_url: str) -> None:
    """`postgresql://` is what most people paste."""
    with open_store(postgres_url.replace("+psycopg", "")) as store, store.begin() as work:
        assert Accounts(work).all() == []


def test_a_missing_database_is_refused_and_not_made(tmp_path: Path) -> None:
    """A slip in the path mustn't leave an empty database behind."""
    with open_store(f"sqlite:///{tmp_path / 'slip.db'}") as store:
        with pytest.raises(SchemaMismatch, match="followguard init"), store.begin():
            pass
        assert store.upkeep.schema() is None
    assert not (tmp_path / "slip.db").exists()


def test_an_empty_database_is_refused(empty_url: str) -> None:
    """Nothing is made silently at use."""
    if empty_url.startswith("sqlite"):
        sqlite3.connect(empty_url.removeprefix("sqlite:///")).execute("VACUUM").close()
    with open_store(empty_url) as store, pytest.raises(SchemaMismatch, match="followguard init"), store.begin():
        pass
