"""Look-up tables: for each feature bins, and what each bin adds to the log-odds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Matrix, Whole

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
        """Returns (n, features) additions to the log-odds for (n, features) values, NaN unknown."""
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

    def asked(self) -> Flags:
        """Flags the features that have bins: (features,)."""
        return np.array([len(edges) > 0 for edges in self.edges], dtype=bool)

    def inside(self, matrix: Matrix) -> Flags:
        """Flags (n, features) values between the first and the last edge of their feature, as training saw them."""
        found = np.zeros(matrix.shape, dtype=bool)
        for number, edges in enumerate(self.edges):
            if len(edges):
                found[:, number] = (matrix[:, number] > edges[0]) & (matrix[:, number] <= edges[-1])
        return found


def _closed(edges: Matrix) -> Matrix:
    """Adds an infinite last edge: NaN, which sorts behind everything, falls into a bin of its own."""
    closed: Matrix = np.concatenate([edges, np.full(1, np.inf, dtype=np.float32)])
    return closed


def bins_of(column: Matrix, edges: Matrix) -> Whole:
    """Returns the bin of each value; for NaN one bin more than there are."""
    bins: Whole = np.searchsorted(_closed(edges), column)
    return bins


def edges_of(column: Matrix, weights: Floats, bins: int) -> Matrix:
    """Returns edges that cut the known values into at most `bins` bins of about equal weight; none without one."""
    known = np.flatnonzero(~np.isnan(column))
    if not len(known):
        return np.zeros(0, dtype=np.float32)
    order = known[np.argsort(column[known], kind="stable")]
    reach = np.cumsum(weights[order])
    cuts = np.searchsorted(reach, reach[-1] * np.arange(1, bins) / bins)
    edges: Matrix = np.unique(column[order[np.minimum(cuts, len(order) - 1)]])
    kept: Matrix = edges[edges < column[order[-1]]]
    return kept


def joined(tables: Sequence[Tables], name: str = "") -> dict[str, NDArray[Any]]:
    """Returns tables as named arrays, for a file; `name` stands before each."""
    edges = [edges for each in tables for edges in each.edges]
    steps = [steps for each in tables for steps in each.steps]
    return {
        f"{name}edges": np.concatenate([np.zeros(0, dtype=np.float32), *edges]),
        f"{name}steps": np.concatenate(steps),
        f"{name}bins": np.array([len(own) for own in steps], dtype=np.int32),
    }


def parted(parts: Mapping[str, NDArray[Any]], many: int, name: str = "") -> list[Tables]:
    """Undoes `joined` of as many tables. Raises ValueError for arrays that don't fit together."""
    bins = parts[f"{name}bins"]
    edges = np.split(parts[f"{name}edges"], np.cumsum(bins - 1)[:-1])
    steps = np.split(parts[f"{name}steps"], np.cumsum(bins)[:-1])
    each = len(bins) // many
    return [Tables(tuple(edges[at : at + each]), tuple(steps[at : at + each])) for at in range(0, many * each, each)]
