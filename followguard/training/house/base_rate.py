"""A model group's own share of spam."""

import math

from followguard.classifier.model import Model, base_logit_at
from followguard.training.house.decisions import DecisionArrays

DECIMALS = 6
RATE_ROWS = 20.0


def base_logit_from_labels(base: Model, decided: DecisionArrays, rate_rows: float = RATE_ROWS) -> float:
    """Returns the log-odds of the group's share of spam, drawn to the base model's as if by `rate_rows` decisions."""
    assumed = 1.0 / (1.0 + math.exp(-base.base_logit))
    spam, total = float(decided.weight[decided.spam].sum()), float(decided.weight.sum())
    return round(base_logit_at((spam + rate_rows * assumed) / (total + rate_rows)), DECIMALS)
