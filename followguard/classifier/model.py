"""A trained model: tables and their calibration in two parts, as plain arrays, and the probabilities that follow."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Floats, Matrix, Whole

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

    def beyond(self, matrix: Matrix) -> NDArray[np.bool_]:
        """Flags rows with a value below the first or above the last edge of its feature, where training saw none."""
        found = np.zeros(len(matrix), dtype=bool)
        for number, edges in enumerate(self.edges):
            if len(edges):
                found |= (matrix[:, number] <= edges[0]) | (matrix[:, number] > edges[-1])
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


Arrays = dict[str, NDArray[np.generic]]


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


def arrays_of(pairs: Sequence[FeaturePair]) -> Arrays:
    """Returns named arrays for a file; none where there are no pairs."""
    if not pairs:
        return {}
    return {
        "pair_features": np.array([(pair.first, pair.second) for pair in pairs], dtype=np.int32),
        "pair_bins": np.array([pair.steps.shape for pair in pairs], dtype=np.int32),
        "pair_edges": np.concatenate([edges for pair in pairs for edges in (pair.first_edges, pair.second_edges)]),
        "pair_steps": np.concatenate([pair.steps.ravel() for pair in pairs]),
    }


def of_arrays(arrays: Arrays) -> tuple[FeaturePair, ...]:
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


Parts = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """Tables and their calibration: one slope where their sum is above 0, another below.

    The groups held out in training lean differently on the two sides. A house model may have `pairs` of features too.
    """

    tables: Tables
    slope_up: float
    slope_down: float
    pairs: tuple[FeaturePair, ...] = ()

    def contributions(self, matrix: Matrix) -> Floats:
        """Returns (n, features) in log-odds."""
        steps = self.tables.contributions(matrix)
        for pair in self.pairs:
            pair.add_to(steps, matrix)
        upwards = steps.sum(axis=1, keepdims=True) > 0.0
        steps *= np.where(upwards, self.slope_up, self.slope_down)
        return steps


@dataclass(frozen=True, slots=True)
class Model:
    """The model that scores followers; scoring fits nothing in it.

    logit(p_spam) = base_logit + slope * s, where s is the sum over the tables, 0 where nothing is known. One part is
    for followers whose likes are known, which tell more than all else; the other, in which other counts carry more, is
    for those whose likes X leaves out.
    """

    with_likes: Part
    without_likes: Part
    likes: int
    """The number of the feature by whose presence the part is chosen."""
    base_logit: float
    """The log-odds where nothing is known: the share of spam that training assumed."""

    def contributions(self, matrix: Matrix) -> Floats:
        """Returns (n, features) in log-odds; their sum and `base_logit` make logit(p_spam)."""
        unknown = np.isnan(matrix[:, self.likes])
        if not unknown.any():
            return self.with_likes.contributions(matrix)
        found = np.empty(matrix.shape)
        found[~unknown] = self.with_likes.contributions(matrix[~unknown])
        found[unknown] = self.without_likes.contributions(matrix[unknown])
        return found

    def beyond(self, matrix: Matrix) -> NDArray[np.bool_]:
        """Flags rows that show something beyond all that training saw; it adds nothing to their score."""
        unknown = np.isnan(matrix[:, self.likes])
        both = (self.without_likes.tables.beyond(matrix), self.with_likes.tables.beyond(matrix))
        return np.where(unknown, *both)

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns the model as named arrays, for a file. Both parts have the same pairs, or none."""
        both = (self.with_likes, self.without_likes)
        edges = [edges for part in both for edges in part.tables.edges]
        steps = [steps for part in both for steps in part.tables.steps]
        return {
            "edges": np.concatenate([np.zeros(0, dtype=np.float32), *edges]),
            "steps": np.concatenate(steps),
            "bins": np.array([len(own) for own in steps], dtype=np.int32),
            "slopes": np.array([slope for part in both for slope in (part.slope_up, part.slope_down)]),
            "base": np.array([self.base_logit]),
            "likes": np.array([self.likes], dtype=np.int32),
            **arrays_of(self.with_likes.pairs),
        }

    @classmethod
    def of_parts(cls, parts: Parts) -> "Model":
        """Undoes `parts`. Raises ValueError for arrays that don't fit together."""
        bins, slopes = parts["bins"], parts["slopes"].tolist()
        edges = np.split(parts["edges"], np.cumsum(bins - 1)[:-1])
        steps = np.split(parts["steps"], np.cumsum(bins)[:-1])
        half = len(bins) // 2
        tables = (Tables(tuple(edges[:half]), tuple(steps[:half])), Tables(tuple(edges[half:]), tuple(steps[half:])))
        pairs = of_arrays({name: array for name, array in parts.items() if name.startswith("pair_")})
        with_likes = Part(tables[0], slope_up=slopes[0], slope_down=slopes[1], pairs=pairs)
        without = Part(tables[1], slope_up=slopes[2], slope_down=slopes[3], pairs=pairs)
        return cls(with_likes, without, likes=int(parts["likes"][0]), base_logit=float(parts["base"][0]))


def content_hash(parts: Parts) -> str:
    """Hashes names, types and bytes (sha256, hex): equal for equal models, whatever file they stand in."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        array = np.ascontiguousarray(parts[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


LEAST = 1e-6
"""p_spam stays in [1e-6, 1 - 1e-6]: nobody is that sure."""
MOST_LOGIT = float(np.log((1.0 - LEAST) / LEAST))


@dataclass(frozen=True, slots=True)
class Scores:
    """n rows: probabilities, log-odds, (n, features) contributions in log-odds and the values they come from."""

    p_spam: Floats
    logit: Floats
    contributions: Floats
    features: Matrix


def scores(model: Model, matrix: Matrix) -> Scores:
    """Scores of feature values, as extracted now or as kept with an earlier verdict."""
    contributions = model.contributions(matrix)
    logit = np.clip(model.base_logit + contributions.sum(axis=1), -MOST_LOGIT, MOST_LOGIT)
    return Scores(1.0 / (1.0 + np.exp(-logit)), logit, contributions, matrix)


def probabilities(model: Model, matrix: Matrix) -> Floats:
    """Returns p_spam of (n, features) values."""
    return scores(model, matrix).p_spam


def base_logit_at(prevalence: float) -> float:
    """Returns the log-odds of a share of spam in (0, 1)."""
    return math.log(prevalence / (1.0 - prevalence))
