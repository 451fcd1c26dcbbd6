"""The model's body: one look-up table a feature, so that a score is a sum and its reasons are exact."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]
Whole = NDArray[np.int64]
ROWS_AT_ONCE = 8192


@dataclass(frozen=True, slots=True)
class Tables:
    """For each feature the rising upper edges of its bins, in float32, and what each bin adds to the log-odds.

    A value on an edge belongs to the bin below it; the last bin has no upper edge. Unknown adds exactly 0, and so
    does, on the average over the training weight, a known value.
    """

    edges: tuple[Matrix, ...]
    steps: tuple[Floats, ...]

    def __post_init__(self) -> None:
        if any(len(steps) != len(edges) + 1 for edges, steps in zip(self.edges, self.steps, strict=True)):
            raise ValueError("every table needs one step more than edges")

    def contributions(self, matrix: Matrix) -> Floats:
        """(n, features) additions to the log-odds for (n, features) values, NaN unknown."""
        found = np.zeros(matrix.shape)
        ready = [
            (number, _closed(edges), np.append(steps, 0.0))
            for number, (edges, steps) in enumerate(zip(self.edges, self.steps, strict=True))
            if steps.any()
        ]
        for start in range(0, len(matrix), ROWS_AT_ONCE):
            block = matrix[start : start + ROWS_AT_ONCE]
            for number, edges, steps in ready:
                column = np.ascontiguousarray(block[:, number])
                found[start : start + len(block), number] = steps[np.searchsorted(edges, column)]
        return found

    def beyond(self, matrix: Matrix) -> NDArray[np.bool_]:
        """Rows with a known value below the first or above the last edge of its feature: training saw none there."""
        found = np.zeros(len(matrix), dtype=bool)
        for number, edges in enumerate(self.edges):
            if len(edges):
                found |= (matrix[:, number] <= edges[0]) | (matrix[:, number] > edges[-1])
        return found


def _closed(edges: Matrix) -> Matrix:
    """The edges with an infinite last one: NaN, which sorts behind everything, falls into a bin of its own."""
    closed: Matrix = np.concatenate([edges, np.full(1, np.inf, dtype=np.float32)])
    return closed


def bins_of(column: Matrix, edges: Matrix) -> Whole:
    """The bin of each value; for NaN one bin more than there are."""
    bins: Whole = np.searchsorted(_closed(edges), column)
    return bins


def edges_of(column: Matrix, weights: Floats, bins: int) -> Matrix:
    """Edges that cut the known values into at most `bins` bins of about equal weight; none where there is no value."""
    known = np.flatnonzero(~np.isnan(column))
    if not len(known):
        return np.zeros(0, dtype=np.float32)
    order = known[np.argsort(column[known], kind="stable")]
    reach = np.cumsum(weights[order])
    cuts = np.searchsorted(reach, reach[-1] * np.arange(1, bins) / bins)
    edges: Matrix = np.unique(column[order[np.minimum(cuts, len(order) - 1)]])
    kept: Matrix = edges[edges < column[order[-1]]]
    return kept
