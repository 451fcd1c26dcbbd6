"""The house model's own trees: extremely randomised trees on the decisions alone, whose votes are counted linearly.

A missing cell is drawn from the known ones of its feature, so that it says nothing. A leaf's share of spam p counts
6 (p - 1/2) log-odds: a mean of shares is a sum of paths, and so the reasons stay exact.
"""

from typing import Any

import numpy as np

from followguard.classifier.columns import Flags, Floats, Matrix
from followguard.classifier.trees import LEAF, Trees
from followguard.training.base.grown import level_by_level, redrawn

LEAVES, FEWEST_ROWS = 64, 2
VOTE = 6.0
"""Log-odds between a share of 0 and a share of 1."""
DECIMALS = 8


def fit_trees(matrix: Matrix, spam: Flags, weight: Floats, many: int, seed: int) -> Trees:
    """Fits that many trees; the same input gives the same ones. Expects both labels, and weights above 0."""
    from sklearn.ensemble import ExtraTreesClassifier

    small = {"min_samples_leaf": FEWEST_ROWS, "max_leaf_nodes": LEAVES}
    grown = ExtraTreesClassifier(many, **small, random_state=seed % 2**32, n_jobs=1)
    grown.fit(redrawn(matrix, np.random.default_rng(seed)), spam, sample_weight=weight)
    return trees_of([tree.tree_ for tree in grown.estimators_])


def trees_of(grown: list[Any]) -> Trees:
    """Returns scikit-learn's trees level by level, each with its part of the vote."""
    share = np.concatenate([tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1) for tree in grown])
    left, right = _all(grown, "children_left"), _all(grown, "children_right")
    return level_by_level(
        feature=np.where(left < 0, LEAF, _all(grown, "feature")),
        threshold=_all(grown, "threshold"),
        sides=(left, right),
        sizes=[tree.node_count for tree in grown],
        heavy=_all(grown, "weighted_n_node_samples"),
        value=np.round(VOTE * (share - 0.5) / len(grown), DECIMALS),
    )


def _all(grown: list[Any], name: str) -> Any:
    return np.concatenate([getattr(tree, name) for tree in grown])
