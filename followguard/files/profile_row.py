"""One row of a profile file read strictly: a person wrote or exported it, so what is wrong with it is said."""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.domain.follower import PROFILE_COLUMNS, Profile
from followguard.domain.x_profile import (
    FIRST_ACCOUNT,
    LONGEST_TEXT,
    TEXT_COLUMNS,
    clean_text,
    columns_of,
    read_connection,
)
from followguard.files.profile_cells import STRICT, BadCell, is_unknown, read_written_id
from followguard.files.profile_headings import METRICS

SCORE_COLUMNS = ("id", "p_spam", "band", "reasons", "base_logit", "model", "error")
"""Columns that `followguard score` writes for a row: all but the last, or `id` and `error`."""

MOST_REASONS = 6
"""How many different faults of rows are told in a line."""

_BLANK_MEANS_UNKNOWN = frozenset(PROFILE_COLUMNS) - frozenset(TEXT_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """A good row. `line` counts from 1 (Parquet: the row); `label` is spam, genuine or None."""

    line: int
    profile: Profile
    label: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """A bad row, and why. `id` is what stood there, if anything did; `reason` is the error without line and cell."""

    line: int
    id: str | None
    error: str
    reason: str = ""

    @property
    def kind(self) -> str:
        """The fault under which rows like this one are counted."""
        return self.reason or self.error


def reasons_in_words(reasons: Mapping[str, int]) -> str:
    """Sums up reasons as `3 no id, 1 not CSV`: the commonest first, and no more than a line holds."""
    ordered = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    rest = sum(number for _, number in ordered[MOST_REASONS:])
    words = [f"{number:,} {reason}" for reason, number in ordered[:MOST_REASONS]]
    return ", ".join(words + [f"{rest:,} other"] * bool(rest)) or "none left out"


def row_error(line: int, reason: str, detail: str = "", id_: object = None) -> RowError:
    """Makes the error of a row. `id_` is the text that stood there; it is cut where it is long."""
    shown = None if id_ is None or id_ == "" else clean_text(str(id_)[:200])[:40]
    error = f"line {line}: {reason}: {detail}" if detail else f"line {line}: {reason}"
    return RowError(line=line, id=shown, error=error, reason=reason)


def row_from(raw: object, line: int, now: datetime) -> ProfileRow | RowError:
    """Reads the row in a mapping of our columns, or in a user object of the X API v2. Never raises.

    None, a NaN and, but for text, white space and `UNKNOWN_WORDS` mean unknown. Without `observed_at` it was observed
    `now`.
    """
    try:
        return _good_row(columns_of(_with_metrics(raw)), line, now)
    except ValueError as refused:
        found = raw.get("id") if isinstance(raw, Mapping) else None
        reason = refused.reason if isinstance(refused, BadCell) else str(refused)
        return row_error(line, reason, str(refused)[len(reason) :].removeprefix(": "), found)


def _with_metrics(raw: object) -> object:
    """Parses a text under `public_metrics` into its object: CSV has no other way to hold one."""
    text = raw.get(METRICS) if isinstance(raw, Mapping) else None
    if not isinstance(text, str) or not isinstance(raw, Mapping) or is_unknown(text):
        return raw
    if len(text) > LONGEST_TEXT:
        raise BadCell(f"{METRICS} has more than {LONGEST_TEXT:,} characters", text)
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        if isinstance(found, Mapping):
            return {**raw, METRICS: found}
    raise BadCell(f"{METRICS} isn't an object of counts", text)


def _good_row(columns: Mapping[str, object], line: int, now: datetime) -> ProfileRow:
    follower_id = read_written_id(columns.get("id"))
    cells = {name: _cell(name, columns.get(name)) for name in PROFILE_COLUMNS if name != "id"}
    cells["observed_at"] = cells["observed_at"] or now
    _check_times(cells["created_at"], cells["observed_at"])
    label = _cell("label", columns.get("label"))
    group = _cell("group", columns.get("group"))
    connection = read_connection(columns.get("connection_status"))
    profile = Profile(id=follower_id, connection=connection, **cells)
    return ProfileRow(line=line, profile=profile, label=label or None, group=group or None)


def _cell(name: str, cell: object) -> Any:
    """Reads the value of a cell, or None where it means unknown. White space round it counts in texts only."""
    if cell is None:
        return None
    if isinstance(cell, str):
        if name in _BLANK_MEANS_UNKNOWN and not (cell := cell.strip()):
            return None
    elif cell != cell:  # noqa: PLR0124 - only a NaN differs from itself
        return None
    return STRICT[name](name, cell)


def _check_times(created_at: datetime | None, observed_at: datetime) -> None:
    if created_at is None:
        return
    if created_at > observed_at:
        when = f"{created_at:%Y-%m-%d %H:%M}, observed {observed_at:%Y-%m-%d %H:%M}"
        raise BadCell("created_at is later than observed_at", when)
    if created_at < FIRST_ACCOUNT:
        raise BadCell("created_at is before X's first account (March 2006)", f"{created_at:%Y-%m-%d}")
