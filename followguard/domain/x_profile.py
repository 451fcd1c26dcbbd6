"""A user object of the X API v2 read leniently: one odd field must never cost a row that was paid for."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from followguard.domain.follower import Profile

TEXT_COLUMNS = ("username", "name", "description", "location", "url", "profile_image_url", "verified_type")
COUNT_COLUMNS = (
    "followers_count",
    "following_count",
    "tweet_count",
    "listed_count",
    "like_count",
    "media_count",
)
FLAG_COLUMNS = ("protected", "verified")

LONGEST_TEXT = 2_000
"""Characters. X itself allows 50 for a name and 160 for a bio; expanded links are longer."""
LARGEST_COUNT = 10**12
"""More than X could hold; a larger number is nonsense."""
FIRST_ACCOUNT = datetime(2006, 3, 1, tzinfo=UTC)
"""X's oldest account is of March 2006; an earlier birth is a filler such as 1970-01-01."""

_ID = re.compile(r"[1-9][0-9]{0,19}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,13}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_FLAG_WORDS = {"true": True, "false": False}
_FUTURE = timedelta(days=1)


def profile_from_x(raw: object, observed_at: datetime) -> Profile:
    """Reads the profile in one user object of X, either spec version (`tweet_count` or `post_count`).

    Raises ValueError with a short reason when there is no id of digits. Any other odd or missing field is None, and so
    is a birth more than a day after `observed_at`.
    """
    row = columns_of(raw)
    follower_id = read_id(row.get("id"))
    cells = {column: read(row.get(column)) for column, read in _LENIENT.items()}
    cells["username"] = cells["username"] or None
    cells["connection"] = read_connection(row.get("connection_status"))
    born = read_time(row.get("created_at"))
    if born and FIRST_ACCOUNT <= born <= observed_at + _FUTURE:
        cells["created_at"] = born
    return Profile(id=follower_id, observed_at=observed_at, **cells)


def columns_of(raw: object) -> dict[str, object]:
    """Lays a user object flat: metrics as columns, `post_count` as `tweet_count`, its link expanded.

    Raises ValueError when `raw` isn't an object.
    """
    if not isinstance(raw, Mapping):
        raise ValueError(f"not an object but {type(raw).__name__}")  # noqa: TRY004 - one type for the caller
    row = {str(key): cell for key, cell in raw.items()}
    metrics = row.get("public_metrics")
    if isinstance(metrics, Mapping):
        counts = {"tweet_count": metrics.get("post_count")}
        counts |= {column: metrics[column] for column in COUNT_COLUMNS if metrics.get(column) is not None}
        row |= {column: cell for column, cell in counts.items() if cell is not None}
    link = _expanded_link(row.get("entities"))
    if link is not None:
        row["url"] = link
    return row


def clean_text(text: str) -> str:
    """Makes a text that any database can hold: NUL and lone surrogates become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def read_id(cell: object) -> str:
    """Reads an id of 1 to 20 digits, as text. Raises ValueError for anything else."""
    text = str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise ValueError("no id" if cell in (None, "") else f"the id isn't made of digits: {repr(cell)[:40]}")
    return text


def read_time(cell: object) -> datetime | None:
    """Reads an ISO 8601 date as aware UTC, or None for another. Without an offset it is taken as UTC."""
    if not isinstance(cell, str) or not _DATE.fullmatch(cell):
        return None
    try:
        moment = datetime.fromisoformat(cell)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def read_count(cell: object) -> int | None:
    """Reads a whole number from 0 to `LARGEST_COUNT`, a number or digits, or None for anything else."""
    if isinstance(cell, str) and _DIGITS.fullmatch(cell):
        cell = int(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    fits = isinstance(cell, int) and not isinstance(cell, bool) and 0 <= cell <= LARGEST_COUNT
    return cell if isinstance(cell, int) and fits else None


def read_flag(cell: object) -> bool | None:
    """Reads true or false, given as such or as a word, or None when it is neither."""
    if isinstance(cell, bool):
        return cell
    return _FLAG_WORDS.get(cell.lower()) if isinstance(cell, str) else None


def _text(cell: object) -> str | None:
    return clean_text(cell)[:LONGEST_TEXT] if isinstance(cell, str) else None


def read_connection(cell: object) -> frozenset[str] | None:
    """Reads the words of `connection_status`, or None where X gave no list."""
    if not isinstance(cell, list | tuple):
        return None
    return frozenset(word for word in cell if isinstance(word, str))


def _expanded_link(entities: object) -> str | None:
    """Finds `entities.url.urls[0].expanded_url`, or None where any step is missing."""
    link = entities.get("url") if isinstance(entities, Mapping) else None
    links = link.get("urls") if isinstance(link, Mapping) else None
    first = links[0] if isinstance(links, list) and links else None
    expanded = first.get("expanded_url") if isinstance(first, Mapping) else None
    return expanded if isinstance(expanded, str) and expanded else None


_LENIENT: dict[str, Callable[[object], Any]] = {
    **dict.fromkeys(TEXT_COLUMNS, _text),
    **dict.fromkeys(COUNT_COLUMNS, read_count),
    **dict.fromkeys(FLAG_COLUMNS, read_flag),
}
