"""From fitted trees to a forest: every node gets its expected value, then the nodes are laid out level by level."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followguard.learning.forest import Floats, Forest, Level, Matrix


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree with node 0 as root and children numbered after their parents; `left` and `right` are -1 at a leaf.

    `share` is the share of the weight that goes left, `value` counts at the leaves only.
    """

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    share: Floats
    value: Floats


@dataclass(frozen=True, slots=True, order=True)
class _Node:
    """A node with children: what it asks, where it stands in its level, and which node of which tree it is."""

    feature: int
    place: int
    tree: int
    number: int


def forest_of(trees: Sequence[Tree], features: int) -> Forest:
    """Lays the trees out level by level, the nodes of a level by feature."""
    values = [_expected(tree) for tree in trees]
    standing = [(tree, 0) for tree in range(len(trees))]
    levels: list[Level] = []
    while inner := _inner(trees, standing):
        levels.append(_level(trees, values, inner))
        standing = [
            (node.tree, int(side[node.number]))
            for node in inner
            for side in (trees[node.tree].left, trees[node.tree].right)
        ]
    base = float(np.mean([value[0] for value in values]))
    return Forest(trees=len(trees), features=features, base=base, levels=tuple(levels))


def _inner(trees: Sequence[Tree], standing: Sequence[tuple[int, int]]) -> list[_Node]:
    return sorted(
        _Node(int(trees[tree].feature[number]), place, tree, number)
        for place, (tree, number) in enumerate(standing)
        if trees[tree].left[number] >= 0
    )


def _level(trees: Sequence[Tree], values: Sequence[Floats], inner: Sequence[_Node]) -> Level:
    before = np.array([values[n.tree][n.number] for n in inner])
    left = np.array([values[n.tree][trees[n.tree].left[n.number]] for n in inner])
    right = np.array([values[n.tree][trees[n.tree].right[n.number]] for n in inner])
    return Level(
        place=np.array([n.place for n in inner], dtype=np.int32),
        feature=np.array([n.feature for n in inner], dtype=np.int32),
        threshold=_rounded_down(np.array([trees[n.tree].threshold[n.number] for n in inner])),
        share=np.array([trees[n.tree].share[n.number] for n in inner], dtype=np.float32),
        step_left=(left - before).astype(np.float32),
        step_right=(right - before).astype(np.float32),
    )


def _rounded_down(thresholds: Floats) -> Matrix:
    """float32 thresholds that send every float32 value the way the float64 ones do."""
    rounded = thresholds.astype(np.float32)
    return np.where(rounded > thresholds, np.nextafter(rounded, np.float32(-np.inf)), rounded)


def _expected(tree: Tree) -> Floats:
    """The value of each node: a leaf's own, else the mean of its children's by share."""
    value = tree.value.copy()
    for node in reversed(range(len(value))):
        if tree.left[node] >= 0:
            share = tree.share[node]
            value[node] = share * value[tree.left[node]] + (1.0 - share) * value[tree.right[node]]
    return value
