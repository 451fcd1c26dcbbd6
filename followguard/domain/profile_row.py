"""One row of a profile file read strictly: a person wrote or exported it, so what is wrong with it is said."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from followguard.domain.follower import PROFILE_COLUMNS, Profile
from followguard.domain.labels import Label
from followguard.domain.x_profile import (
    COUNT_COLUMNS,
    FIRST_ACCOUNT,
    FLAG_COLUMNS,
    LARGEST_COUNT,
    LONGEST_TEXT,
    TEXT_COLUMNS,
    clean_text,
    columns_of,
    read_connection,
    read_count,
    read_flag,
    read_id,
    read_time,
)

LABEL_COLUMNS = ("label", "group")
"""What a profile file may hold beside `PROFILE_COLUMNS`."""
SCORE_COLUMNS = ("id", "p_spam", "band", "reasons", "base_logit", "model", "error")
"""What `followguard score` writes for a row: all but the last, or `id` and `error`."""

_BLANK_MEANS_UNKNOWN = frozenset(PROFILE_COLUMNS) - frozenset(TEXT_COLUMNS)
_POINT_ZERO = re.compile(r"([0-9]{1,13})\.0*")
_FLAG_DIGITS = {"0": False, "1": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """A good row. `line` counts from 1 (Parquet: the row); `label` is spam, genuine or None."""

    line: int
    profile: Profile
    label: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """A bad row, and why. `id` is what stood there, if anything did."""

    line: int
    id: str | None
    error: str


def row_from(raw: object, line: int, now: datetime) -> ProfileRow | RowError:
    """The row in a mapping of our columns, or in a user object of the X API v2. Never raises.

    None, a NaN and, but for text, an empty string mean unknown. Without `observed_at` it was observed `now`.
    """
    try:
        return _good_row(columns_of(raw), line, now)
    except ValueError as refused:
        found = raw.get("id") if isinstance(raw, Mapping) else None
        shown = None if found in (None, "") else clean_text(str(found))[:40]
        return RowError(line=line, id=shown, error=f"line {line}: {refused}")


def _good_row(columns: Mapping[str, object], line: int, now: datetime) -> ProfileRow:
    follower_id = read_id(_known("id", columns.get("id")))
    cells = {name: _cell(name, columns.get(name)) for name in PROFILE_COLUMNS if name != "id"}
    cells["observed_at"] = cells["observed_at"] or now
    _check_times(cells["created_at"], cells["observed_at"])
    label = _cell("label", columns.get("label"))
    group = _cell("group", columns.get("group"))
    connection = read_connection(columns.get("connection_status"))
    profile = Profile(id=follower_id, connection=connection, **cells)
    return ProfileRow(line=line, profile=profile, label=label or None, group=group or None)


def _cell(name: str, cell: object) -> Any:
    known = _known(name, cell)
    return None if known is None else _STRICT[name](name, known)


def _known(name: str, cell: object) -> object:
    """The cell without the white space around it, or None when it means unknown."""
    if isinstance(cell, float) and cell != cell:  # noqa: PLR0124 - only a NaN differs from itself
        return None
    if isinstance(cell, str) and name in _BLANK_MEANS_UNKNOWN:
        return cell.strip() or None
    return cell


def _check_times(created_at: datetime | None, observed_at: datetime) -> None:
    if created_at is None:
        return
    if created_at > observed_at:
        raise ValueError(
            f"created_at {created_at:%Y-%m-%d %H:%M} is later than observed_at {observed_at:%Y-%m-%d %H:%M}"
        )
    if created_at < FIRST_ACCOUNT:
        raise ValueError(f"created_at {created_at:%Y-%m-%d} is before X's first account (March 2006)")


def _text(name: str, cell: object) -> str:
    text = str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
    if not isinstance(text, str):
        raise ValueError(f"{name} isn't text: {_shown(cell)}")  # noqa: TRY004 - one type for the caller
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{name} has {len(text):,} characters, at most {LONGEST_TEXT:,} are read")
    return clean_text(text)


def _username(name: str, cell: object) -> str | None:
    return _text(name, cell).strip() or None


def _count(name: str, cell: object) -> int:
    pointed = _POINT_ZERO.fullmatch(cell) if isinstance(cell, str) else None
    count = read_count(pointed[1] if pointed else cell)
    if count is None:
        raise ValueError(f"{name} isn't a whole number from 0 to {LARGEST_COUNT:.0e}: {_shown(cell)}")
    return count


def _flag(name: str, cell: object) -> bool:
    flag = read_flag(cell)
    flag = _FLAG_DIGITS.get(str(cell)) if flag is None else flag
    if flag is None:
        raise ValueError(f"{name} is neither true nor false: {_shown(cell)}")
    return flag


def _time(name: str, cell: object) -> datetime:
    moment = read_time(cell.isoformat() if isinstance(cell, date) else cell)
    if moment is None:
        raise ValueError(f"{name} isn't a date like 2026-01-31T08:00:00Z: {_shown(cell)}")
    return moment


def _label(name: str, cell: object) -> str | None:
    text = _text(name, cell).strip()
    if text and text not in set(Label):
        raise ValueError(f"{name} is neither spam nor genuine: {_shown(cell)}")
    return text or None


def _shown(cell: object) -> str:
    return repr(cell)[:40]


_STRICT: dict[str, Callable[[str, object], Any]] = {
    **dict.fromkeys(TEXT_COLUMNS, _text),
    **dict.fromkeys(COUNT_COLUMNS, _count),
    **dict.fromkeys(FLAG_COLUMNS, _flag),
    "username": _username,
    "created_at": _time,
    "observed_at": _time,
    "label": _label,
    "group": _text,
}
