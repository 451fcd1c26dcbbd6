"""A forest of decision trees as plain arrays, whose score is a sum of contributions, one a feature."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]
Whole = NDArray[np.int32]
ROWS_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Level:
    """The nodes of all trees at one depth that have children, ordered by feature.

    Their children make up the next level: those of the i-th stand at 2 i (feature <= threshold) and 2 i + 1.
    """

    place: Whole
    """Where each node stands among all nodes of its level."""
    feature: Whole
    threshold: Matrix
    share: Matrix
    """The share of the training weight that went left: what an unknown value does."""
    step_left: Matrix
    step_right: Matrix
    """What going left or right adds to the score."""


@dataclass(frozen=True, slots=True)
class Forest:
    """The score of a row is `base` plus the mean over trees of the steps on its path.

    A row whose feature is unknown goes both ways, each with the share of the training weight that went there; the
    expected step is 0 by construction, so an unknown feature contributes exactly nothing.
    """

    trees: int
    features: int
    base: float
    levels: tuple[Level, ...]

    def contributions(self, matrix: Matrix) -> Floats:
        """(n, features) contributions whose sum with `base` is the score; `matrix` is (n, features), NaN unknown."""
        sums = np.zeros(matrix.shape)
        for start in range(0, len(matrix), ROWS_AT_ONCE):
            block = matrix[start : start + ROWS_AT_ONCE]
            sums[start : start + len(block)] = self._steps(np.ascontiguousarray(block.T)).T
        sums[np.isnan(matrix)] = 0.0
        return sums / self.trees

    def _steps(self, columns: Matrix) -> Floats:
        """(features, n) sums of steps over all trees, for (features, n) values."""
        sums = np.zeros(columns.shape)
        unknown = np.isnan(columns)
        weight = np.ones((self.trees, columns.shape[1]), dtype=np.float32)
        for level in self.levels:
            ways = _both_ways(level, columns, unknown, weight[level.place])
            steps = ways[:, 0] * level.step_left[:, None]
            steps += ways[:, 1] * level.step_right[:, None]
            starts = np.flatnonzero(np.diff(level.feature, prepend=-1))
            sums[level.feature[starts]] += np.add.reduceat(steps, starts, axis=0, dtype=np.float64)
            weight = ways.reshape(-1, columns.shape[1])
        return sums


def _both_ways(level: Level, columns: Matrix, unknown: NDArray[np.bool_], here: Matrix) -> Matrix:
    """(nodes, 2, n) weights that go left and right of the (nodes, n) weights that are here."""
    ways = np.empty((len(here), 2, here.shape[1]), dtype=np.float32)
    left = ways[:, 0]
    np.less_equal(columns[level.feature], level.threshold[:, None], out=left, casting="unsafe")
    np.copyto(left, level.share[:, None], where=unknown[level.feature])
    left *= here
    np.subtract(here, left, out=ways[:, 1])
    return ways
