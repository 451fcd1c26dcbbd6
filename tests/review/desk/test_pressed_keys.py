"""The desk with keys pressed at a terminal: only a key pressed at a card on the screen decides."""

import os
import select
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import Terminal, states_in

LOOKS = ((), ("--plain",))
"""A screen for each card, and line by line."""


@pytest.mark.parametrize("look", LOOKS)
def test_a_reviewer_is_not_offered_to_approve(desk: Any, tmp_path: Path, look: tuple[str, ...]) -> None:
    """The prompt leaves it out; pressed all the same, it says who can, and the same card is asked again."""
    terminal = Terminal(tmp_path, "review", "--by", "Rea", *look)
    terminal.expect(b"spam | i impersonation")
    assert b"approve |" not in terminal.before
    for key, answer in ((b"a", b"takes an approver: Ann."), (b"r", b"Rejected: spam."), (b"q", b"Rea decided")):
        terminal.expect(b"q quit")
        terminal.press(key)
        terminal.expect(answer)
    assert states_in(tmp_path) == ["rejected"] + ["waiting"] * 5


def test_one_key_is_enough_at_a_terminal(desk: Any, tmp_path: Path) -> None:
    """No Enter: `r`, `u`, `a`, `q`, and no to the hand-off."""
    terminal = Terminal(tmp_path)
    for key, answer in ((b"r", b"Rejected"), (b"u", b"Taken back"), (b"a", b"Approved"), (b"q", b"y / n")):
        terminal.expect(b"q quit")
        terminal.press(key)
        terminal.expect(answer)
    terminal.press(b"n")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["approved"] + ["waiting"] * 5


def test_arrows_and_foreign_letters_decide_nothing(desk: Any, tmp_path: Path) -> None:
    """An arrow (whose last letter would be a key) and a letter of another alphabet; then a date."""
    terminal = Terminal(tmp_path)
    for key, answer in (
        (b"r", b"Rejected"),
        (b"n", b"not relevant"),
        (b"\x1b[C", b"No such"),
        ("ж".encode(), b"No such"),
    ):
        terminal.expect(b"q quit")
        terminal.press(key)
        terminal.expect(answer)
    terminal.expect(b"q quit")
    terminal.press(b"l")
    terminal.expect(b"Until which day?")
    terminal.press(b"2099-01-31\n")
    terminal.expect(b"q quit")
    terminal.press(b"\x04")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["later", "rejected", "rejected", "waiting", "waiting", "waiting"]


def test_a_bad_date_is_asked_again_and_what_was_typed_ahead_is_thrown_away(desk: Any, tmp_path: Path) -> None:
    """Two dates that are none, with keys after them: nobody is rejected; then Esc, then `+7`."""
    terminal = Terminal(tmp_path)
    terminal.expect(b"q quit")
    terminal.press(b"l")
    terminal.expect(b"Until which day?")
    terminal.press(b"next week\nrrr")
    terminal.expect(b"isn't a date")
    terminal.expect(b"Until which day?")
    terminal.press(b"2001-01-01\n")
    terminal.expect(b"isn't a day after today")
    terminal.expect(b"Until which day?")
    terminal.press(b"20\x1b[C")
    terminal.expect(b"Not put off.")
    terminal.expect(b"q quit")
    terminal.press(b"l")
    terminal.expect(b"Until which day?")
    terminal.press(b"+7\n")
    terminal.expect(b"Put off until")
    terminal.expect(b"q quit")
    terminal.press(b"q")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["later"] + ["waiting"] * 5


@pytest.mark.parametrize("desk_kind", LOOKS)
def test_sixty_keys_typed_ahead_approve_nobody(desk: Any, tmp_path: Path, desk_kind: tuple[str, ...]) -> None:
    """Typed before the first card stood there: thrown away; the key pressed at the card counts, once."""
    terminal = Terminal(tmp_path, "review", "--by", "Ann", *desk_kind)
    terminal.press(b"a" * 60)
    terminal.expect(b"q quit")
    terminal.press(b"a")
    terminal.expect(b"Approved.")
    terminal.expect(b"q quit")
    terminal.press(b"q")
    terminal.expect(b"y / n")
    terminal.press(b"n")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["approved"] + ["waiting"] * 5


def test_of_a_paste_only_the_first_key_counts(desk: Any, tmp_path: Path) -> None:
    """Sixty letters in one go, while a card stands there; and lines, as a paste of a column brings them."""
    terminal = Terminal(tmp_path)
    for paste in (b"a" * 60, b"a\n" * 60, b"l\na\n"):
        terminal.expect(b"q quit")
        terminal.press(paste)
    terminal.expect(b"Until which day?")
    terminal.press(b"\x1b")
    terminal.expect(b"q quit")
    terminal.press(b"q")
    terminal.expect(b"y / n")
    terminal.press(b"n")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["approved"] * 2 + ["waiting"] * 4


def test_keys_that_come_without_end_decide_nothing(desk: Any, tmp_path: Path) -> None:
    """A program that types as fast as it can: it says what it waits for, and goes on when that stops."""
    terminal = Terminal(tmp_path)
    until = time.monotonic() + 30
    while b"Waiting until they stop" not in terminal.unread:
        assert time.monotonic() < until
        terminal.press(b"a")
        time.sleep(0.01)
        while select.select([terminal.ours], [], [], 0)[0]:
            terminal.unread += os.read(terminal.ours, 65_536)
    terminal.expect(b"q quit")
    terminal.press(b"q")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["waiting"] * 6


@pytest.mark.parametrize("how", ["ctrl-c", "hang-up"])
def test_nothing_is_lost_when_the_desk_is_cut_off(desk: Any, tmp_path: Path, how: str) -> None:
    """Ctrl-C, or the terminal closed, with a card on the screen: the decision before is kept, the card is free."""
    terminal = Terminal(tmp_path)
    terminal.expect(b"q quit")
    terminal.press(b"r")
    terminal.expect(b"q quit")
    if how == "ctrl-c":
        terminal.press(b"\x03")
        terminal.expect(b"Ann decided: 1 reject.")
    else:
        terminal.child.send_signal(signal.SIGHUP)
    assert terminal.end() == 130
    assert states_in(tmp_path) == ["rejected"] + ["waiting"] * 5


def test_nothing_is_approved_by_a_card_that_is_on_no_screen(desk: Any, tmp_path: Path) -> None:
    """Keys come from a terminal, but what is printed goes to a file: nobody has seen a card."""
    unseen = tmp_path / "unseen.txt"
    with unseen.open("w") as file:
        terminal = Terminal(tmp_path, stdout=file.fileno())
    for _ in range(3):
        _wait_until_asked(unseen)
        terminal.press(b"a")
    _wait_until_asked(unseen)
    terminal.press(b"q")
    assert terminal.end() == 2
    assert set(states_in(tmp_path)) == {"waiting"}


def _wait_until_asked(printed: Path) -> None:
    """Waits for one more prompt than was answered, for at most half a minute; what it saw is thrown away."""
    deadline = time.monotonic() + 30
    while "? help" not in printed.read_text():
        assert time.monotonic() < deadline, printed.read_text()
    printed.write_text("")
