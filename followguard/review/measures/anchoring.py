"""The anchoring meter: do people agree with the machine more often where they see what it says?"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

FEWEST = 20
"""Cards of each kind below which nothing is said."""
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Seen:
    """One decision about a card that the machine called spam or genuine. `blind`: band and reasons were hidden."""

    blind: bool
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchoring:
    """How many decisions agree with the machine, on cards that showed its word and on blind ones.

    `more`: by how much the share is higher where it was shown, with its 95 % interval; None where cards are too few.
    """

    shown: int = 0
    shown_agree: int = 0
    blind: int = 0
    blind_agree: int = 0
    more: float | None = None
    low: float | None = None
    high: float | None = None


NOTHING_SEEN = Anchoring()


def anchoring_of(seen: Iterable[Seen]) -> Anchoring:
    """Returns the meter; the interval is that of Agresti and Caffo (2000, The American Statistician 54, 280-288)."""
    found = list(seen)
    shown = [each.agrees for each in found if not each.blind]
    blind = [each.agrees for each in found if each.blind]
    counts = {
        "shown": len(shown),
        "shown_agree": sum(shown),
        "blind": len(blind),
        "blind_agree": sum(blind),
    }
    if min(len(shown), len(blind)) < FEWEST:
        return Anchoring(**counts)
    low, high = _interval(sum(shown), len(shown), sum(blind), len(blind))
    return Anchoring(**counts, more=sum(shown) / len(shown) - sum(blind) / len(blind), low=low, high=high)


def _interval(agree: int, n: int, blind_agree: int, blind_n: int) -> tuple[float, float]:
    """Returns the bounds of the difference, each share with one more of both answers."""
    one, other = (agree + 1) / (n + 2), (blind_agree + 1) / (blind_n + 2)
    spread = NORMAL_95 * sqrt(one * (1 - one) / (n + 2) + other * (1 - other) / (blind_n + 2))
    return max(-1.0, one - other - spread), min(1.0, one - other + spread)
