"""Words in messages: counted, quoted for a shell, safe to print."""

import re
import shlex
import unicodedata
from collections.abc import Callable

_THINGS = re.compile(r"\{n\} ((?:more |new )?)(\w+)s\b")


def counted(number: int, one: str, many: str = "") -> str:
    """Writes a number with its noun: `1 account`, `0 accounts`; `many` is for a plural without a plain s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def ordinal(number: int) -> str:
    """Writes `1st`, `2nd`, `11th`."""
    return f"{number}{'th' if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, 'th')}"


def filled(text: str, number: str) -> str:
    """Puts the number in the place of {n}, and the noun behind it in the singular where that is 1."""
    return (_THINGS.sub(r"{n} \1\2", text) if number == "1" else text).format(n=number)


MARK = "\ufeff"
"""The byte order mark that some editors put in front."""


QUOTES = "\"'"


def unquoted(text: str | None) -> str | None:
    """Gives the text without what can't be part of it at its ends: a mark, blanks, quotes that stand round all of it.

    docker's `--env-file` keeps the quotes that a shell would take off.
    """
    while text:
        bare = text.strip().strip(MARK)
        if len(bare) >= 2 and bare[0] == bare[-1] and bare[0] in QUOTES:
            bare = bare[1:-1]
        if bare == text:
            break
        text = bare
    return text


def quoted(name: str) -> str:
    """Quotes for a shell: in double quotes unless the name holds what they don't protect."""
    return shlex.quote(name) if set(name) & set('"$`\\!') else f'"{name}"'


LINE_BREAK = "⏎"


CUT = "…"


MOST_MARKS = 3
"""Accents on one letter. Thai and Vietnamese need up to three; a tower of them is written to cover other lines."""


_BREAK = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


_SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Every character that is a control, has no shape of its own, or steers how its neighbours are laid out."""


_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]"


_TOWER = re.compile(f"({_MARK}{{{MOST_MARKS}}}){_MARK}+")


def _code(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def _picture(character: str) -> str:
    """Gives the symbol for a control code, such as ␛ for the one that starts a terminal's commands."""
    return "\u2421" if character == "\x7f" else chr(0x2400 + ord(character))


def _nothing(_: str) -> str:
    return ""


_SHOWN: tuple[tuple[Callable[[str], bool], Callable[[str], str]], ...] = (
    (lambda c: c == "\t", lambda _: " "),
    (lambda c: c < "\x20" or c == "\x7f", _picture),
    (lambda c: "\ud800" <= c <= "\udfff", lambda _: "\ufffd"),
    # Honest names hold these: in emoji of families, in Persian, in coloured hearts, in the flag of Wales.
    (lambda c: c in "\xad\u200c\u200d\ufeff" or "\ufe00" <= c <= "\ufe0f" or c >= "\U000e0000", _nothing),
    (lambda _: True, _code),
)
"""Read from the top: the first test that holds says how a suspect character is shown."""


def _shown(found: re.Match[str]) -> str:
    return next(show(found[0]) for fits, show in _SHOWN if fits(found[0]))


def _on_one_line(text: str) -> str:
    """Puts a text on one line without the breaks at its ends and its blank lines. One line keeps its spaces."""
    lines = _BREAK.split(text)
    if len(lines) == 1:
        return text
    return f" {LINE_BREAK} ".join(line for line in (each.strip("\t ") for each in lines) if line)


def safe_text(text: str | None, limit: int = 500) -> str:
    """Makes a text safe to print: one line of at most `limit` characters that a terminal won't obey.

    Control codes and direction overrides become visible, line breaks become ⏎, what is invisible but honest goes. None
    is shown as nothing. Markup of a library that prints (rich, HTML) is escaped where it is printed.
    """
    text = (text or "")[: limit * 20]
    if not (text.isascii() and text.isprintable()):
        text = _on_one_line(text)
        text = _SUSPECT.sub(_shown, text)
        text = _TOWER.sub(r"\1", unicodedata.normalize("NFC", text))
    return text if len(text) <= limit else text[: limit - 1].rstrip() + CUT


def safe_lines(text: str) -> str:
    """Makes a text of our own safe once more, line by line: its line breaks stay."""
    return "\n".join(safe_text(line, 100_000) for line in text.split("\n"))
