"""A trained model: a forest and its calibration, as plain arrays that need no library but numpy to score."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.learning.forest import Floats, Forest, Level, Matrix

Parts = Mapping[str, NDArray[Any]]
LEVEL_FIELDS = tuple(field.name for field in fields(Level))


@dataclass(frozen=True, slots=True)
class Model:
    """What scores a follower: nothing in it is fitted while scoring.

    logit(p_spam) = base_logit + slope * s, where s is the forest's score less that of a follower of whom nothing is
    known; one slope above 0, another below, for the groups held out in training lean differently on the two sides.
    """

    forest: Forest
    slope_up: float
    slope_down: float
    base_logit: float
    """The log-odds of a follower of whom nothing is known: the share of spam that training assumed."""

    def contributions(self, matrix: Matrix) -> Floats:
        """(n, features) in log-odds; their sum and `base_logit` make logit(p_spam)."""
        steps = self.forest.contributions(matrix)
        upwards = steps.sum(axis=1, keepdims=True) > 0.0
        return np.where(upwards, self.slope_up, self.slope_down) * steps

    def parts(self) -> dict[str, NDArray[Any]]:
        """The model as named arrays, for a file."""
        levels = self.forest.levels
        arrays = {name: np.concatenate([getattr(level, name) for level in levels]) for name in LEVEL_FIELDS}
        arrays["sizes"] = np.array([len(level.place) for level in levels], dtype=np.int32)
        arrays["shape"] = np.array([self.forest.trees, self.forest.features], dtype=np.int32)
        arrays["numbers"] = np.array([self.forest.base, self.slope_up, self.slope_down, self.base_logit])
        return arrays

    @classmethod
    def of_parts(cls, parts: Parts) -> "Model":
        """The inverse of `parts`."""
        cuts = np.cumsum(parts["sizes"])[:-1]
        pieces = [np.split(parts[name], cuts) for name in LEVEL_FIELDS]
        trees, features = (int(number) for number in parts["shape"])
        base, *curve = (float(number) for number in parts["numbers"])
        levels = tuple(Level(*level) for level in zip(*pieces, strict=True))
        return cls(Forest(trees, features, base, levels), *curve)


def content_hash(parts: Parts) -> str:
    """sha256 (hex) over names, types and bytes: equal for equal models, whatever file they stand in."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        array = np.ascontiguousarray(parts[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
