"""The streams whose nights are watched, and what moved in plain words.

The level of each feature that the tables look at, whether it is missing, and three of the scores are streams. A move
reads `The typical p_spam: higher. Before 0.04, in the last 5 nights 0.31.`
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from followguard.classifier.columns import Floats, Matrix
from followguard.classifier.features import BY_TABLES, FEATURES, QUOTIENT, STEADY, YEARLY

CUTS = 33


class Aspect(StrEnum):
    """The side of a feature, or of the scores, that a stream follows."""

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
        """Returns scores or features: they share the false alarms evenly, though features have many more streams."""
        return "scores" if self.feature is None else "features"


STREAMS: tuple[Stream, ...] = (
    *(Stream(Aspect.LEVEL, number) for number in range(BY_TABLES)),
    *(Stream(Aspect.MISSING, number) for number in range(BY_TABLES)),
    Stream(Aspect.LEVEL),
    Stream(Aspect.SPREAD),
    Stream(Aspect.BASE_RATE),
)
"""The base rate is the mean of p_spam, the share of spam that the model expects."""
FAMILIES = Counter(stream.family for stream in STREAMS)


def stream_values(matrix: Matrix, p_spam: Floats, reference: np.ndarray) -> Floats:
    """Returns (n, streams) figures in [0, 1] of (n, features) values and n scores, NaN where a value is unknown.

    A level is the place of a value among those of the rows flagged `reference`, from 0 for below all of them to 1 for
    above all: a few huge counts can't make a night.
    """
    watched = matrix[:, :BY_TABLES]
    placed = [places(column, column[reference]) for column in watched.T]
    score = places(p_spam, p_spam[reference])
    columns = [*placed, *np.isnan(watched).T.astype(np.float64), score, np.abs(2.0 * score - 1.0), p_spam]
    return np.column_stack(columns)


def places(values: np.ndarray, among: np.ndarray) -> Floats:
    """Returns mid-ranks of `values` in [0, 1] among `CUTS` evenly spaced ones of the known `among`; NaN stays NaN."""
    known = np.sort(among[~np.isnan(among)])
    if not len(known):
        return np.full(len(values), np.nan)
    cuts = known[np.linspace(0, len(known) - 1, CUTS).round().astype(np.int64)]
    below, upto = np.searchsorted(cuts, values, "left"), np.searchsorted(cuts, values, "right")
    return np.where(np.isnan(values), np.nan, (below + upto) / (2.0 * CUTS))


@dataclass(frozen=True, slots=True)
class StreamShift:
    """A stream that moved, over how many last nights, by how many standard errors; its figures before and now."""

    stream: Stream
    nights: int
    strength: float
    before: float
    now: float


Say = Callable[[float], str]


def share(value: float) -> str:
    """Writes `15 %`."""
    return f"{100.0 * value:.0f} %"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


UNITS: dict[str, Say] = {
    YEARLY: lambda value: f"{_number(math.expm1(value))} a year",
    STEADY: lambda value: f"{_number(math.expm1(value))} a year",
    QUOTIENT: lambda value: f"{_number(math.exp(value))} to 1",
    "0 or 1": share,
    "share": share,
}
"""How a feature's stored value is told; any other unit is told as a number."""


def name_of(stream: Stream) -> str:
    """Returns the code of what a stream follows: a feature's name, `score` or `base_rate`."""
    if stream.feature is not None:
        return FEATURES[stream.feature].name
    return "base_rate" if stream.aspect is Aspect.BASE_RATE else "score"


def text_of(move: StreamShift) -> str:
    """Says in one sentence what moved."""
    stream, rises = move.stream, move.strength > 0
    if stream.aspect is Aspect.BASE_RATE:
        return _told("The share of spam that the model expects", "more" if rises else "less", share, move)
    if stream.feature is None:
        return _score(move)
    feature = FEATURES[stream.feature]
    if stream.aspect is Aspect.MISSING:
        what = f"Followers of whom this is unknown: {feature.sentence.rstrip('.?')}"
        return _told(what, "more" if rises else "fewer", share, move)
    return _told(feature.sentence.rstrip("."), "higher" if rises else "lower", UNITS.get(feature.unit, _number), move)


def _score(move: StreamShift) -> str:
    rises = move.strength > 0
    if move.stream.aspect is Aspect.SPREAD:
        words = "further from the middle on both sides" if rises else "closer together"
        return _told("Scores", words, lambda value: f"middle half within {value:.2f}", move)
    return _told("The typical p_spam", "higher" if rises else "lower", lambda value: f"{value:.2f}", move)


def _told(what: str, way: str, say: Say, move: StreamShift) -> str:
    before, now = ("nothing known" if np.isnan(value) else say(value) for value in (move.before, move.now))
    return f"{what}: {way}. Before {before}, in the last {move.nights} nights {now}."
