"""Nights in a row without a complete reading: counted from what is on record, and said where people look."""

from datetime import timedelta
from pathlib import Path

import pytest

from followguard.reports.unread import ReadingDays, nights_without_reading, unread_words
from followguard.sandbox import AccountPlan, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.builders.sandboxes import point_at

FIRST = "2026-01-05"


@pytest.mark.parametrize(
    ("days", "today", "nights"),
    [
        (ReadingDays(), "2026-01-08", 0),
        (ReadingDays(first_night=FIRST, newest_night="2026-01-08", last_reading="2026-01-08"), "2026-01-08", 0),
        (ReadingDays(first_night=FIRST, newest_night="2026-01-07", last_reading="2026-01-07"), "2026-01-08", 0),
        (ReadingDays(first_night=FIRST, newest_night="2026-01-08", last_reading="2026-01-07"), "2026-01-08", 1),
        (ReadingDays(first_night=FIRST, newest_night="2026-01-05", last_reading="2026-01-05"), "2026-01-08", 2),
        (ReadingDays(first_night=FIRST, newest_night="2026-01-07"), "2026-01-07", 3),
        (ReadingDays(first_night=FIRST, newest_night="2026-01-05", last_reading="2026-01-09"), "2026-01-08", 0),
    ],
)
def test_nights_are_counted_since_the_last_reading(days: ReadingDays, today: str, nights: int) -> None:
    """A day without a run counts, but today's only once it has run; a clock that went back counts none."""
    assert nights_without_reading(days, today) == nights


def test_one_night_isnt_worth_a_word() -> None:
    """The next one may make up for it."""
    assert (unread_words(0), unread_words(1)) == ("", "")
    assert unread_words(3) == "3rd night in a row without a complete reading"


@pytest.mark.parametrize("broken", [False, True])
def test_status_and_report_say_the_third_night(
    installed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broken
) -> None:
    """A night that can't read, two days after the last one that could; a reading ends the count."""
    with serve(SandboxPlan(accounts=(AccountPlan(handle="acme", followers=10),))) as sandbox:
        for later in range(4):
            night(sandbox, monkeypatch, installed, later, credentials=later == 0 or not broken)
    status = installed("status", "--max-age", "26h", "--json")
    missed = status.json["accounts"][0]["nights_without_reading"]
    assert (status.code, missed) == ((1, 3) if broken else (0, 0))
    words = "3rd night in a row without a complete reading"
    assert (words in status.err) == broken
    newest = max((tmp_path / "reports").glob("*.html"))
    assert (words in newest.read_text(encoding="utf-8")) == broken


def night(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, cli, later: int, *, credentials: bool) -> None:
    """A night so many days after the first one."""
    now = START + timedelta(days=later)
    if later:
        sandbox.next_night(now)
    point_at(sandbox, monkeypatch, now)
    if not credentials:
        monkeypatch.setenv("FOLLOWGUARD_ACME_ACCESS_TOKEN", "wrong")
    assert (cli("nightly").code == 0) == credentials
