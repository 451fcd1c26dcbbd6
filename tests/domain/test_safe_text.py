"""Text that strangers wrote reaches the terminal without power over it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.domain.wording import safe_lines, safe_text

ESC, BEL, CSI, RLO, PDI = "\x1b", "\x07", "\x9b", "\u202e", "\u2069"
HONEST_FORMAT = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Number signs of Arabic, Syriac and Kaithi: in Unicode's group Cf, and yet they have a shape."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, ""),
        ("", ""),
        ("plain", "plain"),
        ("Grüße, Ελλάδα, 日本語, العربية", "Grüße, Ελλάδα, 日本語, العربية"),
        (f"{ESC}[31mred{ESC}[0m", "␛[31mred␛[0m"),
        (f"{ESC}]0;title{BEL}", "␛]0;title␇"),
        (f"{CSI}2Jgone", "⟨U+009B⟩2Jgone"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("over\rwritten", "over ⏎ written"),
        ("two\nlines", "two ⏎ lines"),
        ("two\r\nlines", "two ⏎ lines"),
        ("para\u2029graph\u2028line\x85next\x0bnext\x0cnext", "para ⏎ graph ⏎ line ⏎ next ⏎ next ⏎ next"),
        ("\n\n  edges \n", "edges"),
        ("blank\n \n\nlines", "blank ⏎ lines"),
        ("  indented Zoë ", "  indented Zoë "),
        ("tab\tbed", "tab bed"),
        ("back\b\b\bspace", "back␈␈␈space"),
        (f"moc.{RLO}elgoog", "moc.⟨U+202E⟩elgoog"),
        (f"{PDI}x\u2066y", "⟨U+2069⟩x⟨U+2066⟩y"),
        ("\u200fmark\u200e\u061c", "⟨U+200F⟩mark⟨U+200E⟩⟨U+061C⟩"),
        ("ac\u200bme", "ac⟨U+200B⟩me"),
        ("word\u2060joiner", "word⟨U+2060⟩joiner"),
        ("soft\xadhyphen", "softhyphen"),
        ("می\u200cخواهم", "میخواهم"),
        ("👩\u200d💻", "👩💻"),
        ("❤\ufe0f", "❤"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("blank\u3164name\u2800", "blank⟨U+3164⟩name⟨U+2800⟩"),
        ("lone\ud800surrogate", "lone\ufffdsurrogate"),
        ("[bold red]markup[/]", "[bold red]markup[/]"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("e\u0301", "é"),
        ("tower" + "\u0321" * 40, "tower" + "\u0321" * 3),
    ],
)
def test_what_is_shown(text: str | None, shown: str) -> None:
    """Commands become visible, invisible honest characters go, honest text stays."""
    assert safe_text(text) == shown


def test_the_length_is_limited() -> None:
    """A text of the limit's length is not cut; of one that is longer by a letter the last place says so."""
    assert safe_text("x" * 10, 10) == "x" * 10
    assert safe_text("x" * 11, 10) == "x" * 9 + "…"


def test_a_very_long_text_costs_little() -> None:
    """The part that can't be shown isn't worked through."""
    assert len(safe_text("\u202e" * 5_000_000, 50)) == 50
    assert safe_text(" " * 5_000_000 + "\n", 50).strip() == "…"


def test_our_own_line_breaks_stay() -> None:
    """Several lines of ours stay several lines; what is in them is made safe once more."""
    assert safe_lines(f"one\ntwo {ESC}[2J") == "one\ntwo ␛[2J"


@given(st.text())
def test_nothing_in_it_can_steer_a_terminal(text: str) -> None:
    """No control code, no direction sign, no surrogate is left, in any text at all."""
    shown = safe_text(text)
    left = {character for character in shown if unicodedata.category(character) in ("Cc", "Cs", "Cf", "Zl", "Zp")}
    assert left <= HONEST_FORMAT | set("\U0001343f") | {chr(code) for code in range(0x13430, 0x13440)}


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_it_is_never_longer_than_asked(text: str, limit: int) -> None:
    """The limit holds for what is shown, however much a character grew."""
    assert len(safe_text(text, limit)) <= limit


@given(st.text(max_size=200))
def test_made_safe_twice_is_made_safe_once(text: str) -> None:
    """Text that was made safe may be made safe once more."""
    once = safe_text(text)
    assert safe_text(once) == once
