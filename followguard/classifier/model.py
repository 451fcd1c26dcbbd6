"""A trained model: tables in two parts and gated trees, as plain arrays, and the probabilities that follow."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Matrix
from followguard.classifier.tables import Tables, bins_of, joined, parted
from followguard.classifier.trees import Trees

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

    def raw(self, matrix: Matrix) -> Floats:
        """Returns (n, features) in log-odds as learned, before the slopes."""
        steps = self.tables.contributions(matrix)
        for pair in self.pairs:
            pair.add_to(steps, matrix)
        return steps

    def slopes(self, total: Floats) -> Floats:
        """Returns (n,) the slope of each sum."""
        return np.where(total > 0.0, self.slope_up, self.slope_down)


@dataclass(frozen=True, slots=True)
class Gate:
    """How much a follower resembles the set that trees are at home with, and so how much they count.

    `tables` add up to the log-odds g of coming from that set; the trees' weight is `least` + `more` * g, and 0 where
    the feature `settled` is unknown, as it is for an account that is young or silent or of an unknown age.
    """

    tables: Tables
    settled: int
    least: float
    more: float

    def weight(self, matrix: Matrix) -> Floats:
        """Returns (n,) weights in [0, 1]."""
        g = 1.0 / (1.0 + np.exp(-self.tables.contributions(matrix).sum(axis=1)))
        return np.where(np.isnan(matrix[:, self.settled]), 0.0, self.least + self.more * g)

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns the gate as named arrays, for a file."""
        own = {"gate_weights": np.array([self.least, self.more]), "gate_settled": np.array([self.settled], np.int32)}
        return {**joined([self.tables], "gate_"), **own}

    @classmethod
    def of_parts(cls, parts: Parts) -> "Gate":
        """Undoes `parts`."""
        least, more = parts["gate_weights"].tolist()
        return cls(parted(parts, 1, "gate_")[0], int(parts["gate_settled"][0]), least, more)


@dataclass(frozen=True, slots=True)
class GatedTrees:
    """Trees, and the gate that weighs them against the tables."""

    trees: Trees
    gate: Gate

    def blended(self, steps: Floats, matrix: Matrix) -> Floats:
        """Returns (n, features): (1 - w) times `steps`, those of the tables, and w times what the trees add."""
        weight = self.gate.weight(matrix)
        rows = np.flatnonzero(weight)
        found = steps * (1.0 - weight)[:, None]
        found[rows] += weight[rows, None] * self.trees.contributions(matrix[rows])
        return found


@dataclass(frozen=True, slots=True)
class Model:
    """The model that scores followers; scoring fits nothing in it.

    logit(p_spam) = base_logit + slope * s, where s is (1 - w) times the sum over the tables and w times that over the
    trees' paths, 0 where nothing is known. One part is for followers whose likes are known, which tell more than all
    else; the other, in which other counts carry more, is for those whose likes X leaves out.
    """

    with_likes: Part
    without_likes: Part
    likes: int
    """The number of the feature by whose presence the part is chosen."""
    base_logit: float
    """The log-odds where nothing is known: the share of spam that training assumed."""
    gated: GatedTrees | None = None

    def contributions(self, matrix: Matrix) -> Floats:
        """Returns (n, features) in log-odds; their sum and `base_logit` make logit(p_spam)."""
        found = np.empty(matrix.shape)
        for part, rows in self._shared_out(matrix):
            found[rows] = part.raw(matrix[rows])
        if self.gated is not None:
            found = self.gated.blended(found, matrix)
        for part, rows in self._shared_out(matrix):
            found[rows] *= part.slopes(found[rows].sum(axis=1))[:, None]
        return found

    def _shared_out(self, matrix: Matrix) -> list[tuple[Part, Flags | slice]]:
        """Returns each part with the rows that it scores."""
        unknown = np.isnan(matrix[:, self.likes])
        if not unknown.any():
            return [(self.with_likes, slice(None))]
        return [(self.with_likes, ~unknown), (self.without_likes, unknown)]

    def beyond(self, matrix: Matrix) -> Flags:
        """Flags rows that show something beyond all that the tables saw in training."""
        unknown = np.isnan(matrix[:, self.likes])
        both = (self.without_likes.tables.beyond(matrix), self.with_likes.tables.beyond(matrix))
        return np.where(unknown, *both)

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns the model as named arrays, for a file. Both parts have the same pairs, or none."""
        both = (self.with_likes, self.without_likes)
        own = {} if self.gated is None else {**self.gated.gate.parts(), **self.gated.trees.parts()}
        return {
            **joined([part.tables for part in both]),
            "slopes": np.array([slope for part in both for slope in (part.slope_up, part.slope_down)]),
            "base": np.array([self.base_logit]),
            "likes": np.array([self.likes], dtype=np.int32),
            **arrays_of(self.with_likes.pairs),
            **own,
        }

    @classmethod
    def of_parts(cls, parts: Parts) -> "Model":
        """Undoes `parts`. Raises ValueError for arrays that don't fit together."""
        slopes = parts["slopes"].tolist()
        tables = parted(parts, 2)
        pairs = of_arrays({name: array for name, array in parts.items() if name.startswith("pair_")})
        with_likes = Part(tables[0], slope_up=slopes[0], slope_down=slopes[1], pairs=pairs)
        without = Part(tables[1], slope_up=slopes[2], slope_down=slopes[3], pairs=pairs)
        gated = GatedTrees(Trees.of_parts(parts), Gate.of_parts(parts)) if "gate_bins" in parts else None
        likes, base_logit = int(parts["likes"][0]), float(parts["base"][0])
        return cls(with_likes, without, likes=likes, base_logit=base_logit, gated=gated)


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
