"""A trained model: tables and their calibration in two parts, as plain arrays that need no library but numpy."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.pairs import FeaturePair, arrays_of, of_arrays
from followguard.classifier.tables import Floats, Matrix, Tables

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
        """(n, features) in log-odds."""
        steps = self.tables.contributions(matrix)
        for pair in self.pairs:
            pair.add_to(steps, matrix)
        upwards = steps.sum(axis=1, keepdims=True) > 0.0
        steps *= np.where(upwards, self.slope_up, self.slope_down)
        return steps


@dataclass(frozen=True, slots=True)
class Model:
    """What scores a follower: nothing in it is fitted while scoring.

    logit(p_spam) = base_logit + slope * s, where s is the sum of what the tables say, 0 for a follower of whom nothing
    is known. One part is for followers whose likes are known, which tell more than all else; the other, in which other
    counts carry more, for those whose likes X leaves out.
    """

    with_likes: Part
    without_likes: Part
    likes: int
    """The number of the feature by whose presence the part is chosen."""
    base_logit: float
    """The log-odds of a follower of whom nothing is known: the share of spam that training assumed."""

    def contributions(self, matrix: Matrix) -> Floats:
        """(n, features) in log-odds; their sum and `base_logit` make logit(p_spam)."""
        unknown = np.isnan(matrix[:, self.likes])
        if not unknown.any():
            return self.with_likes.contributions(matrix)
        found = np.empty(matrix.shape)
        found[~unknown] = self.with_likes.contributions(matrix[~unknown])
        found[unknown] = self.without_likes.contributions(matrix[unknown])
        return found

    def beyond(self, matrix: Matrix) -> NDArray[np.bool_]:
        """Rows that show something beyond all that training saw; it adds nothing to their score."""
        unknown = np.isnan(matrix[:, self.likes])
        both = (self.without_likes.tables.beyond(matrix), self.with_likes.tables.beyond(matrix))
        return np.where(unknown, *both)

    def parts(self) -> dict[str, NDArray[Any]]:
        """The model as named arrays, for a file. Both parts have the same pairs, or none."""
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
        """The inverse of `parts`. Raises ValueError for arrays that don't fit together."""
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
    """sha256 (hex) over names, types and bytes: equal for equal models, whatever file they stand in."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        array = np.ascontiguousarray(parts[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
