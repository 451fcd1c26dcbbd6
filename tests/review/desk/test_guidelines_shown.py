"""Guidelines at the terminal desk: said at the start, shown by a key, in both looks."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import EVIL, Terminal, typed


@pytest.fixture
def guided(desk: Any, tmp_path: Path) -> Any:
    """The desk, with guidelines of acme; beta has none."""
    config = tmp_path / "followguard.toml"
    beta = "[accounts.beta]"
    config.write_text(config.read_text().replace(beta, f'[accounts.acme.policy]\nguidelines = "guide.txt"\n{beta}'))
    (tmp_path / "guide.txt").write_text(f"Do: answer.\nDon't: follow {EVIL}\n", encoding="utf-8")
    return desk


def test_a_key_prints_them(guided: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sitting begins by saying that there are some, once; commands for the terminal in them are text."""
    typed(monkeypatch, "g", "r", "q")
    done = guided("review", "--plain", "--by", "Ann")
    assert "@acme has guidelines for deciding. g shows" in done.err
    assert "g guidelines" in done.out
    assert "Do: answer.\nDon't: follow Ann ␛[31mRed" in done.out
    row = guided("review", "show", "11", "--account", "acme", "--json").json["history"][0]
    assert len(row["guidelines"]) == 64
    typed(monkeypatch, "q")
    assert "guidelines for deciding" not in guided("review", "--plain", "--by", "Ann").err


def test_a_file_that_is_gone_is_said_and_the_desk_goes_on(
    guided: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence; an account without guidelines says so."""
    (tmp_path / "guide.txt").unlink()
    typed(monkeypatch, "r", *["s"] * 3, "g", "q")
    done = guided("review", "--plain", "--by", "Ann")
    assert done.code == 0
    assert "can't be read" in done.err
    assert "The desk goes on without." in done.err
    assert "@beta has no guidelines" in done.out
    assert "Ann decided: 1 reject." in done.out


def test_a_screen_shows_them_instead_of_the_card(guided: Any, tmp_path: Path) -> None:
    """Until any key is pressed, which decides nothing."""
    terminal = Terminal(tmp_path)
    terminal.expect(b"q quit")
    terminal.press(b"g")
    terminal.expect(b"Do: answer.")
    terminal.expect(b"back to the card")
    terminal.press(b"r")
    terminal.expect(b"Name 11")
    terminal.expect(b"q quit")
    terminal.press(b"q")
    terminal.expect(b"Ann decided: nothing.")
    assert terminal.end() == 0


def test_doctor_looks_at_the_file(guided: Any, tmp_path: Path) -> None:
    """Fine, and then gone."""
    found = [row for row in guided("doctor", "--json").json["findings"] if row["check"] == "guidelines"]
    assert [(row["account"], row["state"]) for row in found] == [("acme", "ok")]
    (tmp_path / "guide.txt").unlink()
    found = [row for row in guided("doctor", "--json").json["findings"] if row["check"] == "guidelines"]
    assert found[0]["state"] == "warn"
