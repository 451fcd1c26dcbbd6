"""Why: the contributions that count most, in words, and one row for the rest, so that they add up to the score."""

from collections.abc import Callable, Sequence

import numpy as np

from followguard.classifier.features import FEATURES
from followguard.classifier.notes import UNLIKE
from followguard.classifier.tables import Floats
from followguard.domain.policy import Reason

SHOWN = 4
"""Reasons in words at most; three at least where that much can be said."""
LEAST_SHOWN = 3
TELLING = 0.05
"""Log-odds below which a fourth reason, or one for the other side, isn't worth a line."""
OTHER = "other"
OTHER_TEXT = "everything else taken together"
NOTHING_TEXT = "shows nothing yet that speaks for or against spam"


def strongest_first(contributions: Floats) -> list[list[int]]:
    """For each row the feature numbers by weight, the strongest first; those that weigh nothing last."""
    found: list[list[int]] = np.argsort(-np.abs(contributions), axis=1, kind="stable").tolist()
    return found


def reasons_of(
    weights: Sequence[float],
    ranked: Sequence[int],
    total: float,
    text_of: Callable[[int], str],
    notes: Sequence[Reason] = (),
) -> tuple[Reason, ...]:
    """Three or four reasons by weight, then `other`; the weights add up to `total`. `text_of` knows feature numbers.

    `ranked` are the feature numbers, the strongest first. When the strongest all speak for one side, the last makes
    room for the best on the other side. Where features have less to say, notes fill up to three; that a value is beyond
    all that training saw is always told.
    """
    most = SHOWN - int(UNLIKE in notes)
    told = [Reason(FEATURES[n].name, text_of(n), weights[n]) for n in _chosen(weights, ranked, most)]
    rest = total - sum([reason.weight for reason in told])
    wanted = max(LEAST_SHOWN - len(told), int(UNLIKE in notes))
    return (*told, *notes[:wanted], Reason(OTHER, OTHER_TEXT if told else NOTHING_TEXT, rest))


def _chosen(weights: Sequence[float], ranked: Sequence[int], most: int) -> list[int]:
    least = [n for n in ranked[:LEAST_SHOWN] if weights[n] != 0.0]
    shown = least + [n for n in ranked[LEAST_SHOWN:most] if abs(weights[n]) >= TELLING]
    if not shown:
        return []
    side = weights[shown[0]]
    against = next((n for n in ranked if weights[n] * side < 0.0), None)
    if against is None or against in shown or abs(weights[against]) < TELLING:
        return shown
    return [*shown[: most - 1], against]
