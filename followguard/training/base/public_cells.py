"""The cells of the public sets, read: each set writes absence, dates and letters in its own way."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

UNKNOWN = "NULL"
"""Unquoted in the Cresci files. No cell of theirs is a quoted "NULL", so the quotes needn't be looked at."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MILLISECONDS = re.compile(r"([0-9]+)L")
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) \+0000 (\d{4})")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})")
_ESCAPE = re.compile(r"""\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([nrt\\'"]))""")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def rows_by_name(text: str) -> Iterator[dict[str, str]]:
    """Yields the rows under a header, by column name: the order of columns differs between files."""
    return csv.DictReader(io.StringIO(text, newline=""))


def text_cell(cell: str) -> str | None:
    """Returns the text, empty where the account left it empty, None where nobody looked."""
    return None if cell == UNKNOWN else cell


def count_cell(cell: str) -> int | None:
    """Returns a whole number, or None where it isn't known."""
    return None if cell in (UNKNOWN, "") else int(cell)


def flag_cell(cell: str) -> bool | None:
    """Reads empty as false, `1` as true, NULL as unknown."""
    return None if cell == UNKNOWN else cell == "1"


def twitter_time(cell: str) -> datetime:
    """Reads `Wed Oct 07 03:19:21 +0000 2009`, or milliseconds since 1970 with an L. Independent of the locale."""
    milliseconds = _MILLISECONDS.fullmatch(cell)
    if milliseconds:
        return _EPOCH + timedelta(milliseconds=int(milliseconds[1]))
    month, day, hour, minute, second, year = _parts(_TWITTER, cell)
    clock = (int(hour), int(minute), int(second))
    return datetime(int(year), _MONTHS.index(month) + 1, int(day), *clock, tzinfo=UTC)


def american_time(cell: str) -> datetime:
    """Reads `9/18/2006 1:07`: month first, taken as UTC."""
    month, day, year, hour, minute = map(int, _parts(_AMERICAN, cell))
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def plain_time(cell: str) -> datetime:
    """Reads `2015-05-02 06:41:46`, taken as UTC; the crawlers' clocks may have been two hours ahead of it."""
    return datetime.fromisoformat(cell).replace(tzinfo=UTC)


def once_decoded(text: str) -> str:
    """Restores text that was UTF-8, read as Windows-1252 and written as UTF-8 again; other text stays as it is."""
    try:
        return b"".join(map(_byte, text)).decode("utf-8")
    except UnicodeError:
        return text


def unescaped(text: str) -> str:
    r"""Restores text of `spambots_1`, whose letters beyond ASCII are Python escapes (`\xe9`, `\u25ba`, `\n`)."""
    letters = _ESCAPE.sub(_letter, text)
    return letters.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _letter(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    return chr(int(code, 16)) if code else _ESCAPED.get(found[4], found[4])


def _byte(letter: str) -> bytes:
    """Returns the byte: Windows-1252 leaves five undefined; those came through as Latin-1."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def _parts(pattern: re.Pattern[str], cell: str) -> tuple[str, ...]:
    found = pattern.fullmatch(cell)
    if found is None:
        raise ValueError(f"not a date of this set: {cell[:40]!r}")
    return found.groups()
