"""Real people among those held back, estimated from the audit, with limits for unequal probabilities too."""

from collections.abc import Sequence

import numpy as np

from followguard.classifier.columns import Floats
from followguard.screening.audit import NOTHING_AUDITED, AuditDraw, HeldBackShare

CONFIDENCE = 0.95


def held_back_share(draws: Sequence[AuditDraw]) -> HeldBackShare:
    """Returns the share weighted by 1 / draw probability (Hajek 1971), not truncated, with exact binomial limits.

    The limits are Clopper and Pearson's (1934) where all probabilities are equal. Where they aren't, they are the same
    limits at Kish's effective number of draws (Korn and Graubard 1998, Survey Methodology 24(2), 193-201), which is
    smaller than the number of draws, so that they are wider. Without a draw nothing is known: from 0 to 1.
    """
    if not draws:
        return NOTHING_AUDITED
    real = np.array([each.real for each in draws], dtype=np.float64)
    weights = 1.0 / np.array([each.probability for each in draws], dtype=np.float64)
    share = float((real * weights).sum() / weights.sum())
    number, side = effective_number(weights), (1.0 - CONFIDENCE) / 2.0
    return HeldBackShare(
        drawn=len(draws),
        real=int(real.sum()),
        share=share,
        low=_lower(share, number, side),
        high=_upper(share, number, side),
        bound=_upper(share, number, 1.0 - CONFIDENCE),
    )


def _lower(share: float, number: float, chance: float) -> float:
    from scipy.special import betaincinv

    seen = share * number
    return float(betaincinv(seen, number - seen + 1.0, chance)) if seen > 0.0 else 0.0


def _upper(share: float, number: float, chance: float) -> float:
    from scipy.special import betaincinv

    seen = share * number
    return float(betaincinv(seen + 1.0, number - seen, 1.0 - chance)) if seen < number else 1.0


def effective_number(weights: Floats) -> float:
    """Returns Kish's effective sample size: (sum w)^2 / sum w^2; 0 for no weight at all."""
    squares = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0.0 else 0.0
