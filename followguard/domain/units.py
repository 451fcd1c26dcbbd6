"""Units of the whole program: days as ISO dates in UTC, which compare as text, and money in micro-dollars."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from followguard.errors import UsageError


def micro(usd: float) -> int:
    """Turns USD into micro-dollars, rounded to the nearest."""
    return round(usd * 1_000_000)


def usd(amount: int) -> float:
    """Turns micro-dollars into USD."""
    return amount / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The money that may still be spent tonight on this account and this month on all, in micro-dollars."""

    night_left: int
    month_left: int

    @property
    def left(self) -> int:
        """The smaller of the two, never below 0."""
        return max(0, min(self.night_left, self.month_left))

    def affords(self, price: int) -> int:
        """Tells how many billed profiles at `price` micro-dollars each can still be asked for."""
        return self.left // price if price > 0 else 1_000_000_000

    @property
    def tighter(self) -> str:
        """The name of the configuration key that binds."""
        return "max_usd_per_night" if self.night_left <= self.month_left else "max_usd_per_month"


MOST_DIGITS = 4
"""The most digits of the days in `+7`: no calendar holds a day that needs more."""


def day_of(now: datetime) -> str:
    """Gives the UTC day of an aware time, as an ISO date."""
    return now.astimezone(UTC).date().isoformat()


def start_of(day: str) -> datetime:
    """Gives the first moment of an ISO day, in UTC."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def day_meant(text: str, today: str) -> str:
    """Reads `tomorrow` or `+7` as an ISO day, counted from the ISO day `today`.

    Any other text stays, without the spaces round it.
    """
    word = text.strip().lower()
    number = "1" if word == "tomorrow" else word.removeprefix("+")
    ahead = word != number and number.isdecimal() and len(number) <= MOST_DIGITS
    return (start_of(today) + timedelta(days=int(number))).date().isoformat() if ahead else text.strip()


def bounds_of(day: str) -> tuple[datetime, datetime]:
    """Gives the first moment of an ISO day and the first moment of the next."""
    start = start_of(day)
    return start, start + timedelta(days=1)


def month_of(day: str) -> tuple[str, str]:
    """Gives the first and the last day that the month of an ISO day can have."""
    return f"{day[:8]}01", f"{day[:8]}31"


def since_meant(text: str) -> datetime:
    """Reads an ISO day (its first moment in UTC) or an ISO time, in UTC unless it names a zone.

    Raises `UsageError` for anything else.
    """
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text[:60]!a} isn't a date.", "Write it as in 2027-01-31 or 2027-01-31T08:00.") from error
