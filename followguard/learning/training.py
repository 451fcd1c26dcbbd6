"""Trains a base model: grow, then calibrate on groups held out inside the training rows."""

from followguard.learning.calibration import base_logit_at, calibrated_slopes
from followguard.learning.growing import Recipe, grow
from followguard.learning.model import Model
from followguard.learning.samples import Samples

PREVALENCE = 0.20
"""The share of spam among new followers that the probabilities assume. A house model learns its own."""
RECIPE = Recipe()


def train(samples: Samples, seed: int, recipe: Recipe = RECIPE) -> Model:
    """The model of these rows. The same rows, in the same order, and seed give the same model."""
    up, down = calibrated_slopes(samples, recipe, PREVALENCE, seed)
    return Model(grow(samples, recipe, seed), up, down, base_logit_at(PREVALENCE))
