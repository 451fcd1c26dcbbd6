"""Boosted trees as plain arrays, and what each feature adds along the path that a follower takes through them.

At a node the path adds, to the feature that the node asks about, the child's value less the node's own (Saabas,
"Interpreting random forests", 2014); a node's value is the mean of its children's, each weighed by its cover, the
share of training rows that went there. So the additions of one tree make up its leaf's value less its root's. Where a
value is unknown the follower goes both ways, weighed by cover, and the feature adds exactly 0.

Every row gets the same numbers however many others stand beside it: both ways of walking add up node by node in the
same order, in float32.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Matrix

Numbers = NDArray[np.int32]
LEAF = -1
"""The feature of a node without children."""
ROWS_AT_ONCE = 8192
FEW_ROWS, A_HANDFUL = 256, 32
"""So many rows are walked all nodes of a level at a time, a handful at once; more are faster node by node."""
ARRAYS = ("feature", "threshold", "children", "cover", "value", "level")


@dataclass(frozen=True)
class Trees:
    """n nodes of any number of trees, level by level: first all roots, then all of their children, and so on.

    `feature` (n,) is a feature's number, -1 for a leaf; `threshold` (n,): a value that is at most as high goes left;
    `children` (n, 2) the numbers of the left and right child, -1 for a leaf; `cover` (n,) the share in (0, 1) of the
    training rows of a node that went right; `value` (n,) in log-odds; `level` (levels,) how many nodes each level has.
    """

    feature: Numbers
    threshold: Matrix
    children: Numbers
    cover: Matrix
    value: Matrix
    level: Numbers

    def contributions(self, matrix: Matrix) -> Floats:
        """Returns (n, features) additions to the log-odds for (n, features) values, NaN unknown."""
        found = np.zeros(matrix.shape)
        few = len(matrix) <= FEW_ROWS
        at_once, walk = (A_HANDFUL, self._by_level) if few else (ROWS_AT_ONCE, self._by_node)
        for start in range(0, len(matrix), at_once):
            found[start : start + at_once] = walk(np.ascontiguousarray(matrix[start : start + at_once].T)).T
        return found

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns the trees as named arrays, for a file."""
        return {f"tree_{name}": getattr(self, name) for name in ARRAYS}

    @classmethod
    def of_parts(cls, parts: Mapping[str, NDArray[Any]]) -> "Trees":
        """Undoes `parts`."""
        return cls(*(parts[f"tree_{name}"] for name in ARRAYS))

    @property
    def expected(self) -> float:
        """Returns the sum of the roots' values, in log-odds: what is said of somebody of whom nothing is known."""
        return float(self.value[: self.level[0]].astype(np.float64).sum()) if len(self.level) else 0.0

    @cached_property
    def _steps(self) -> Matrix:
        """What the way to either child adds, (n, 2)."""
        steps: Matrix = np.where(self.children < 0, 0.0, self.value[self.children] - self.value[:, None])
        return steps.astype(np.float32)

    def _by_node(self, columns: Matrix) -> Matrix:
        """Walks (features, n) values, one node after the other."""
        found = np.zeros(columns.shape, dtype=np.float32)
        gaps = [_Gaps.of(column) for column in columns]
        features, children = self.feature.tolist(), self.children.tolist()
        everybody = np.ones(columns.shape[1], dtype=np.float32)
        reach = {node: everybody for node in range(self.level[0]) if features[node] != LEAF}
        for node, feature in enumerate(features):
            if feature == LEAF:
                continue
            here, gap = reach.pop(node), gaps[feature]
            goes = columns[feature] > self.threshold[node]
            right = here * (goes if gap is None else goes + gap.unknown * self.cover[node])
            left = here - right
            step = left * self._steps[node, 0] + right * self._steps[node, 1]
            found[feature] += step if gap is None else step * gap.known
            below = zip(children[node], (left, right), strict=True)
            reach |= {child: share for child, share in below if features[child] != LEAF}
        return found

    def _by_level(self, columns: Matrix) -> Matrix:
        """Walks (features, n) values, all nodes of a level at once."""
        found = np.zeros(columns.shape, dtype=np.float32)
        reach = np.ones((len(self.feature), columns.shape[1]), dtype=np.float32)
        for asking in self._asking:
            values = columns[self.feature[asking]]
            unknown = np.isnan(values)
            right = reach[asking] * np.where(unknown, self.cover[asking, None], values > self.threshold[asking, None])
            left = reach[asking] - right
            step = left * self._steps[asking, :1] + right * self._steps[asking, 1:]
            np.add.at(found, self.feature[asking], np.where(unknown, np.float32(0.0), step))
            reach[self.children[asking, 0]], reach[self.children[asking, 1]] = left, right
        return found

    @cached_property
    def _asking(self) -> list[Numbers]:
        """The nodes with children, level by level."""
        ends = np.cumsum(self.level)
        return [
            np.asarray(start + np.flatnonzero(self.feature[start:end] != LEAF), dtype=np.int32)
            for start, end in zip(ends - self.level, ends, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class _Gaps:
    """The rows that know a feature, and those that don't, as 1 and 0."""

    known: Matrix
    unknown: Matrix

    @classmethod
    def of(cls, column: Matrix) -> "_Gaps | None":
        """Returns None where every row knows it."""
        unknown: Flags = np.isnan(column)
        return cls((~unknown).astype(np.float32), unknown.astype(np.float32)) if unknown.any() else None
