"""How long a card takes people, from the time between two decisions of one person in one sitting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

PAUSE = timedelta(minutes=5)
"""A longer gap between two decisions was a pause, and says nothing about a card."""
FEWEST_GAPS = 5
"""Fewer say nothing about the next card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a card takes. `seconds`: the median of `gaps` times between decisions, None where they are too few."""

    gaps: int = 0
    seconds: float | None = None

    def minutes_for(self, cards: int) -> int | None:
        """Returns about how many whole minutes so many cards take, 0 for less than one; None: not known."""
        return None if self.seconds is None else round(cards * self.seconds / 60)


UNKNOWN = Pace()


def gaps_of(moments: Sequence[datetime]) -> list[float]:
    """Returns the seconds between one person's decisions in the order they were made; pauses are left out.

    Decisions of one moment, as a batch or a sheet makes them, are one look.
    """
    between = (later - earlier for earlier, later in pairwise(moments))
    return [gap.total_seconds() for gap in between if timedelta(seconds=0.5) <= gap <= PAUSE]


def pace_from(gaps: Iterable[float]) -> Pace:
    """Returns the pace of so many times between decisions, of one person or of several."""
    found = list(gaps)
    return Pace(gaps=len(found), seconds=median(found) if len(found) >= FEWEST_GAPS else None)
