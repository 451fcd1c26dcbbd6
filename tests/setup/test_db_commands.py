"""`followguard db`: backups come back, and nothing is put back unasked."""

import io
import sqlite3
from pathlib import Path

import pytest


def test_a_newer_schema_is_refused(installed, tmp_path: Path) -> None:
    """A database of a newer followguard: exit 2, and it isn't touched."""
    with sqlite3.connect(tmp_path / "followguard.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = installed("status")
    assert done.code == 2
    assert "newer" in done.err


def test_a_backup_comes_back(installed) -> None:
    """The database is again as the backup was made; the one that stood since is put aside."""
    backup = installed("db", "backup", "--json").json["backup"]
    installed("person", "add", "Bob", "--role", "viewer", "--by", "Ann")
    done = installed("db", "restore", backup, "--yes", "--json")
    assert done.code == 0
    assert Path(done.json["aside"]).exists()
    assert [each["name"] for each in installed("person", "list", "--json").json["people"]] == ["Ann"]


def test_nobody_is_there_to_be_asked(installed) -> None:
    """Where no terminal can ask, a restore wants to be told: nothing is put aside or back."""
    installed("db", "backup")
    installed("person", "add", "Bob", "--role", "viewer", "--by", "Ann")
    done = installed("db", "restore", "--json")
    assert (done.code, done.json["errors"][0]["code"]) == (2, "usage")
    assert "--yes" in done.err
    assert len(installed("person", "list", "--json").json["people"]) == 2


@pytest.mark.parametrize("words", [("db", "restore"), ("forget", "1")])
def test_a_no_is_a_no(installed, monkeypatch, words: tuple[str, ...]) -> None:
    """An answer of no is exit 1, one document under --json, and nothing is done."""
    monkeypatch.setattr("followguard.cli.output.is_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    installed("db", "backup")
    done = installed(*words, "--json")
    assert (done.code, done.json["errors"][0]["code"]) == (1, "declined")


def test_restoring_what_is_not_there_is_refused(installed) -> None:
    """Exit 2, and the newest backups that there are."""
    assert installed("db", "restore", "nowhere.db").code == 2


def test_upgrade_of_a_current_database_changes_nothing(installed) -> None:
    """No backup is made for nothing."""
    found = installed("db", "upgrade", "--json").json
    assert found["before"] == found["after"]
    assert found["backup"] is None
