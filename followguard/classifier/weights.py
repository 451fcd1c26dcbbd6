"""What weights are worth."""

import numpy as np

from followguard.classifier.columns import Floats


def effective_number(weights: Floats) -> float:
    """Kish's effective sample size: (sum w)^2 / sum w^2; 0 for no weight at all."""
    squares = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0.0 else 0.0
