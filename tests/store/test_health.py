"""A damaged database is found before anybody is followed by it, said in one line, and can be replaced."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.store import Accounts, People
from followguard.errors import DamagedDatabase, FollowguardError, StoreBusy, StoreFailed
from followguard.proof.check import check_database
from followguard.store.log import Log
from followguard.store.store import open_store
from followguard.store.upkeep import health_of, require_whole
from tests.conftest import run_on_server

NOW = datetime(2026, 8, 22, 0, 0, 5, tzinfo=UTC)
PAGE = 4096
AMPLE = 3600.0


def fill(store: Any) -> None:
    """A few rows, so that pages hold something."""
    with store.begin() as work:
        People(work).add("Ann", "p1", NOW)
        Accounts(work).ensure("acme", NOW)
        Log(work).append(NOW, "one", "", "followguard", {"kind": "one"})


def page_of(name: str) -> Callable[[Path], None]:
    """Zeroes the first page of a table or index."""

    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
            (number,) = connection.execute(query, (name,)).fetchone()
        whole = path.read_bytes()
        path.write_bytes(whole[: (number - 1) * PAGE] + bytes(PAGE) + whole[number * PAGE :])

    return damage


def by_sql(statement: str) -> Callable[[Path], None]:
    """Writes past the rules, as another program would."""

    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA writable_schema = ON; {statement}")

    return damage


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a table's page": page_of("orders"),
    "the page of the schema's version": page_of("alembic_version"),
    "an index's page": page_of("snapshots_by_follower"),
    "the header": lambda path: path.write_bytes(bytes(PAGE) + path.read_bytes()[PAGE:]) and None,
    "the end is missing": lambda path: path.write_bytes(path.read_bytes()[: 7 * PAGE + 100]) and None,
    "a text file": lambda path: path.write_text("these are my notes\n" * 500) and None,
    "bytes": lambda path: path.write_bytes(b"\xff\xfe" * 5000) and None,
    "text that isn't UTF-8": by_sql("UPDATE people SET name = CAST(x'ff80fe' AS TEXT);"),
    "a schema that isn't UTF-8": lambda path: (
        path.write_bytes(path.read_bytes().replace(b"CREATE TABLE orders (", b"CREATE TABLE \xff\xfe\x80ers ("))
        and None
    ),
    "a table that is gone": by_sql("DELETE FROM sqlite_master WHERE name = 'orders';"),
    "a row that points nowhere": by_sql(
        "INSERT INTO roles (person_id, role, granted_at) VALUES (77, 'owner', '2026');"
    ),
}


@pytest.fixture
def filled(sqlite_url: str, tmp_path: Path) -> Path:
    """The file of a database that holds something, with a backup beside it."""
    with open_store(sqlite_url) as store:
        fill(store)
        store.upkeep.back_up(NOW, keep=14)
    return tmp_path / "followguard.db"


def test_a_whole_database_has_no_findings(store: Any) -> None:
    """Everything is looked at when there is time for it."""
    fill(store)
    found = store.upkeep.look_over(AMPLE)
    assert (found.findings, found.unchecked) == ((), ())
    assert require_whole(store.upkeep, AMPLE) == ()


def test_without_time_nothing_is_looked_at_and_that_is_said(store: Any) -> None:
    """Tables that weren't reached aren't called whole."""
    unchecked = require_whole(store.upkeep, 0.0)
    assert {"orders", "decisions", "keys of orders"} <= set(unchecked)
    assert unchecked.index("orders") < unchecked.index("snapshots")


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_each_damage_is_found_and_mended_by_a_restore(filled: Path, damage: Callable[[Path], None]) -> None:
    """Found by the quick look and by `check`, as one of our errors; the backup then takes its place."""
    damage(filled)
    damaged = filled.read_bytes()
    with open_store(f"sqlite:///{filled}") as store:
        with pytest.raises(DamagedDatabase, match="db restore"):
            require_whole(store.upkeep, AMPLE)
        assert health_of(store.upkeep, AMPLE).findings
        assert _finds(store)
    with open_store(f"sqlite:///{filled}") as store:
        (backup,) = store.upkeep.backups()
        restored = store.upkeep.restore(backup, NOW)
        assert check_database(store).findings == ()
        assert store.upkeep.look_over(AMPLE).findings == ()
        assert restored.aside is not None
        assert len(restored.aside.read_bytes()) >= min(len(damaged), PAGE)


def _finds(store: Any) -> bool:
    """Tells whether `check` says that something is wrong, by findings or by an error of ours."""
    try:
        return bool(check_database(store).findings)
    except FollowguardError:
        return True


@pytest.mark.parametrize("what", ["folder", "wal folder"])
def test_a_folder_in_its_place_is_moved_aside(filled: Path, what: str) -> None:
    """A database that can't even be opened is replaced too."""
    if what == "folder":
        filled.unlink()
        filled.mkdir()
    else:
        filled.with_name(f"{filled.name}-wal").mkdir()
    with open_store(f"sqlite:///{filled}") as store:
        with pytest.raises(FollowguardError, match="db restore"), store.begin():
            pass
        (backup,) = store.upkeep.backups()
        store.upkeep.restore(backup, NOW)
        assert check_database(store).findings == ()


