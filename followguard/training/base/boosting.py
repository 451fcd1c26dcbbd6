"""Fits the trees, and the gate that says how much they count.

Trees learn how the counts of the sets go together, age and year included, so they rank best at home and worst abroad.
They count where a follower resembles the newest set, and hardly anywhere else.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from followguard.classifier.columns import Matrix
from followguard.classifier.features import FEATURES
from followguard.classifier.model import Gate, GatedTrees
from followguard.classifier.tables import Tables
from followguard.classifier.trees import LEAF, Trees
from followguard.training.base.fitting import (
    NEWEST,
    Recipe,
    edges_for,
    ends_of,
    families_of,
    family_weights,
    indicators,
    penalty_of,
    solved,
    two_sided,
)
from followguard.training.base.grown import level_by_level, redrawn
from followguard.training.base.samples import Samples, capped

GATED_BY = ("age", "followers", "following", "tweets")
SETTLED = [feature.name for feature in FEATURES].index("age")
DECIMALS = 6


def fit_gated(samples: Samples, recipe: Recipe, seed: int) -> GatedTrees | None:
    """Fits trees and gate; the same input gives the same. None where no family holds both answers, or for 0 trees."""
    kept = two_sided(samples)
    if not len(kept) or not recipe.trees:
        return None
    return GatedTrees(fit_trees(kept, recipe, seed), fit_gate(samples, recipe, seed))


def fit_trees(samples: Samples, recipe: Recipe, seed: int) -> Trees:
    """Fits boosted trees. A missing cell is drawn from the known ones of its feature, so that it says nothing."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    rng = np.random.default_rng(seed)
    kept = capped(samples, recipe.most_rows_a_group, rng)
    many = recipe.redrawn
    learner = HistGradientBoostingClassifier(
        max_iter=recipe.trees,
        max_leaf_nodes=recipe.leaves,
        learning_rate=recipe.rate,
        min_samples_leaf=recipe.fewest_rows,
        l2_regularization=recipe.shrink,
        max_features=recipe.feature_share,
        early_stopping=False,
        random_state=seed,
    )
    weights = np.tile(family_weights(kept, recipe) / many, many)
    learner.fit(redrawn(np.tile(kept.matrix, (many, 1)), rng), np.tile(kept.spam, many), sample_weight=weights)
    return trees_of([stage[0].nodes for stage in learner._predictors])


def trees_of(grown: list[Any]) -> Trees:
    """Returns the trees of scikit-learn's histogram boosting, each given as its table of nodes, level by level."""
    every = np.concatenate(grown)
    found = level_by_level(
        feature=np.where(every["is_leaf"].astype(bool), LEAF, every["feature_idx"].astype(np.int64)),
        threshold=every["num_threshold"],
        sides=(every["left"].astype(np.int64), every["right"].astype(np.int64)),
        sizes=[len(nodes) for nodes in grown],
        heavy=every["count"].astype(np.float64),
        value=np.round(every["value"], DECIMALS),
    )
    return replace(found, value=_expected(found))


def _expected(trees: Trees) -> Matrix:
    """Returns values in which each node has the mean of its children's; children stand behind their parents."""
    found, cover = trees.value.astype(np.float64), trees.cover.astype(np.float64)
    for node in np.flatnonzero(trees.feature != LEAF)[::-1]:
        left, right = found[trees.children[node]]
        found[node] = left + cover[node] * (right - left)
    return found.astype(np.float32)


def fit_gate(samples: Samples, recipe: Recipe, seed: int) -> Gate:
    """Fits tables that tell the newest set from the others, which weigh the same; empty ones where it is missing."""
    settled = samples.where(~np.isnan(samples.matrix[:, SETTLED]))
    kept = capped(settled, recipe.most_rows_a_group, np.random.default_rng(seed))
    families = families_of(kept)
    newest = families == NEWEST
    if not newest.any() or newest.all():
        return Gate(_nothing(kept.matrix.shape[1]), SETTLED, recipe.least_weight, 0.0)
    weights = np.zeros(len(kept))
    others = np.unique(families[~newest])
    for family in np.unique(families):
        share = 0.5 if family == NEWEST else 0.5 / len(others)
        weights[families == family] = share * len(kept) / (families == family).sum()
    asked = np.array([feature.name in GATED_BY for feature in FEATURES], dtype=bool)
    matrix = np.where(asked, kept.matrix, np.float32(np.nan))
    edges = edges_for(matrix, weights, recipe)
    steps = solved(indicators(matrix, edges), newest.astype(np.float64), weights, penalty_of(edges, recipe) * len(kept))
    each = np.split(np.round(steps, DECIMALS), ends_of(edges)[:-1])
    return Gate(Tables(edges, tuple(each)), SETTLED, recipe.least_weight, recipe.more_weight)


def _nothing(features: int) -> Tables:
    """Returns tables that say nothing of any value: the gate is then everywhere at its least."""
    edges = tuple(np.zeros(0, dtype=np.float32) for _ in range(features))
    return Tables(edges, tuple(np.zeros(1) for _ in range(features)))
