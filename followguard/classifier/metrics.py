"""The figures a classifier is judged by. None where one class only leaves nothing to compare."""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from followguard.classifier.columns import Flags, Floats

EQUAL_MASS_BINS = 15
RATES = ("0.001", "0.01", "0.05")


def auc(spam: Flags, scores: Floats) -> float | None:
    """Returns the area under the ROC curve: how often a spam row scores above a genuine one."""
    return float(roc_auc_score(spam, scores)) if _both(spam) else None


def average_precision(spam: Flags, scores: Floats) -> float | None:
    """Returns the mean precision over the recalls."""
    return float(average_precision_score(spam, scores)) if _both(spam) else None


def recall_at_fpr(spam: Flags, scores: Floats, rate: float) -> float | None:
    """Returns the share of spam above a cutoff that at most `rate` of genuine rows reach. Ties count against."""
    if not _both(spam):
        return None
    genuine = np.sort(scores[~spam])[::-1]
    allowed = int(rate * len(genuine))
    return float(np.mean(scores[spam] > genuine[allowed]))


def recalls(spam: Flags, scores: Floats) -> dict[str, float | None]:
    """Returns the recall at each of `RATES`."""
    return {rate: recall_at_fpr(spam, scores, float(rate)) for rate in RATES}


def brier(spam: Flags, p_spam: Floats, weights: Floats) -> float:
    """Returns the mean squared distance between probability and answer."""
    return float(np.average((p_spam - spam) ** 2, weights=weights))


def ece(spam: Flags, p_spam: Floats, weights: Floats) -> float:
    """Returns the expected calibration error over 15 bins of equal weight."""
    order = np.argsort(p_spam, kind="stable")
    share = weights[order] / weights.sum()
    middle = np.cumsum(share) - share / 2
    bins = np.minimum((middle * EQUAL_MASS_BINS).astype(int), EQUAL_MASS_BINS - 1)
    gaps = np.bincount(bins, weights=share * (p_spam[order] - spam[order]), minlength=EQUAL_MASS_BINS)
    return float(np.abs(gaps).sum())


def _both(spam: Flags) -> bool:
    return bool(spam.any() and not spam.all())
