"""The house model's own trees: extremely randomised trees on the decisions alone, whose votes are counted linearly.

A missing cell is drawn from the known ones of its feature, so that it says nothing. A leaf's share of spam p counts
6 (p - 1/2) log-odds: a mean of shares is a sum of paths, and so the reasons stay exact.
"""

from typing import Any

import numpy as np

from followguard.classifier.columns import Flags, Floats, Matrix, Whole
from followguard.classifier.trees import LEAF, Trees

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


def redrawn(matrix: Matrix, rng: np.random.Generator) -> Matrix:
    """Fills each missing cell from the known ones of its column; a column without any becomes 0."""
    found = matrix.copy()
    for column in found.T:
        missing = np.isnan(column)
        known = column[~missing]
        column[missing] = rng.choice(known, missing.sum()) if len(known) else 0.0
    return found


def trees_of(grown: list[Any]) -> Trees:
    """Returns scikit-learn's trees level by level, each with its part of the vote."""
    starts = np.cumsum([0, *(tree.node_count for tree in grown)])[:-1]
    start = np.repeat(starts, [tree.node_count for tree in grown])
    sides = np.stack([_all(grown, "children_left"), _all(grown, "children_right")], axis=1)
    children = np.where(sides < 0, LEAF, sides + start[:, None])
    order, level = _by_level(children, starts)
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(order)), LEAF
    below, leaf = place[children[order]], children[order, 0] == LEAF
    heavy = _all(grown, "weighted_n_node_samples")[order]
    cover = np.where(leaf, 0.5, heavy[below[:, 1]] / heavy).astype(np.float32)
    share = np.concatenate([tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1) for tree in grown])[order]
    return Trees(
        feature=np.where(leaf, LEAF, _all(grown, "feature")[order]).astype(np.int32),
        threshold=np.where(leaf, 0.0, _rounded_down(_all(grown, "threshold")[order])).astype(np.float32),
        children=below.astype(np.int32),
        cover=cover,
        value=np.round(VOTE * (share - 0.5) / len(grown), DECIMALS).astype(np.float32),
        level=np.array(level, dtype=np.int32),
    )


def _all(grown: list[Any], name: str) -> Any:
    return np.concatenate([getattr(tree, name) for tree in grown])


def _by_level(children: Whole, roots: Whole) -> tuple[Whole, list[int]]:
    """Returns the nodes level by level, and how many each level has."""
    levels, now = [], np.asarray(roots)
    while len(now):
        levels.append(now)
        below = children[now].ravel()
        now = below[below != LEAF]
    return np.concatenate(levels), [len(level) for level in levels]


def _rounded_down(thresholds: Floats) -> Matrix:
    """Returns float32 thresholds that no float32 value passes which doesn't pass the exact one."""
    near = thresholds.astype(np.float32)
    return np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near)
