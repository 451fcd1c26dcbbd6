"""Trees that scikit-learn grew, as the arrays that score: level by level, thresholds in float32."""

import numpy as np

from followguard.classifier.columns import Floats, Matrix, Whole
from followguard.classifier.trees import LEAF, Trees


def redrawn(matrix: Matrix, rng: np.random.Generator) -> Matrix:
    """Fills each missing cell from the known ones of its column; a column without any becomes 0."""
    found = matrix.copy()
    for column in found.T:
        missing = np.isnan(column)
        known = column[~missing]
        column[missing] = rng.choice(known, missing.sum()) if len(known) else 0.0
    return found


def level_by_level(
    feature: Whole, threshold: Floats, sides: tuple[Whole, Whole], sizes: list[int], heavy: Floats, value: Floats
) -> Trees:
    """Orders the nodes of some trees that stand behind one another, of `sizes` nodes each.

    `sides` are left and right child by their number in their own tree, `heavy` (n,) how much training weight a node
    holds, `value` (n,) what it is worth. A leaf has -1 for its feature; its threshold and children don't matter.
    """
    starts = np.cumsum([0, *sizes])[:-1]
    leaf = feature == LEAF
    children = np.where(leaf[:, None], LEAF, np.stack(sides, axis=1) + np.repeat(starts, sizes)[:, None])
    order, level = _by_level(children, starts)
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(order)), LEAF
    below, leaf = place[children[order]], leaf[order]
    return Trees(
        feature=feature[order].astype(np.int32),
        threshold=np.where(leaf, 0.0, _rounded_down(threshold[order])).astype(np.float32),
        children=below.astype(np.int32),
        cover=np.where(leaf, 0.5, heavy[order][below[:, 1]] / heavy[order]).astype(np.float32),
        value=value[order].astype(np.float32),
        level=np.array(level, dtype=np.int32),
    )


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
