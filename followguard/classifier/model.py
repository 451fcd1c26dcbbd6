"""A trained model: tables in two parts and gated trees, as plain arrays, and the probabilities that follow."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Matrix
from followguard.classifier.house import HousePart
from followguard.classifier.tables import Tables, joined, parted
from followguard.classifier.trees import Trees

Parts = Mapping[str, NDArray[Any]]
KNEE = 3.0
"""Log-odds above which the far slope holds: the odds are then twenty times what they were."""


@dataclass(frozen=True, slots=True)
class Part:
    """Tables and their calibration: one slope where their sum is above 0, another below, and a third far above.

    The groups held out in training lean differently on the two sides. Far above, beyond `KNEE` log-odds, stand a few
    real people who look like spam through and through; `slope_far`, a share of the first slope in (0, 1], keeps them
    from being held back.
    """

    tables: Tables
    slope_up: float
    slope_down: float
    slope_far: float = 1.0

    @property
    def all_slopes(self) -> tuple[float, float, float]:
        """Returns the slopes above, below and far above."""
        return self.slope_up, self.slope_down, self.slope_far

    def raw(self, matrix: Matrix) -> Floats:
        """Returns (n, features) in log-odds as learned, before the slopes."""
        return self.tables.contributions(matrix)

    def slopes(self, total: Floats) -> Floats:
        """Returns (n,) what each sum is to be multiplied by."""
        steep = total * self.slope_up
        far = np.maximum(steep, KNEE)
        bent = (KNEE + (far - KNEE) * self.slope_far) / far
        return np.where(total > 0.0, self.slope_up * np.where(steep > KNEE, bent, 1.0), self.slope_down)


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
    own: HousePart | None = None
    """What a house model learned from decisions; none in a base model."""

    def contributions(self, matrix: Matrix) -> Floats:
        """Returns (n, features) in log-odds; their sum and `base_logit` make logit(p_spam)."""
        found = np.empty(matrix.shape)
        for part, rows in self._shared_out(matrix):
            found[rows] = part.raw(matrix[rows])
        if self.gated is not None:
            found = self.gated.blended(found, matrix)
        for part, rows in self._shared_out(matrix):
            found[rows] *= part.slopes(found[rows].sum(axis=1))[:, None]
        return found if self.own is None else self.own.moved(found, matrix)

    def _shared_out(self, matrix: Matrix) -> list[tuple[Part, Flags | slice]]:
        """Returns each part with the rows that it scores."""
        unknown = np.isnan(matrix[:, self.likes])
        if not unknown.any():
            return [(self.with_likes, slice(None))]
        return [(self.with_likes, ~unknown), (self.without_likes, unknown)]

    def beyond(self, matrix: Matrix) -> Flags:
        """Flags rows that show something beyond all that the tables saw in training."""
        unknown = np.isnan(matrix[:, self.likes])[:, None]
        parts = self.without_likes.tables, self.with_likes.tables
        asked = np.where(unknown, *(tables.asked() for tables in parts))
        inside = np.where(unknown, *(tables.inside(matrix) for tables in parts))
        if self.own is not None:
            asked, inside = asked | self.own.tables.asked(), inside | self.own.tables.inside(matrix)
        return np.asarray((asked & ~inside & ~np.isnan(matrix)).any(axis=1))

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns the model as named arrays, for a file."""
        both = (self.with_likes, self.without_likes)
        gated = {} if self.gated is None else {**self.gated.gate.parts(), **self.gated.trees.parts()}
        return {
            **joined([part.tables for part in both]),
            "slopes": np.array([slope for part in both for slope in part.all_slopes]),
            "base": np.array([self.base_logit]),
            "likes": np.array([self.likes], dtype=np.int32),
            **gated,
            **({} if self.own is None else self.own.parts()),
        }

    @classmethod
    def of_parts(cls, parts: Parts) -> "Model":
        """Undoes `parts`. Raises ValueError for arrays that don't fit together."""
        slopes = parts["slopes"].tolist()
        tables = parted(parts, 2)
        with_likes, without = Part(tables[0], *slopes[:3]), Part(tables[1], *slopes[3:])
        gated = GatedTrees(Trees.of_parts(parts), Gate.of_parts(parts)) if "gate_bins" in parts else None
        likes, base_logit = int(parts["likes"][0]), float(parts["base"][0])
        own = HousePart.of_parts(parts) if "own_follow" in parts else None
        return cls(with_likes, without, likes=likes, base_logit=base_logit, gated=gated, own=own)


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
