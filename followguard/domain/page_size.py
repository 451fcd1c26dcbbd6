"""How many followers to ask for: every one returned is paid for, so a page is as long as tonight's news."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from followguard.domain.mark import RUN

LONGEST = 1000
"""X returns at most so many on a page."""
FIRST_GUESS = 16
"""The first page of an account whose pace isn't known yet."""
MEMORY = 0.25
"""Weight of the newest night in the running mean of new followers a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """One past night: how many new followers it found, how many days it looked back on.

    `growth` is by how much X's own count of the account's followers rose meanwhile, None where it wasn't known.
    """

    new: int
    days: float
    growth: int | None = None


def a_day(nights: Sequence[Arrivals]) -> float | None:
    """New followers a day, the newest night weighted most; `nights` from old to new. None without a night."""
    mean: float | None = None
    for night in nights:
        rate = night.new / max(night.days, 0.25)
        mean = rate if mean is None else (1 - MEMORY) * mean + MEMORY * rate
    return mean


def leavers(nights: Sequence[Arrivals]) -> float:
    """How many followers leave between two nights, as far as the counts tell: new ones less growth, not below 0."""
    lost = [max(0, night.new - night.growth) for night in nights if night.growth is not None]
    return sum(lost) / len(lost) if lost else 0.0


def expected_new(nights: Sequence[Arrivals], days: float, growth: int | None) -> float | None:
    """How many new followers tonight will find, or None when nothing is known.

    X's count of our followers tells it best; where X doesn't say, the pace of the nights before.
    """
    if growth is not None:
        return max(0.0, growth + leavers(nights))
    pace = a_day(nights)
    return None if pace is None else pace * days


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlan:
    """How long the next page of a night's reading should be."""

    expected: float | None
    burst: int
    """Pages in a row that were wholly new though no more were expected: from the third on each is twice as long."""

    @property
    def step(self) -> int:
        """A page when as many as expected were read and the mark isn't in sight."""
        spread = FIRST_GUESS if self.expected is None else ceil(sqrt(self.expected))
        return max(RUN + 2, spread)

    def next_size(self, new_so_far: int, still_needed: int) -> int:
        """Rows to ask for, 1..1000. `still_needed` completes the run of known followers that has begun."""
        if still_needed:
            return still_needed
        remaining = FIRST_GUESS - RUN if self.expected is None else ceil(self.expected) - new_so_far
        if remaining >= 0 and self.burst == 0:
            return min(LONGEST, remaining + RUN)
        return min(LONGEST, self.step << max(0, self.burst - 2))
