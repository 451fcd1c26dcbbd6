"""The desk as a screen for each card, on a real pseudo-terminal."""

import fcntl
import re
import struct
import termios
from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import Terminal

SEEN = b"q quit"
HOME = b"\x1b[H"


class Screen(Terminal):
    """A terminal of a given size."""

    def __init__(self, folder: Path, columns: int = 80, lines: int = 30, *args: str, **variables: str) -> None:
        size = {"COLUMNS": str(columns), "LINES": str(lines)}
        super().__init__(folder, *(args or ("review", "--by", "Ann")), **size | variables)

    def page(self) -> str:
        """What stands on the screen once the prompt is there, without what steers the terminal."""
        self.expect(SEEN)
        drawn = (self.before + SEEN).rpartition(HOME)[2].decode()
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn).replace("\r", "")


def test_each_card_has_the_screen_to_itself(desk: Any, tmp_path: Path) -> None:
    """The card before is gone but for what came of it; account, progress and band stand there in words."""
    screen = Screen(tmp_path)
    first = screen.page()
    assert first.split("\n")[0].split() == ["@acme", "0", "decided,", "6", "left"]
    assert "Name 11 @person_11" in first
    assert "genuine, 2 % spam" in first
    assert "6 left" in first
    screen.press(b"r")
    second = screen.page()
    assert second.split("\n")[0].split() == ["@acme", "1", "decided,", "5", "left"]
    assert "Name 12" in second
    assert second.count("Name 11") == 1
    assert "> Rejected: spam. Name 11 @person_11" in second
    screen.press(b"q")
    assert b"\x1b[?1049l" in screen.rest()


def test_unknown_keys_leave_one_hint(desk: Any, tmp_path: Path) -> None:
    """Five of them: the card stands where it stood, with one line."""
    screen = Screen(tmp_path)
    screen.page()
    for key in (b"z", b"y", b"5", b"z", b"\x1b[A"):
        screen.press(key)
        page = screen.page()
        assert page.count("No such key") == 1
        assert page.count("Name 11") == 1
    screen.press(b"q")
    screen.rest()


@pytest.mark.parametrize("columns", [60, 80, 160, 200])
@pytest.mark.parametrize("lines", [16, 24])
def test_no_page_is_wider_or_higher_than_the_terminal(desk: Any, tmp_path: Path, columns: int, lines: int) -> None:
    """Also with a bio that fills it; the prompt is there, and says how to see what is cut."""
    screen = Screen(tmp_path, columns, lines)
    rows = screen.page().split("\n")
    assert len(rows) < lines
    assert max(map(len, rows)) <= columns
    screen.press(b"q")
    screen.rest()


def test_what_is_cut_can_be_read(desk: Any, tmp_path: Path) -> None:
    """A low terminal: it says how many lines are missing, the space bar shows them, and a key goes back to the card."""
    screen = Screen(tmp_path, 60, 14)
    assert "the space bar shows all" in screen.page()
    seen = b""
    while not screen.before.startswith(b"back"):
        screen.press(b" ")
        screen.expect(b"Any key: ")
        seen += screen.before
        screen.expect(b"\r\n")
    assert b"also follows @beta" in seen
    screen.press(b"r")
    assert "Name 11" in screen.page()
    screen.press(b"q")
    screen.rest()


def test_hostile_text_steers_no_page(desk: Any, tmp_path: Path) -> None:
    """A name with commands for the terminal is shown as text."""
    screen = Screen(tmp_path)
    for _ in range(2):
        screen.page()
        screen.press(b"s")
    screen.expect(SEEN)
    assert b"\x1b[31mRed" not in screen.before
    assert "Ann ␛[31mRed".encode() in re.sub(rb"\x1b\[[0-9;]*m", b"", screen.before)
    screen.press(b"q")
    screen.rest()


def test_no_colour_where_none_is_wanted(desk: Any, tmp_path: Path) -> None:
    """NO_COLOR: bold and reverse may stand there, colours don't; the account's own colour neither."""
    config = tmp_path / "followguard.toml"
    config.write_text(config.read_text().replace("[accounts.acme]", '[accounts.acme]\ncolour = "#7a1fa2"'))
    coloured = re.compile(rb"\x1b\[[0-9;]*\b(3[0-7]|4[0-7]|38;[25][0-9;]*|48;[25][0-9;]*)\b[0-9;]*m")
    for variables, found in (({"NO_COLOR": "1"}, False), ({"COLORTERM": "truecolor"}, True)):
        screen = Screen(tmp_path, 80, 24, **variables)
        screen.expect(SEEN)
        assert bool(coloured.search(screen.before)) is found
        assert (b"48;2;122;31;162" in screen.before) is found
        screen.press(b"q")
        screen.rest()


def test_a_terminal_that_changes_its_size_is_drawn_anew(desk: Any, tmp_path: Path) -> None:
    """Without a key: the same card, as wide as the terminal is now."""
    screen = Screen(tmp_path, COLUMNS="", LINES="")
    screen.page()
    fcntl.ioctl(screen.ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
    assert max(map(len, screen.page().split("\n"))) <= 70
    screen.press(b"q")
    screen.rest()


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"COLUMNS": "30"}, {"LINES": "8"}])
def test_a_terminal_that_can_show_no_page_gets_lines(desk: Any, tmp_path: Path, variables: dict[str, str]) -> None:
    """The desk line by line, as with --plain."""
    terminal = Terminal(tmp_path, **variables)
    terminal.expect(b"@acme: Name 11")
    assert HOME not in terminal.before
    terminal.expect(b"quit")
    terminal.press(b"q")
    assert terminal.end() == 0