@pytest.mark.parametrize(
    "statement", ["UPDATE people SET added_at = 'yesterday'", "UPDATE log_openings SET payload = '{broken'"]
)
def test_a_value_of_another_kind_is_damage(filled: Path, statement: str) -> None:
    """Reading it is one of our errors, and `check` names the table."""
    by_sql(f"DROP TRIGGER IF EXISTS log_openings_refuse_update; {statement};")(filled)
    with open_store(f"sqlite:///{filled}") as store:
        with store.begin() as work, pytest.raises(DamagedDatabase):
            _ = People(work).all(), Log(work).openings()
        assert any(each.startswith("values: ") for each in check_database(store).findings)


def test_restores_of_one_second_keep_both_asides(store: Any) -> None:
    """A file that was put aside is never written over; nor is a backup."""
    fill(store)
    made = [store.upkeep.back_up(NOW, keep=14) for _ in range(3)]
    asides = [store.upkeep.restore(made[0], NOW).aside for _ in range(3)]
    assert len({*made, *asides}) == 6
    assert all(path.exists() for path in (*made, *asides))
    assert store.upkeep.backups() == made[::-1]
    assert len(store.upkeep.copies()) == 6


def test_a_server_s_damaged_page_is_found(postgres_store: Any, postgres_server: Any) -> None:
    """A copy of the database whose table `people` was overwritten on the disk."""
    fill(postgres_store)
    with postgres_store.engine.connect() as connection:
        path = connection.exec_driver_sql("SELECT pg_relation_filepath('people')").scalar_one().split("/")[-1]
    postgres_store.close()
    run_on_server(postgres_server, "CREATE DATABASE damaged TEMPLATE shared STRATEGY FILE_COPY")
    try:
        number = oid_of(postgres_server, "damaged")
        (Path(postgres_server.pgdata) / "base" / number / path).write_bytes(b"\xff" * 8192)
        with open_store(postgres_server.get_uri(database="damaged", driver="psycopg")) as store:
            assert any("invalid page" in each for each in store.upkeep.look_over(AMPLE).findings)
            with pytest.raises(DamagedDatabase, match="damaged"), store.begin() as work:
                People(work).all()
    finally:
        run_on_server(postgres_server, "DROP DATABASE damaged WITH (FORCE)")


def test_a_server_s_damaged_database_is_replaced(postgres_store: Any, postgres_server: Any) -> None:
    """It can't be dumped, so nothing is touched; renamed as the message says, a backup takes its place."""
    fill(postgres_store)
    backup = postgres_store.upkeep.back_up(NOW, keep=14)
    with postgres_store.engine.connect() as connection:
        path = connection.exec_driver_sql("SELECT pg_relation_filepath('people')").scalar_one().split("/")[-1]
    postgres_store.close()
    run_on_server(postgres_server, "CREATE DATABASE ruined TEMPLATE shared STRATEGY FILE_COPY")
    try:
        (Path(postgres_server.pgdata) / "base" / oid_of(postgres_server, "ruined") / path).write_bytes(b"\xff" * 8192)
        url = postgres_server.get_uri(database="ruined", driver="psycopg")
        with open_store(url, backup_dir=backup.parent) as store:
            with pytest.raises(StoreFailed, match='ALTER DATABASE "ruined" RENAME') as refused:
                store.upkeep.restore(backup, NOW)
            assert "can't be put aside" in refused.value.message
            store.close()
            run_on_server(postgres_server, "ALTER DATABASE ruined RENAME TO ruined_damaged")
            run_on_server(postgres_server, "CREATE DATABASE ruined")
            store.upkeep.restore(backup, NOW)
            assert check_database(store).findings == ()
    finally:
        for name in ("ruined", "ruined_damaged"):
            run_on_server(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def oid_of(server: Any, name: str) -> str:
    """The folder of a database on the server's disk."""
    import psycopg

    with psycopg.connect(server.get_uri(database="postgres")) as connection:
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", (name,)).fetchone()
    assert row is not None
    return str(row[0])


def test_a_server_s_lost_rows_are_found(postgres_store: Any) -> None:
    """Rows that point at missing ones: what a page of zeros leaves behind."""
    fill(postgres_store)
    with postgres_store.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("INSERT INTO roles (person_id, role, granted_at) VALUES (77, 'owner', now())")
    (finding,) = postgres_store.upkeep.look_over(AMPLE).findings
    assert finding == "keys: 1 of roles point at a missing row of people"


def test_a_busy_database_is_to_be_tried_later(sqlite_url: str) -> None:
    """Exit 75: the same command works once the other run ends."""
    with open_store(sqlite_url) as holder, open_store(f"{sqlite_url}?timeout=0.05") as other:
        with other.begin():
            pass
        with holder.begin(), pytest.raises(StoreBusy) as refused, other.begin():
            pass
    assert refused.value.exit_code == 75


def test_a_connection_that_is_cut_is_to_be_tried_later(postgres_store: Any, postgres_server: Any) -> None:
    """The server's own end of it, in the middle of a transaction: nothing is saved, and the next one works."""

    def write_and_lose() -> None:
        with postgres_store.begin() as work:
            People(work).add("Bob", "p2", NOW)
            cut(postgres_server, work)
            Accounts(work).all()

    with pytest.raises(StoreBusy) as refused:
        write_and_lose()
    assert refused.value.exit_code == 75
    with postgres_store.begin() as work:
        assert People(work).all() == []


def cut(server: Any, work: Any) -> None:
    """Ends the session of this transaction."""
    number = work.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    run_on_server(server, f"SELECT pg_terminate_backend({number}, 5000)")
