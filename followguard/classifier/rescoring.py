"""Scores from feature values that were kept with earlier verdicts."""

from collections.abc import Sequence

import numpy as np

from followguard.classifier.features import unpacked
from followguard.classifier.model import Model
from followguard.classifier.scoring import probabilities


def kept_probabilities(model: Model, values: Sequence[bytes]) -> list[float]:
    """p_spam in [0, 1] for each row of values as `Verdict.features` keeps them, all of this program's feature table."""
    if not values:
        return []
    return [float(p_spam) for p_spam in probabilities(model, np.stack([unpacked(each) for each in values]))]
