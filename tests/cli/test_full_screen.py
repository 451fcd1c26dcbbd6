"""A page is never higher than the terminal, and what it loses first is what weighs least."""

import pytest

from followguard.cli.full_screen import PageLine, fitted, prompt_rows

LINES = [PageLine("name"), PageLine("bio"), PageLine("counts", 1), PageLine("reason", 2), PageLine("other", 2)]


def test_a_page_with_room_shows_all() -> None:
    """Nothing is cut, and nothing is said of it."""
    rows = [["1"], ["2", "3"], ["4"], ["5"], ["6"]]
    assert fitted(rows, LINES, 6) == (rows, 0)


def test_what_weighs_least_goes_first() -> None:
    """The last of the highest rank; one row stays free to say how many are missing."""
    rows = [["1"], ["2", "3"], ["4"], ["5"], ["6"]]
    assert fitted(rows, LINES, 5) == ([["1"], ["2", "3"], ["4"], [], []], 2)


@pytest.mark.parametrize("room", range(3, 30))
def test_a_page_is_never_higher_than_its_room(room: int) -> None:
    """Also where a bio alone is longer than the screen; the name stays."""
    rows = [["name"], ["bio"] * 20, ["c"] * 2, ["r"] * 3, ["o"]]
    shown, cut = fitted(rows, LINES, room)
    assert sum(map(len, shown)) + bool(cut) <= room
    assert shown[0] == ["name"]
    assert bool(cut) is (room < 27)


def test_a_prompt_breaks_between_keys() -> None:
    """No key is parted from its words, and no row is wider than the terminal."""
    rows = prompt_rows("a approve | r spam | i impersonation\nl later | q quit", 22)
    assert rows == ["a approve | r spam", "i impersonation", "l later | q quit"]
