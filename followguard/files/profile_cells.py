"""Single cells of a profile file: what each kind of column understands, and what it says of anything else."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from followguard.domain.labels import Label
from followguard.domain.x_profile import (
    COUNT_COLUMNS,
    FLAG_COLUMNS,
    LARGEST_COUNT,
    LONGEST_TEXT,
    TEXT_COLUMNS,
    clean_text,
    read_count,
    read_flag,
    read_id,
)
from followguard.files.written_times import FORMS, DoubtfulDate, read_written_time

UNKNOWN_WORDS = frozenset(
    {"nan", "null", "none", "nil", "nat", "n/a", "na", "<na>", "#n/a", "#na", "#null!", "#value!", "#ref!", "\\n"}
    | {"undefined", "unknown", "-", "--", "–", "—", ".", "?"}
)
"""In any case, outside texts: nobody knows."""
UNKNOWN_TEXTS = frozenset({"", "nan", "NaN", "NaT", "NULL", "None", "<NA>", "#N/A", "\\N"})
"""Exactly these, in the texts of a CSV file: programs write them for nothing. People may be called Nan or write -."""
SPAM_WORDS = frozenset({"spam", "spammer", "bot", "spambot", "fake"})
GENUINE_WORDS = frozenset(
    {"genuine", "human", "real", "legit", "legitimate", "ham", "not spam", "not a bot", "not bot"}
)
_NOUN_OF_LABEL = re.compile(r" (?:account|user|profile|person)$|(?<=[mnrt])s$")
"""`Bot account`, `real users`, `spammers`: what data sets add to a label."""

EXACT = 2**53
"""Up to here a floating-point number holds every whole number."""
_POINT_ZERO = re.compile(r"([0-9]{1,20})[.,](?:0{0,2}|0{4,})")
"""Not three zeros: `1.000` is a thousand to some and one to others."""
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:[' \u00a0\u202f\u2019][0-9]{3})+|(?:\.[0-9]{3}){2,})")
_GROUPS = re.compile(r"[^0-9]")
_WRAPPED_ID = re.compile(r"""=?["']?([0-9]+)["']?""")
_ROUNDED_ID = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
_FLAGS = {
    **dict.fromkeys(("0", "0.0", "no", "n", "f", "false", "falsch", "faux", "falso"), False),
    **dict.fromkeys(("1", "1.0", "yes", "y", "t", "true", "wahr", "vrai", "verdadero"), True),
}


class BadCell(ValueError):
    """A cell that can't be used: `reason` is the same for all cells with the same fault, `cell` is this one."""

    def __init__(self, reason: str, cell: object = None) -> None:
        self.reason = reason
        super().__init__(reason if cell is None else f"{reason}: {shown(cell)}")


def shown(cell: object) -> str:
    """Quotes the cell for an error, and cuts it where it is long."""
    return repr(cell[:60] if isinstance(cell, str) else cell)[:40]


def is_unknown(cell: object) -> bool:
    """Tells whether a cell is empty, a NaN, white space or one of `UNKNOWN_WORDS`."""
    if isinstance(cell, str):
        text = cell.strip().lower()
        return not text or text in UNKNOWN_WORDS
    return cell is None or cell != cell  # noqa: PLR0124 - only a NaN differs from itself


def read_written_id(cell: object) -> str:
    """Reads the id in a cell, also as spreadsheets and data frames write it while it is exact.

    Raises `BadCell`.
    """
    if isinstance(cell, str) and cell.isdigit() and cell.isascii() and cell[0] != "0" and len(cell) <= 20:
        return cell
    if is_unknown(cell):
        raise BadCell("no id")
    text = cell.strip() if isinstance(cell, str) else cell
    if isinstance(text, float):
        text = f"{text:.0f}.0" if text.is_integer() and text < EXACT else repr(text)
    if isinstance(text, str):
        text = _exact(text, cell)
    try:
        return read_id(text)
    except ValueError as refused:
        raise BadCell("the id isn't made of digits", cell) from refused


def _exact(text: str, cell: object) -> str:
    wrapped, pointed = _WRAPPED_ID.fullmatch(text), _POINT_ZERO.fullmatch(text)
    if wrapped or (pointed and int(pointed[1]) < EXACT):
        return (wrapped or pointed)[1]  # type: ignore[index]  # one of the two is there
    if pointed or _ROUNDED_ID.fullmatch(text):
        raise BadCell("the id was rounded (export the column as text)", cell)
    return text


def read_text(name: str, cell: object) -> str:
    """Reads a text so that any database can hold it. Raises `BadCell` for another type or a long text."""
    text = str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
    if not isinstance(text, str):
        raise BadCell(f"{name} isn't text", cell)
    if len(text) > LONGEST_TEXT:
        raise BadCell(f"{name} has more than {LONGEST_TEXT:,} characters", cell)
    return clean_text(text)


def _username(name: str, cell: object) -> str | None:
    return read_text(name, cell).strip().removeprefix("@") or None


def _count(name: str, cell: object) -> int | None:
    count = read_count(cell)
    if count is None and isinstance(cell, str):
        text = cell.strip()
        pointed = _POINT_ZERO.fullmatch(text)
        grouped = _GROUPED.fullmatch(text)
        count = read_count(pointed[1] if pointed else _GROUPS.sub("", text) if grouped else text)
    if count is None and not is_unknown(cell):
        raise BadCell(f"{name} isn't a whole number from 0 to {LARGEST_COUNT:.0e}", cell)
    return count


def _flag(name: str, cell: object) -> bool | None:
    flag = read_flag(cell)
    flag = _FLAGS.get(str(cell).strip().lower()) if flag is None else flag
    if flag is None and not is_unknown(cell):
        raise BadCell(f"{name} is neither true nor false", cell)
    return flag


def _time(name: str, cell: object) -> datetime | None:
    try:
        moment = read_written_time(cell)
    except DoubtfulDate as doubt:
        raise BadCell(f"{name} {doubt}", cell) from doubt
    if moment is None and not is_unknown(cell):
        raise BadCell(f"{name} isn't a date like {FORMS}", cell)
    return moment


def _label(name: str, cell: object) -> Label | None:
    word = " ".join(read_text(name, cell).lower().replace("_", " ").replace("-", " ").split())
    word = _NOUN_OF_LABEL.sub("", _NOUN_OF_LABEL.sub("", word))
    if word in SPAM_WORDS or word in GENUINE_WORDS:
        return Label.SPAM if word in SPAM_WORDS else Label.GENUINE
    if is_unknown(cell) or not word:
        return None
    raise BadCell(f"{name} is neither spam nor genuine", cell)


STRICT: dict[str, Callable[[str, object], Any]] = {
    **dict.fromkeys(TEXT_COLUMNS, read_text),
    **dict.fromkeys(COUNT_COLUMNS, _count),
    **dict.fromkeys(FLAG_COLUMNS, _flag),
    "username": _username,
    "created_at": _time,
    "observed_at": _time,
    "label": _label,
    "group": read_text,
}
"""How each column is read: the value, None where nobody knows, or `BadCell`."""
