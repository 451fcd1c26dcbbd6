"""Trains a base model: fit, then calibrate on groups held out inside the training rows.

Rows come from `base.samples`, judging is in `base.protocol`, scoring in `classifier.scoring`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar

from followguard.classifier.columns import Flags, Floats, Matrix
from followguard.classifier.features import FEATURES
from followguard.classifier.model import KNEE, GatedTrees, Model, Part, base_logit_at
from followguard.classifier.tables import Tables
from followguard.training.base.boosting import fit_gated
from followguard.training.base.fitting import Recipe, fit, looking_at, two_sided
from followguard.training.base.samples import Samples, weights_at

PREVALENCE = 0.20
"""The share of spam among new followers that the probabilities assume. A house model learns its own."""
RECIPE = Recipe()
LIKES = [feature.name for feature in FEATURES].index("likes_pace")
FOLDS = 10
SLOPES = (math.log(1e-4), math.log(20.0))
"""Logarithms of the least and the greatest slope."""
CLOSE = 1e-9
DECIMALS = 6


Slopes = tuple[float, ...]
"""Above and below a sum of 0, and far above."""
WRONG_LABELS = 0.05
"""The share of labels that the fit of the slopes takes for wrong: a handful at the far end flattens it for nobody."""
FAR_GENUINE = 0.0018
"""Real people who may pass `SURE` among those left out, as a share of them."""
SURE = 0.95
LEAST_SLOPE = 0.25
"""Where the groups left out share nothing with the rest (two sets, one without likes), no slope would be likeliest; a
model that says nothing couldn't be mended by an account's own decisions either."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is fitted before calibration: the tables of both parts, and the trees."""

    with_likes: Tables
    without_likes: Tables
    gated: GatedTrees | None

    @classmethod
    def to(cls, samples: Samples, recipe: Recipe, seed: int) -> "Fitted":
        """Fits all parts. Unless a set with likes holds both answers, one part is the other."""
        liked = _liked(samples)
        plain = replace(recipe, newest_weight=recipe.newest_without)
        without = fit(looking_at(samples, recipe.without_likes), plain, seed)
        with_likes = fit(looking_at(liked, recipe.with_likes), recipe, seed) if len(liked) else without
        return cls(with_likes, without, fit_gated(samples, recipe, seed))

    def model(self, with_likes: Slopes = (1.0, 1.0), without: Slopes = (1.0, 1.0)) -> Model:
        """Returns the model with these slopes."""
        parts = Part(self.with_likes, *with_likes), Part(self.without_likes, *without)
        return Model(*parts, LIKES, base_logit_at(PREVALENCE), self.gated)


def _liked(samples: Samples) -> Samples:
    """Returns the rows whose likes are known, of families that hold both answers among them."""
    return two_sided(samples.where(~np.isnan(samples.matrix[:, LIKES])))


def calibrated_slopes(samples: Samples, recipe: Recipe, seed: int) -> tuple[Slopes, Slopes]:
    """Returns for each part the slopes that fit best where whole spam groups and genuine rows were left out.

    A random split would know every group and promise far too much of the next vendor. The intercept stays: who
    shows nothing gets the assumed prevalence. That costs a little Brier score, two slopes win most of it back. The
    part without likes is asked about every row, as if X had left likes out.
    """
    with_likes, without = left_out_scores(samples, recipe, seed)
    liked = ~np.isnan(samples.matrix[:, LIKES])
    if not len(_liked(samples)):
        liked[:] = True
    slopes_without = _slopes(without, samples)
    return _slopes(with_likes[liked], samples.where(liked)), slopes_without


def _slopes(scores: Floats, samples: Samples) -> Slopes:
    weights, base_logit = weights_at(PREVALENCE, samples), base_logit_at(PREVALENCE)
    up, down = (
        max(LEAST_SLOPE, fitted_slope(scores[side], samples.spam[side], weights[side], base_logit))
        for side in (scores > 0, scores <= 0)
    )
    far = far_slope(up * scores[~samples.spam], weights[~samples.spam], base_logit)
    return round(up, DECIMALS), round(down, DECIMALS), round(far, DECIMALS)


def far_slope(genuine: Floats, weights: Floats, base_logit: float) -> float:
    """Returns the slope beyond the knee at which `FAR_GENUINE` of the genuine scores pass `SURE`; at most 1."""
    sure = base_logit_at(SURE) - base_logit
    if not len(genuine):
        return 1.0
    order = np.argsort(-genuine, kind="stable")
    above = np.cumsum(weights[order]) / weights.sum()
    reached = float(genuine[order][np.searchsorted(above, FAR_GENUINE)])
    return 1.0 if reached <= sure else (sure - KNEE) / (reached - KNEE)


def left_out_scores(samples: Samples, recipe: Recipe, seed: int) -> tuple[Floats, Floats]:
    """Returns the score of each row under models that saw neither the row nor, where it is spam, its group.

    First as it is, then as if likes were unknown. 0, which says nothing of any slope, where nothing is left to learn
    from.
    """
    scores = np.zeros((2, len(samples)))
    for number, out in enumerate(folds(samples, seed)):
        rest = samples.where(~out)
        if not len(two_sided(rest)):
            continue
        model = Fitted.to(rest, recipe, seed + 1 + number).model()
        for place, matrix in enumerate((samples.matrix[out], _without_likes(samples.matrix[out]))):
            scores[place, out] = model.contributions(matrix).sum(axis=1)
    return scores[0], scores[1]


def _without_likes(matrix: Matrix) -> Matrix:
    return np.where([feature.name.startswith("likes") for feature in FEATURES], np.float32(np.nan), matrix)


def fitted_slope(scores: Floats, spam: Flags, weights: Floats, base_logit: float) -> float:
    """Returns the likeliest slope under logit = base_logit + slope * score; 1 where all scores are 0.

    With `WRONG_LABELS` of the labels taken for wrong: else a handful at the far end would flatten it for everybody.
    """
    if not scores.any():
        return 1.0

    def loss(log_slope: float) -> float:
        p_spam = 1.0 / (1.0 + np.exp(-(base_logit + math.exp(log_slope) * scores)))
        said = p_spam * (1.0 - WRONG_LABELS) + (1.0 - p_spam) * WRONG_LABELS
        return -float(np.average(np.log(np.where(spam, said, 1.0 - said)), weights=weights))

    return math.exp(minimize_scalar(loss, bounds=SLOPES, method="bounded", options={"xatol": CLOSE}).x)


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


def train(samples: Samples, seed: int, recipe: Recipe = RECIPE) -> Model:
    """Trains the model of these rows. The same rows, in the same order, and seed give the same model."""
    return Fitted.to(samples, recipe, seed).model(*calibrated_slopes(samples, recipe, seed))


def uncalibrated(samples: Samples, seed: int, recipe: Recipe = RECIPE) -> Model:
    """Trains the same for a tenth of the time: the ranking is meant, the probabilities aren't."""
    return Fitted.to(samples, recipe, seed).model()
