"""Days as the whole program counts them: ISO dates in UTC, which compare as text."""

from datetime import UTC, datetime, timedelta


def day_of(now: datetime) -> str:
    """The UTC day of an aware time, as an ISO date."""
    return now.astimezone(UTC).date().isoformat()


def start_of(day: str) -> datetime:
    """The first moment of an ISO day."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def bounds_of(day: str) -> tuple[datetime, datetime]:
    """The first moment of an ISO day, and the first that isn't of it any more."""
    start = start_of(day)
    return start, start + timedelta(days=1)


def month_of(day: str) -> tuple[str, str]:
    """The first and the last day that the month of an ISO day can have."""
    return f"{day[:8]}01", f"{day[:8]}31"
