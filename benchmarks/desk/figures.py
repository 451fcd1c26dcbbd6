"""What is measured of a run of keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Keys:
    """Times of one run: milliseconds of each key until the next card stands there, and of CPU for all of them."""

    waits: tuple[float, ...]
    cpu: float

    @property
    def middle(self) -> float:
        """The median key, in ms."""
        return median(self.waits)

    @property
    def cpu_a_key(self) -> float:
        """CPU in ms."""
        return self.cpu / len(self.waits)


def middle(runs: Sequence[Keys]) -> float:
    """Returns the median over the runs of their median keys, in ms."""
    return median(each.middle for each in runs)


def worst(runs: Sequence[Keys]) -> float:
    """Returns the worst run's median key, in ms."""
    return max(each.middle for each in runs)


def late(runs: Sequence[Keys], share: float) -> float:
    """Returns the wait that only `1 - share` of all keys exceed, in ms."""
    return nearest([wait for each in runs for wait in each.waits], share)


def cpu(runs: Sequence[Keys]) -> float:
    """Returns the median over the runs of their CPU a key, in ms."""
    return median(each.cpu_a_key for each in runs)


def nearest(values: Sequence[float], share: float) -> float:
    """Returns the value below which this share of them lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
