"""The streams whose nights are watched: each feature's level, whether it is missing, and three of the scores."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from followguard.classifier.columns import Floats, Matrix
from followguard.classifier.features import FEATURES

CUTS = 33


class Aspect(StrEnum):
    """What of a feature or of the scores a stream follows."""

    LEVEL = "level"
    MISSING = "missing"
    SPREAD = "spread"
    BASE_RATE = "base_rate"


@dataclass(frozen=True, slots=True)
class Stream:
    """`feature` is the number of a feature; None for the scores."""

    aspect: Aspect
    feature: int | None = None

    @property
    def family(self) -> str:
        """Features and scores share the false alarms evenly, though features have many more streams."""
        return "scores" if self.feature is None else "features"


STREAMS: tuple[Stream, ...] = (
    *(Stream(Aspect.LEVEL, number) for number in range(len(FEATURES))),
    *(Stream(Aspect.MISSING, number) for number in range(len(FEATURES))),
    Stream(Aspect.LEVEL),
    Stream(Aspect.SPREAD),
    Stream(Aspect.BASE_RATE),
)
"""The base rate is the mean of p_spam, the share of spam that the model expects."""
FAMILIES = Counter(stream.family for stream in STREAMS)


def stream_values(matrix: Matrix, p_spam: Floats, reference: np.ndarray) -> Floats:
    """(n, streams) figures in [0, 1] of (n, features) values and n scores, NaN where a value is unknown.

    A level is the place of a value among those of the rows flagged `reference`, from 0 for below all of them to 1 for
    above all: a few huge counts can't make a night.
    """
    placed = [places(matrix[:, number], matrix[reference, number]) for number in range(matrix.shape[1])]
    score = places(p_spam, p_spam[reference])
    columns = [*placed, *np.isnan(matrix).T.astype(np.float64), score, np.abs(2.0 * score - 1.0), p_spam]
    return np.column_stack(columns)


def places(values: np.ndarray, among: np.ndarray) -> Floats:
    """Mid-ranks of `values` in [0, 1] among `CUTS` evenly spaced ones of the known `among`; NaN stays unknown."""
    known = np.sort(among[~np.isnan(among)])
    if not len(known):
        return np.full(len(values), np.nan)
    cuts = known[np.linspace(0, len(known) - 1, CUTS).round().astype(np.int64)]
    below, upto = np.searchsorted(cuts, values, "left"), np.searchsorted(cuts, values, "right")
    return np.where(np.isnan(values), np.nan, (below + upto) / (2.0 * CUTS))
