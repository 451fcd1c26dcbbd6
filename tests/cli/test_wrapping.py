"""Lines on a terminal: broken between words, commands and long words left whole."""

import pytest

from followguard.cli.output import columns, wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("one two", "one two"),
        ("one two three", "one two\nthree"),
        ("  one two three", "  one two\n  three"),
        ("- one two three", "- one two\n  three"),
        ("a @name_that_is_long b", "a\n@name_that_is_long\nb"),
        ("Do it: followguard review list --all", "Do it:\nfollowguard review list --all"),
        ("名前名前 two", "名前名前\ntwo"),
    ],
)
def test_lines_break_between_words(text: str, shown: str) -> None:
    """Lines of ten columns break between words, and go on with the indent of their first line."""
    assert wrapped(text, 10) == shown


def test_letters_are_as_wide_as_a_terminal_shows_them() -> None:
    """Two columns for a Chinese letter, none for an accent of its own."""
    assert (columns("abc"), columns("名前"), columns("e\u0301")) == (3, 4, 1)
