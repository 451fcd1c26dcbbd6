"""Tables of two features: what a cell, the bins of both values, adds to the log-odds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Floats, Matrix
from followguard.classifier.tables import bins_of


@dataclass(frozen=True, slots=True)
class FeaturePair:
    """Two feature numbers, the rising upper edges of their bins, and what each cell adds to the log-odds.

    `steps` is (first bins, second bins). Where either value is unknown the pair adds exactly 0. Raises ValueError for
    arrays that don't fit together.
    """

    first: int
    second: int
    first_edges: Matrix
    second_edges: Matrix
    steps: Floats

    def __post_init__(self) -> None:
        if self.steps.shape != (len(self.first_edges) + 1, len(self.second_edges) + 1):
            raise ValueError("a table of two features needs a step for each pair of bins")

    def add_to(self, found: Floats, matrix: Matrix) -> None:
        """Adds half of the cell of each row to the contributions, (n, features), of either feature."""
        ready = np.pad(self.steps, (0, 1)) / 2.0
        first = bins_of(matrix[:, self.first], self.first_edges)
        second = bins_of(matrix[:, self.second], self.second_edges)
        half = ready[first, second]
        found[:, self.first] += half
        found[:, self.second] += half


def arrays_of(pairs: Sequence[FeaturePair]) -> dict[str, NDArray[Any]]:
    """Returns named arrays for a file; none where there are no pairs."""
    if not pairs:
        return {}
    return {
        "pair_features": np.array([(pair.first, pair.second) for pair in pairs], dtype=np.int32),
        "pair_bins": np.array([pair.steps.shape for pair in pairs], dtype=np.int32),
        "pair_edges": np.concatenate([edges for pair in pairs for edges in (pair.first_edges, pair.second_edges)]),
        "pair_steps": np.concatenate([pair.steps.ravel() for pair in pairs]),
    }


def of_arrays(arrays: Mapping[str, NDArray[Any]]) -> tuple[FeaturePair, ...]:
    """Undoes `arrays_of`. Raises ValueError for arrays that don't fit together."""
    if "pair_features" not in arrays:
        return ()
    shapes = arrays["pair_bins"].astype(np.int64)
    edges = np.split(arrays["pair_edges"].astype(np.float32), np.cumsum(shapes.ravel() - 1)[:-1])
    steps = np.split(arrays["pair_steps"].astype(np.float64), np.cumsum(shapes.prod(axis=1))[:-1])
    features = arrays["pair_features"].tolist()
    return tuple(
        FeaturePair(first, second, edges[2 * at], edges[2 * at + 1], steps[at].reshape(shapes[at]))
        for at, (first, second) in enumerate(features)
    )
