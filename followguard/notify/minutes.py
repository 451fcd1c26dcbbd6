"""How many minutes so many cards take, from what cards took people lately."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from followguard.reports.page import SECONDS_A_CARD

LOOK_BACK = timedelta(days=28)
PAUSE = timedelta(minutes=5)
"""A longer gap between two decisions was a pause, and says nothing about a card."""
ONE_LOOK = timedelta(seconds=0.5)
"""Decisions that came closer were one look: a batch, a sheet, a script."""
FEWEST = 20
"""Fewer gaps say nothing about the next card."""


def seconds_a_card(decided: Iterable[Sequence[datetime]]) -> float:
    """Returns the median of the times between two decisions of one person; without enough of them an estimate."""
    gaps = [later - earlier for moments in decided for earlier, later in pairwise(moments)]
    looks = [gap.total_seconds() for gap in gaps if ONE_LOOK <= gap <= PAUSE]
    return median(looks) if len(looks) >= FEWEST else float(SECONDS_A_CARD)


def minutes_in_words(cards: int, seconds: float) -> str:
    """Returns `about 4 minutes`; a minute is the least that is said."""
    minutes = max(1, round(cards * seconds / 60))
    return f"about {minutes} minute{'' if minutes == 1 else 's'}"
