"""Trains a base model: fit, then calibrate on groups held out inside the training rows.

Public: `train(samples, seed)`, `uncalibrated(samples, seed)`, `PREVALENCE`, `RECIPE`. Rows come from
`training.base.samples`, judging is in `training.base.protocol`, scoring in `classifier.scoring`.
"""

from collections.abc import Callable

import numpy as np

from followguard.classifier.features import FEATURES
from followguard.classifier.model import Model, Part, base_logit_at
from followguard.training.base.calibration import calibrated_slopes
from followguard.training.base.fitting import Recipe, fit, looking_at, two_sided
from followguard.training.base.samples import Samples

PREVALENCE = 0.20
"""The share of spam among new followers that the probabilities assume. A house model learns its own."""
RECIPE = Recipe()
LIKES = [feature.name for feature in FEATURES].index("likes_pace")


def train(samples: Samples, seed: int, recipe: Recipe = RECIPE) -> Model:
    """The model of these rows. The same rows, in the same order, and seed give the same model.

    Where no set with likes holds both answers, those whose likes are known are judged like those whose aren't.
    """
    return _model(samples, recipe, lambda part: _calibrated(part, recipe, seed))


def uncalibrated(samples: Samples, seed: int, recipe: Recipe = RECIPE) -> Model:
    """The same tables for a twentieth of the time: the ranking is meant, the probabilities aren't."""
    return _model(samples, recipe, lambda part: Part(fit(part, recipe, seed), 1.0, 1.0))


def _model(samples: Samples, recipe: Recipe, part_of: Callable[[Samples], Part]) -> Model:
    liked = two_sided(samples.where(~np.isnan(samples.matrix[:, LIKES])))
    without = part_of(looking_at(samples, recipe.without_likes))
    with_likes = part_of(looking_at(liked, recipe.with_likes)) if len(liked) else without
    return Model(with_likes, without, LIKES, base_logit_at(PREVALENCE))


def _calibrated(samples: Samples, recipe: Recipe, seed: int) -> Part:
    up, down = calibrated_slopes(samples, recipe, PREVALENCE, seed)
    return Part(fit(samples, recipe, seed), up, down)
