"""Trains a base model: fit, then calibrate on groups held out inside the training rows.

Rows come from `base.samples`, judging is in `base.protocol`, scoring in `classifier.scoring`.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
from scipy.optimize import minimize_scalar

from followguard.classifier.columns import Flags, Floats
from followguard.classifier.features import FEATURES
from followguard.classifier.model import Model, Part, base_logit_at
from followguard.training.base.fitting import Recipe, fit, looking_at, two_sided
from followguard.training.base.samples import Samples, weights_at

FOLDS = 10
SLOPES = (math.log(1e-4), math.log(20.0))
"""Logarithms of the least and the greatest slope."""
CLOSE = 1e-9
DECIMALS = 6


def calibrated_slopes(samples: Samples, recipe: Recipe, prevalence: float, seed: int) -> tuple[float, float]:
    """Returns the slopes above and below 0 that fit best where whole spam groups and genuine rows were left out.

    A random split would know every group and promise far too much of the next vendor. The intercept stays: who
    shows nothing gets the assumed prevalence. That costs a little Brier score, two slopes win most of it back.
    """
    scores = left_out_scores(samples, recipe, seed)
    weights, base_logit = weights_at(prevalence, samples), base_logit_at(prevalence)
    up, down = (
        fitted_slope(scores[side], samples.spam[side], weights[side], base_logit) for side in (scores > 0, scores <= 0)
    )
    return round(up, DECIMALS), round(down, DECIMALS)


def left_out_scores(samples: Samples, recipe: Recipe, seed: int) -> Floats:
    """Returns the score of each row under tables that saw neither the row nor, where it is spam, its group.

    0, which says nothing of any slope, where nothing is left to learn from.
    """
    scores = np.zeros(len(samples))
    for number, out in enumerate(folds(samples, seed)):
        rest = two_sided(samples.where(~out))
        if not len(rest):
            continue
        tables = fit(rest, recipe, seed + 1 + number)
        scores[out] = tables.contributions(samples.matrix[out]).sum(axis=1)
    return scores


def fitted_slope(scores: Floats, spam: Flags, weights: Floats, base_logit: float) -> float:
    """Returns the slope with the least Brier score under logit = base_logit + slope * score; 1 where all scores are 0.

    Not the likeliest one: a handful of accounts with wrong labels at the far end would flatten it for everybody.
    """
    if not scores.any():
        return 1.0

    def brier(log_slope: float) -> float:
        p_spam = 1.0 / (1.0 + np.exp(-(base_logit + math.exp(log_slope) * scores)))
        return float(np.average((p_spam - spam) ** 2, weights=weights))

    return math.exp(minimize_scalar(brier, bounds=SLOPES, method="bounded", options={"xatol": CLOSE}).x)


def folds(samples: Samples, seed: int) -> Iterator[Flags]:
    """Yields at most ten parts that share no spam group; each holds a random part of the genuine rows.

    With a single group the parts are random, and the probabilities promise too much.
    """
    rng = np.random.default_rng(seed)
    groups = np.unique(samples.group[samples.spam])
    many = min(FOLDS, max(len(groups), 2))
    fold_of = dict(zip(groups, rng.permutation(len(groups)) % many, strict=True))
    place = rng.integers(many, size=len(samples))
    if len(groups) > 1:
        place[samples.spam] = [fold_of[group] for group in samples.group[samples.spam]]
    for number in np.unique(place):
        yield place == number


PREVALENCE = 0.20
"""The share of spam among new followers that the probabilities assume. A house model learns its own."""
RECIPE = Recipe()
LIKES = [feature.name for feature in FEATURES].index("likes_pace")


def train(samples: Samples, seed: int, recipe: Recipe = RECIPE) -> Model:
    """Trains the model of these rows. The same rows, in the same order, and seed give the same model.

    Unless a set with likes holds both answers, those whose likes are known are judged like the others.
    """
    return _model(samples, recipe, lambda part: _calibrated(part, recipe, seed))


def uncalibrated(samples: Samples, seed: int, recipe: Recipe = RECIPE) -> Model:
    """Trains the same tables for a twentieth of the time: the ranking is meant, the probabilities aren't."""
    return _model(samples, recipe, lambda part: Part(fit(part, recipe, seed), 1.0, 1.0))


def _model(samples: Samples, recipe: Recipe, part_of: Callable[[Samples], Part]) -> Model:
    liked = two_sided(samples.where(~np.isnan(samples.matrix[:, LIKES])))
    without = part_of(looking_at(samples, recipe.without_likes))
    with_likes = part_of(looking_at(liked, recipe.with_likes)) if len(liked) else without
    return Model(with_likes, without, LIKES, base_logit_at(PREVALENCE))


def _calibrated(samples: Samples, recipe: Recipe, seed: int) -> Part:
    up, down = calibrated_slopes(samples, recipe, PREVALENCE, seed)
    return Part(fit(samples, recipe, seed), up, down)
