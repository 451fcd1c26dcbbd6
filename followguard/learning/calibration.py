"""From a forest's score to a probability that is meant, fitted on groups that training hadn't seen."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from followguard.learning.growing import Recipe, grow
from followguard.learning.samples import Flags, Floats, Samples, weights_at

FOLDS = 5
TREES_A_FOLD = 40
STEPS = 50
CLOSE = 1e-10


def base_logit_at(prevalence: float) -> float:
    """The log-odds of a follower of whom nothing is known."""
    return math.log(prevalence / (1.0 - prevalence))


def calibrated_slopes(samples: Samples, recipe: Recipe, prevalence: float, seed: int) -> tuple[float, float]:
    """Slopes above and below 0 that fit best where whole spam groups, and genuine rows, were left out of training.

    A random split would know every group and promise far too much of the next vendor. The intercept isn't fitted: who
    shows nothing gets the assumed prevalence. That costs a little Brier score, two slopes win most of it back.
    """
    scores = np.zeros(len(samples))
    for number, out in enumerate(folds(samples, seed)):
        forest = grow(samples.where(~out), replace(recipe, trees=TREES_A_FOLD), seed + 1 + number)
        scores[out] = forest.contributions(samples.matrix[out]).sum(axis=1)
    weights, base_logit = weights_at(prevalence, samples), base_logit_at(prevalence)
    up, down = (
        fitted_slope(scores[side], samples.spam[side], weights[side], base_logit) for side in (scores > 0, scores <= 0)
    )
    return up, down


def fitted_slope(scores: Floats, spam: Flags, weights: Floats, base_logit: float) -> float:
    """The slope that makes the answers likeliest under logit = base_logit + slope * score, by Newton's steps."""
    slope = 1.0
    for _ in range(STEPS):
        p_spam = 1.0 / (1.0 + np.exp(-(base_logit + slope * scores)))
        climb = float(np.sum(weights * scores * (spam - p_spam)))
        bend = float(np.sum(weights * scores**2 * p_spam * (1.0 - p_spam)))
        if abs(climb) <= CLOSE * max(bend, CLOSE):
            break
        slope = min(max(slope + climb / max(bend, CLOSE), slope / 2.0), slope * 2.0)
    return slope


def folds(samples: Samples, seed: int) -> Iterator[Flags]:
    """Five parts that share no spam group; each holds a random fifth of the genuine rows."""
    rng = np.random.default_rng(seed)
    groups = np.unique(samples.group[samples.spam])
    fold_of = dict(zip(groups, rng.permutation(len(groups)) % FOLDS, strict=True))
    place = rng.integers(FOLDS, size=len(samples))
    place[samples.spam] = [fold_of[group] for group in samples.group[samples.spam]]
    for number in np.unique(place):
        yield place == number
