"""What moved, in plain words: `The typical p_spam: higher. Before 0.04, in the last 5 nights 0.31.`"""

import math
from collections.abc import Callable

import numpy as np

from followguard.classifier.features import FEATURES, QUOTIENT, STEADY, YEARLY
from followguard.drift.compare import StreamShift
from followguard.drift.streams import Aspect, Stream

Say = Callable[[float], str]


def share(value: float) -> str:
    """`15 %`."""
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
    """The code of what a stream follows: a feature's name, `score` or `base_rate`."""
    if stream.feature is not None:
        return FEATURES[stream.feature].name
    return "base_rate" if stream.aspect is Aspect.BASE_RATE else "score"


def text_of(move: StreamShift) -> str:
    """One sentence."""
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
