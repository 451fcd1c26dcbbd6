"""Dates as programs write them, read only where one reading is possible."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from followguard.domain.x_profile import FIRST_ACCOUNT, read_time

FORMS = "2026-01-31T08:00:00Z"
"""The form that is always understood."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})"
_OLD = re.compile(
    rf"[A-Z][a-z]{{2}} (?P<word>[A-Z][a-z]{{2}}) +(?P<day>\d{{1,2}}) {_CLOCK}(?: {_ZONE})? (?P<year>\d{{4}})", re.ASCII
)
_MAIL = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(?P<day>\d{{1,2}}) (?P<word>[A-Z][a-z]{{2}}) (?P<year>\d{{4}})(?: {_CLOCK}(?: {_ZONE})?)?",
    re.ASCII,
)
_ISO_LIKE = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T ]{_CLOCK} ?(?:{_ZONE})?)?", re.ASCII
)
_DOTTED = re.compile(rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})(?:,? {_CLOCK})?", re.ASCII)
_SLASHED = re.compile(rf"(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/(?P<year>\d{{4}})(?:,? {_CLOCK})?", re.ASCII)
_EPOCH = re.compile(r"(\d{10}|\d{13}|\d{16}|\d{19})(?:\.\d*)?L?", re.ASCII)
_SPREADSHEET = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)
_START = datetime(1970, 1, 1, tzinfo=UTC)


class DoubtfulDate(ValueError):
    """A date that could be two, and what to do about it."""


def read_written_time(cell: object) -> datetime | None:
    """Reads the moment as aware UTC, or None where it isn't a date. Without a zone it is taken as UTC.

    Beside ISO 8601: X's API 1.1 and mail headers, spaces before the offset, slashes and dots, seconds (milli, micro,
    nano) since 1970. Raises `DoubtfulDate` for one that has two readings: 3/5/2014, a spreadsheet's number of days.
    """
    if isinstance(cell, date):
        cell = cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        cell = str(cell)
    if not isinstance(cell, str):
        return None
    moment = read_time(cell)
    return moment or _other(cell.strip())


def _other(text: str) -> datetime | None:
    if _EPOCH.fullmatch(text):
        return _since_1970(text)
    if _SPREADSHEET.fullmatch(text):
        raise DoubtfulDate(f"is a spreadsheet's number of days; format the column as a date like {FORMS}")
    for form in (_OLD, _MAIL, _ISO_LIKE, _DOTTED, _SLASHED):
        found = form.fullmatch(text)
        if found:
            return _moment(found.groupdict())
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    try:
        month, day = _month_and_day(parts)
        hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
        zone = _zone(parts.get("zone"))
        return datetime(int(parts["year"] or 0), month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except DoubtfulDate:
        raise
    except (ValueError, OverflowError):
        return None


def _month_and_day(parts: dict[str, str | None]) -> tuple[int, int]:
    if parts.get("word"):
        return _MONTHS.index(str(parts["word"]).lower()) + 1, int(parts["day"] or 0)
    if "one" not in parts:
        return int(parts["month"] or 0), int(parts["day"] or 0)
    one, two = int(parts["one"] or 0), int(parts["two"] or 0)
    if one <= 12 and two <= 12 and one != two:
        raise DoubtfulDate(f"can be read with the day or the month first; write it like {FORMS}")
    return (two, one) if one > 12 else (one, two)


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-away if text[0] == "-" else away)


def _since_1970(text: str) -> datetime | None:
    """Reads seconds, milli-, micro- or nanoseconds since 1970, told apart by the number of digits."""
    whole = text.partition(".")[0].rstrip("L")
    moment = _START + timedelta(microseconds=int(whole) * 10**6 // 10 ** (len(whole) - 10))
    return moment if FIRST_ACCOUNT <= moment < _LAST else None
