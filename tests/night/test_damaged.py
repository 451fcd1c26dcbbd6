"""Nights on a damaged database, and what can't be written: nothing is followed wrongly, nothing fails in silence."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.sandbox import Sandbox
from followguard.sandbox.plan import START
from followguard.store.store import open_store
from followguard.store.upkeep import damaged
from tests.builders.unwell import CONFIG

PAGE = 4096


def zero_a_page(path: Path, name: str) -> None:
    """The first page of a table."""
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    whole = path.read_bytes()
    path.write_bytes(whole[: (number - 1) * PAGE] + bytes(PAGE) + whole[number * PAGE :])


@pytest.mark.parametrize("table", ["orders", "unfollows"])
def test_a_damaged_database_has_no_night(cli: Any, sandbox: Sandbox, tmp_path: Path, table: str) -> None:
    """A damaged page stops the night, even one that it would never read: X isn't asked, exit 1."""
    zero_a_page(tmp_path / "followguard.db", table)
    before = sandbox.ledger()
    done = cli("nightly", "--json")
    assert done.code == 1
    for account in done.json["accounts"]:
        assert account["status"] == "failed"
        assert [each["code"] for each in account["errors"]] == ["damaged_database"]
    assert "db restore" in done.err
    assert sandbox.ledger() == before
    status = cli("status")
    assert status.code == 1
    assert "damaged" in status.err
    assert {each["check"]: each["state"] for each in cli("doctor", "--json").json["findings"]}["database"] == "fail"


def test_several_kinds_of_damage_are_one_sentence() -> None:
    """The first is told, and how many more there are; findings are sentences themselves."""
    assert damaged(("The file is damaged (disk image).", "A row is lost.")).message == (
        "The database is damaged (The file is damaged (disk image), and 1 more)."
    )


def test_nobody_is_handed_off_from_a_damaged_database(cli: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    """No link is shown; after a restore they are."""
    assert cli("db", "backup").code == 0
    zero_a_page(tmp_path / "followguard.db", "unfollows")
    done = cli("follow-back", "--by", "Ann", "--json")
    assert (done.code, done.json["errors"][0]["code"]) == (1, "damaged_database")
    assert "intent/follow" not in done.out
    assert cli("db", "restore", "--yes").code == 0
    assert cli("follow-back", "--by", "Ann").out.count("intent/follow") == 3


def test_a_backup_that_fails_is_told_until_one_is_made(
    cli: Any, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the receipt, the exit code, `status` and the report; the night itself goes on."""
    folder = tmp_path / "backups"
    folder.rename(tmp_path / "kept")
    folder.write_text("in the way")
    done = cli("nightly", "--json")
    assert done.code == 3
    for account in done.json["accounts"]:
        assert (account["status"], account["errors"][0]["code"]) == ("partial", "backup")
    assert done.json["accounts"][0]["new"] > 0
    status = cli("status", "--json").json
    assert "can't be written" in status["backup"]["problem"]
    assert status["accounts"][0]["last_night"]["errors"][0]["code"] == "backup"
    assert "BACKUP" in cli("status").out
    assert "No backup was made before this night" in Path(done.json["report"]).read_text(encoding="utf-8")
    folder.unlink()
    now = START + timedelta(days=1, hours=2)
    monkeypatch.setenv("FOLLOWGUARD_NOW", now.isoformat())
    assert cli("db", "backup").code == 0
    assert cli("status", "--json").json["backup"]["problem"] is None


def test_counts_that_nobody_can_read_are_named(cli: Any, sandbox: Sandbox, sqlite_url: str, tmp_path: Path) -> None:
    """Whole numbers stay whole numbers; which of them say nothing stands beside them."""
    config = tmp_path / "followguard.toml"
    config.write_text(f'database_url = "sqlite:///followguard.db?timeout=0.05"\n{CONFIG}', encoding="utf-8")
    with open_store(sqlite_url) as store, store.begin():
        acme = cli("nightly", "--json").json["accounts"][0]
    assert isinstance(acme["listed"], int)
    assert {"listed", "waiting", "open"} <= set(acme["unknown"])


def test_a_report_that_cannot_be_written_is_told(cli: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    """The night is done, the page is missing: exit 3 and an error in the document."""
    for path in (tmp_path / "reports").iterdir():
        path.unlink()
    (tmp_path / "reports").rmdir()
    (tmp_path / "reports").write_text("in the way")
    done = cli("nightly", "--json")
    assert {account["status"] for account in done.json["accounts"]} == {"done"}
    assert (done.code, done.json["report"], len(done.json["errors"])) == (3, None, 1)


def test_a_head_that_cannot_be_written_is_told(cli: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    """With the folder where heads lie: beside the configuration, wherever the database is."""
    (tmp_path / "heads").rename(tmp_path / "kept")
    (tmp_path / "heads").write_text("in the way")
    done = cli("nightly", "--json")
    assert done.code == 3
    (problem,) = done.json["errors"]
    assert problem["code"] == "report"
    assert problem["message"].endswith("Check the folder heads beside the configuration.")
