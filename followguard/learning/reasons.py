"""Why: the contributions that count most, in words, and one row for the rest, so that they add up to the score."""

from collections.abc import Callable, Sequence

from followguard.domain.verdict import Reason
from followguard.learning.features import FEATURES
from followguard.learning.notes import UNLIKE

SHOWN = 4
"""Reasons in words at most; three at least where that much can be said."""
LEAST_SHOWN = 3
TELLING = 0.05
"""Log-odds below which a fourth reason, or one for the other side, isn't worth a line."""
OTHER = "other"
OTHER_TEXT = "everything else taken together"
NOTHING_TEXT = "shows nothing yet that speaks for or against spam"


def reasons_of(
    weights: Sequence[float], total: float, text_of: Callable[[int], str], notes: Sequence[Reason] = ()
) -> tuple[Reason, ...]:
    """Three or four reasons by weight, then `other`; the weights add up to `total`. `text_of` knows feature numbers.

    When the strongest all speak for one side, the last makes room for the best on the other side. Where features have
    less to say, notes fill up to three; that a value is beyond all that training saw is always told.
    """
    most = SHOWN - int(UNLIKE in notes)
    told = [Reason(FEATURES[number].name, text_of(number), weights[number]) for number in _chosen(weights, most)]
    rest = total - sum(reason.weight for reason in told)
    wanted = max(LEAST_SHOWN - len(told), int(UNLIKE in notes))
    return (*told, *notes[:wanted], Reason(OTHER, OTHER_TEXT if told else NOTHING_TEXT, rest))


def _chosen(weights: Sequence[float], most: int) -> list[int]:
    known = [n for n, weight in enumerate(weights) if weight != 0.0]
    ranked = sorted(known, key=lambda n: -abs(weights[n]))
    shown = [n for place, n in enumerate(ranked[:most]) if place < LEAST_SHOWN or abs(weights[n]) >= TELLING]
    if not shown:
        return []
    side = weights[shown[0]]
    against = [n for n in ranked if weights[n] * side < 0 and abs(weights[n]) >= TELLING]
    one_sided = all(weights[n] * side > 0 for n in shown)
    return [*shown[: most - 1], against[0]] if one_sided and against else shown
