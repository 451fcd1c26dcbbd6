"""How many followers to ask for: every one returned is paid for, so a page is as long as tonight's news."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from followguard.followers.stop_rule import RUN

LONGEST = 1000
"""X returns at most so many on a page."""
FIRST_GUESS = 16
"""The first page of an account whose pace isn't known yet."""
ENOUGH_NIGHTS = 4
"""With fewer nights than these, the first guess stands in for the others: one night may have been a surge."""
FAR_ABOVE = 4
"""An expectation of so many times the usual number and more is tried in steps, in case X's count is wrong."""
NOT_FAR = 50
"""So many more than that aren't far above it on an account of any size."""
ODD = 20
"""So many leavers, and four times as many as in the quieter nights, are no habit: X's count lagged, or a purge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightPace:
    """One past night: how many new followers it found, how many days it looked back on.

    `growth` is by how much X's own count of the account's followers rose meanwhile, None where it wasn't known.
    """

    new: int
    days: float
    growth: int | None = None


def a_day(nights: Sequence[NightPace]) -> float | None:
    """Returns the new followers a day that at least three nights in four brought; None without a night.

    Surges don't move it, and an expectation that is too low costs a call more, one that is too high a thousand
    profiles.
    """
    rates = [night.new / max(night.days, 0.25) for night in nights]
    if not rates:
        return None
    return _lower_quartile([*rates, *[float(FIRST_GUESS)] * (ENOUGH_NIGHTS - len(rates))])


def leavers(nights: Sequence[NightPace]) -> float:
    """Returns how many followers usually leave between two nights: new ones less growth."""
    lost = [float(max(0, night.new - night.growth)) for night in nights if night.growth is not None]
    if len(lost) < 2:
        return min(sum(lost), float(FIRST_GUESS))
    usual = [each for each in lost if each <= 4 * _lower_quartile(lost) + ODD]
    return sum(usual) / len(usual)


def _lower_quartile(values: Sequence[float]) -> float:
    return sorted(values)[(len(values) - 1) // 4]


def expected_new(nights: Sequence[NightPace], days: float, growth: int | None) -> float | None:
    """Tells how many new followers tonight will find, or None when nothing is known.

    X's count of our followers tells it best; where X doesn't say, or has taken far more away than usually leave, the
    pace of the nights before.
    """
    gone = leavers(nights)
    if growth is not None and growth >= -(4 * gone + ODD):
        return max(0.0, growth + gone)
    pace = a_day(nights)
    return None if pace is None else pace * days


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlan:
    """The length of the next page of a night's reading."""

    expected: float | None
    burst: int
    """Pages in a row that were wholly new though no more were expected: from the third on each is twice as long."""
    usual: float | None = None
    """What the nights before let expect, where X's count says something else."""

    @property
    def step(self) -> int:
        """A page when as many as expected were read and the mark isn't in sight."""
        spread = FIRST_GUESS if self.expected is None else ceil(sqrt(self.expected))
        return max(RUN + 2, spread)

    def next_size(self, new_so_far: int, still_needed: int) -> int:
        """Returns rows to ask for, 1..1000. `still_needed` completes the run of known followers that has begun."""
        if still_needed:
            return still_needed
        remaining = FIRST_GUESS - RUN if self.expected is None else ceil(self.expected) - new_so_far
        if remaining >= 0 and self.burst == 0:
            return min(LONGEST, self._trusted(new_so_far), remaining + RUN)
        return min(LONGEST, self.step << max(0, self.burst - 2))

    def _trusted(self, new_so_far: int) -> int:
        """Tells how long a page may be: far above the usual, at most twice of what has been new so far."""
        if self.usual is None or self.expected is None or self.expected <= FAR_ABOVE * self.usual + NOT_FAR:
            return LONGEST
        return max(ceil(self.usual), 2 * new_so_far) + RUN
