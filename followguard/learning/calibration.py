"""From a forest's score to a probability that is meant: a logistic curve fitted on groups that training hadn't seen."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from followguard.learning.growing import Recipe, grow
from followguard.learning.model import Curve
from followguard.learning.samples import Flags, Floats, Samples, weights_at

FOLDS = 5
TREES_A_FOLD = 40


def calibrated(samples: Samples, recipe: Recipe, prevalence: float, seed: int) -> Curve:
    """The curve that fits best where whole spam groups, and a share of the genuine rows, were left out of training.

    A random split would know every group and promise far too much of the next vendor.
    """
    scores = np.full(len(samples), np.nan)
    for number, out in enumerate(folds(samples, seed)):
        forest = grow(samples.where(~out), replace(recipe, trees=TREES_A_FOLD), seed + 1 + number)
        scores[out] = forest.base + forest.contributions(samples.matrix[out]).sum(axis=1)
    return fitted(scores, samples, prevalence)


def fitted(scores: Floats, samples: Samples, prevalence: float) -> Curve:
    """A logistic curve at the given share of spam, every group weighing the same."""
    model = LogisticRegression(C=1e6)
    model.fit(scores[:, None], samples.spam, sample_weight=weights_at(prevalence, samples))
    return Curve(float(model.coef_[0, 0]), float(model.intercept_[0]))


def folds(samples: Samples, seed: int) -> Iterator[Flags]:
    """Five parts that share no spam group; each holds a random fifth of the genuine rows."""
    rng = np.random.default_rng(seed)
    groups = np.unique(samples.group[samples.spam])
    fold_of = dict(zip(groups, rng.permutation(len(groups)) % FOLDS, strict=True))
    place = rng.integers(FOLDS, size=len(samples))
    place[samples.spam] = [fold_of[group] for group in samples.group[samples.spam]]
    for number in np.unique(place):
        yield place == number
