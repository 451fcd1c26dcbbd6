"""The hand-off that the desk offers at its end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import Terminal, typed


def test_the_desk_ends_by_offering_the_hand_off(desk: Any, tmp_path: Path) -> None:
    """Slips, empty lines and keys typed before decide nothing; yes gives the links that `follow-back` gives."""
    terminal = Terminal(tmp_path)
    terminal.expect(b"q quit")
    terminal.press(b"a")
    terminal.expect(b"q quit")
    terminal.press(b"qyyyy")
    for key in (b"x", b"\n", b"y"):
        terminal.expect(b"y / n")
        terminal.press(key)
    assert b"https://x.com/intent/follow?user_id=11" in terminal.rest()


def test_the_desk_says_when_no_link_can_be_shown(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read more than 24 hours ago and no credentials at hand: it says so and doesn't offer the hand-off."""
    monkeypatch.setenv("FOLLOWGUARD_X_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FOLLOWGUARD_NOW", (datetime.now(UTC) + timedelta(hours=25)).isoformat())
    assert desk("review", "approve", "12", "--by", "Ann").code == 0
    typed(monkeypatch, "q")
    done = desk("review", "--by", "Ann")
    assert "@acme: no link can be shown now: nobody ready was read within 24 hours" in done.out
    assert "Do it now?" not in done.out


def test_the_desk_does_not_offer_the_hand_off_of_a_paused_account(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to go on."""
    assert desk("account", "pause", "--account", "acme").code == 0
    assert desk("review", "approve", "12", "--by", "Ann").code == 0
    typed(monkeypatch, "q")
    done = desk("review", "--by", "Ann")
    assert "account resume --account acme" in done.out
    assert "Do it now?" not in done.out


def test_links_that_can_be_shown_come_first(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then one line an account for the rest; an account without ready orders isn't named among the first."""
    assert desk("review", "approve", "12", "--by", "Ann").code == 0
    typed(monkeypatch, "q")
    lines = desk("review", "--by", "Ann").out.partition("Ann decided")[2].splitlines()
    assert lines[1] == "@acme: 1 link can be shown now."
    assert lines[2].startswith("Follow back what is ready: followguard follow-back")
    assert [line.partition(":")[0] for line in lines[3:] if "still due today" in line] == ["@acme", "@beta"]
    assert lines[3].startswith("@acme: 3 still due today, 0 on later days, ")
