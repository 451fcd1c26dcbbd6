"""`followguard report`, as its user meets it."""

import re
import sqlite3
from pathlib import Path

import pytest

from followguard.errors import USAGE


@pytest.fixture
def nights(installed, tmp_path: Path):
    """An installation with a night on 5 and on 6 January, by its receipts."""
    with sqlite3.connect(tmp_path / "followguard.db") as base:
        base.execute("INSERT INTO accounts (id, handle, created_at) VALUES (1, 'acme', '2026-01-05 00:00:00')")
        for number, day in enumerate(("2026-01-05", "2026-01-06"), start=1):
            base.execute(
                "INSERT INTO runs (id, account_id, kind, day, started_at, finished_at, status, receipt)"
                " VALUES (?, 1, 'nightly', ?, ?, ?, 'done', ?)",
                (number, day, f"{day} 00:10:00", f"{day} 00:12:00", f'{{"new": {number}, "errors": []}}'),
            )
    return installed


def test_the_newest_night_goes_beside_the_configuration(nights, tmp_path: Path) -> None:
    """The command says where the report lies."""
    done = nights("report")
    path = tmp_path / "reports" / "followguard-2026-01-06.html"
    assert (done.code, done.err) == (0, "")
    assert "Report of the night of 2026-01-06:" in done.out
    assert "Tuesday, 6 January 2026" in path.read_text(encoding="utf-8")


def test_another_night_another_place(nights, tmp_path: Path) -> None:
    """`--night` and `--output`; the page sends to the newest one for what to do."""
    assert nights("report", "--night", "2026-01-05", "--output", "deep/r.html").code == 0
    text = (tmp_path / "deep" / "r.html").read_text(encoding="utf-8")
    assert "Monday, 5 January 2026" in text
    assert "This is an earlier night" in text


def test_json_is_one_document(nights, tmp_path: Path) -> None:
    """The document has the path, the day, the head of the log and each account's status."""
    told = nights("report", "--json").json
    assert Path(told["report"]).is_file()
    (account,) = told["accounts"]
    assert (told["day"], account["account"], account["status"]) == ("2026-01-06", "acme", "done")
    assert (account["real_people_held_back"]["drawn"], account["agreement"]["pairs"]) == (0, 0)
    assert re.fullmatch("[0-9a-f]{64}", told["log_head"])


def test_one_account_alone_keeps_the_whole_report(nights, tmp_path: Path) -> None:
    """A report of one account has a file name of its own."""
    assert nights("report", "--account", "@ACME").code == 0
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["followguard-2026-01-06-acme.html"]


def test_before_any_night_there_is_no_report(installed, tmp_path: Path) -> None:
    """It says that no night has run, and what runs one; no page of a night that never was is written."""
    done = installed("report", "--json")
    assert (done.code, [each["code"] for each in done.json["errors"]]) == (1, ["no_night_yet"])
    assert "There was no night of @acme yet. Run one: followguard nightly --account acme" in done.err
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--night", "yesterday"), "isn't a day"),
        (("--night", "2026-02-30"), "isn't a day"),
        (("--night", "2025-01-05"), "The newest one is of 2026-01-06"),
        (("--account", "other"), "no account 'other'"),
        (("--output", "."), "is a folder"),
        (("--output", "followguard.toml/x.html"), "can't be written"),
    ],
)
def test_wrong_usage_is_one_line(nights, tmp_path: Path, args: tuple[str, ...], told: str) -> None:
    """Exit 2, the next step, and no file."""
    done = nights("report", *args)
    assert (done.code, done.out) == (USAGE, "")
    assert told in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "reports").exists()


def test_a_machine_without_a_browser_is_told_so(nights, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--open` is no reason to fail: the report is written."""
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    done = nights("report", "--open")
    assert done.code == 0
    assert "No browser could be opened here" in done.err
