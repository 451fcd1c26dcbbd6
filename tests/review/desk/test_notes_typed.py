"""Notes and questions typed at the card, on a terminal and through a pipe."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import Terminal, states_in, typed


def notes(desk: Any, follower: str) -> list[tuple[str, str, str | None]]:
    """Who wrote what to whom."""
    found = desk("review", "show", follower, "--account", "acme", "--json").json["notes"]
    return [(each["by"], each["text"], each["asked"]) for each in found]


def test_a_note_and_a_question_through_a_pipe(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note leaves the card in hand, the question doesn't; the colleague's desk begins with it."""
    typed(monkeypatch, "m met her in Oslo", "w Rea: do you know her?", "m", "", "q")
    done = desk("review", "--by", "Ann")
    assert "Noted: met her in Oslo" in done.out
    assert "Rea is asked: do you know her?" in done.out
    assert "No note." in done.out
    assert notes(desk, "11") == [("Ann", "met her in Oslo", None), ("Ann", "do you know her?", "Rea")]
    typed(monkeypatch, "q")
    assert "Ann asks Rea: do you know her?" in desk("review", "--by", "Rea").out


@pytest.mark.parametrize(("typed_text", "says"), [("w Nobody: what?", "Nobody"), (f"m {'x' * 5_000}", "2,000")])
def test_what_cannot_be_kept_leaves_the_card(
    desk: Any, monkeypatch: pytest.MonkeyPatch, typed_text: str, says: str
) -> None:
    """No such colleague, a note that is too long: said, and the same card is asked again."""
    typed(monkeypatch, typed_text, "r", "q")
    done = desk("review", "--by", "Ann")
    assert says in done.err
    assert "Ann decided: 1 reject." in done.out
    assert done.out.count("@acme: Name 11") == 1
    assert notes(desk, "11") == []


def test_a_note_typed_on_a_screen(desk: Any, tmp_path: Path) -> None:
    """The keys of the note decide nothing; Esc leaves without one."""
    terminal = Terminal(tmp_path)
    for text in (b"rrr and more\n", b"rr\x1b"):
        terminal.expect(b"q quit")
        terminal.press(b"m")
        terminal.expect(b"Esc: back")
        terminal.press(text)
    terminal.expect(b"No note.")
    terminal.expect(b"q quit")
    terminal.press(b"q")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["waiting"] * 6
    assert notes(desk, "11") == [("Ann", "rrr and more", None)]
