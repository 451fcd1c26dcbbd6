"""Trains a base model: fit, then calibrate on groups held out inside the training rows.

Public: `train(samples, seed)`, `PREVALENCE`, `RECIPE`. Rows come from `learning.samples`, judging is in
`learning.protocol`, scoring in `learning.scoring`.
"""

from followguard.learning.calibration import base_logit_at, calibrated_slopes
from followguard.learning.fitting import Recipe, fit
from followguard.learning.model import Model
from followguard.learning.samples import Samples

PREVALENCE = 0.20
"""The share of spam among new followers that the probabilities assume. A house model learns its own."""
RECIPE = Recipe()


def train(samples: Samples, seed: int, recipe: Recipe = RECIPE) -> Model:
    """The model of these rows. The same rows, in the same order, and seed give the same model."""
    up, down = calibrated_slopes(samples, recipe, PREVALENCE, seed)
    return Model(fit(samples, recipe, seed), up, down, base_logit_at(PREVALENCE))
