"""Nights in a row in which an account's follower list wasn't read to where it should be."""

from dataclasses import dataclass
from datetime import date, timedelta

from followguard.domain.wording import ordinal

ALARMING = 2
"""From so many nights on it is said wherever people look; one night may well be made up for by the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingDays:
    """ISO days of an account: of its first night and its newest, and of the newest complete reading. None: never."""

    first_night: str | None = None
    newest_night: str | None = None
    last_reading: str | None = None


def nights_without_reading(days: ReadingDays, today: str) -> int:
    """Counts the nights up to now since the newest complete reading; a day without a run is such a night too.

    Today's night counts once it has run. An account that never had a night has missed none.
    """
    if days.first_night is None or days.newest_night is None:
        return 0
    before_first = date.fromisoformat(days.first_night) - timedelta(days=1)
    since = date.fromisoformat(days.last_reading) if days.last_reading else before_first
    yesterday = date.fromisoformat(today) - timedelta(days=1)
    return max(0, (max(date.fromisoformat(days.newest_night), yesterday) - since).days)


def unread_words(nights: int) -> str:
    """Returns `3rd night in a row without a complete reading`; empty where that isn't worth a word."""
    return f"{ordinal(nights)} night in a row without a complete reading" if nights >= ALARMING else ""
