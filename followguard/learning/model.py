"""A trained model: tables and their calibration, as plain arrays that need no library but numpy to score."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.learning.tables import Floats, Matrix, Tables

Parts = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Model:
    """What scores a follower: nothing in it is fitted while scoring.

    logit(p_spam) = base_logit + slope * s, where s is the sum of what the tables say, 0 for a follower of whom nothing
    is known; one slope above 0, another below, for the groups held out in training lean differently on the two sides.
    """

    tables: Tables
    slope_up: float
    slope_down: float
    base_logit: float
    """The log-odds of a follower of whom nothing is known: the share of spam that training assumed."""

    def contributions(self, matrix: Matrix) -> Floats:
        """(n, features) in log-odds; their sum and `base_logit` make logit(p_spam)."""
        steps = self.tables.contributions(matrix)
        upwards = steps.sum(axis=1, keepdims=True) > 0.0
        steps *= np.where(upwards, self.slope_up, self.slope_down)
        return steps

    def parts(self) -> dict[str, NDArray[Any]]:
        """The model as named arrays, for a file."""
        return {
            "edges": np.concatenate([np.zeros(0, dtype=np.float32), *self.tables.edges]),
            "steps": np.concatenate(self.tables.steps),
            "bins": np.array([len(steps) for steps in self.tables.steps], dtype=np.int32),
            "numbers": np.array([self.slope_up, self.slope_down, self.base_logit]),
        }

    @classmethod
    def of_parts(cls, parts: Parts) -> "Model":
        """The inverse of `parts`. Raises ValueError for arrays that don't fit together."""
        bins = parts["bins"]
        edges = np.split(parts["edges"], np.cumsum(bins - 1)[:-1])
        steps = np.split(parts["steps"], np.cumsum(bins)[:-1])
        return cls(Tables(tuple(edges), tuple(steps)), *(float(number) for number in parts["numbers"]))


def content_hash(parts: Parts) -> str:
    """sha256 (hex) over names, types and bytes: equal for equal models, whatever file they stand in."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        array = np.ascontiguousarray(parts[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
