"""Labelled rows as arrays, and how much each weighs in training and in a figure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Matrix, ProfileColumns
from followguard.classifier.features import extract
from followguard.domain.labels import LabelledProfile

Names = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Samples:
    """n labelled rows: (n, features) values, the answers, and the group and kind of set that each row comes from."""

    matrix: Matrix
    spam: Flags
    group: Names
    source: Names
    id: Names

    def __len__(self) -> int:
        return len(self.spam)

    def where(self, rows: Flags | NDArray[np.int64]) -> "Samples":
        """Returns the chosen rows, by flag or by number."""
        return Samples(self.matrix[rows], self.spam[rows], self.group[rows], self.source[rows], self.id[rows])

    def cells(self) -> list[Flags]:
        """Returns flags for each group and label that occurs, in the order of their names."""
        pairs = sorted({(str(g), bool(s)) for g, s in zip(self.group, self.spam, strict=True)})
        return [(self.group == group) & (self.spam == spam) for group, spam in pairs]


def samples_of(rows: Sequence[LabelledProfile]) -> Samples:
    """Returns the features and answers of labelled profiles, in their order."""
    return Samples(
        matrix=extract(ProfileColumns.from_profiles([row.profile for row in rows])),
        spam=np.array([row.spam for row in rows], dtype=bool),
        group=np.array([row.group for row in rows], dtype=np.str_),
        source=np.array([row.source for row in rows], dtype=np.str_),
        id=np.array([row.profile.id for row in rows], dtype=np.str_),
    )


def capped(samples: Samples, most: int, rng: np.random.Generator) -> Samples:
    """Draws at most `most` rows of each group and label at random; the order stays."""
    kept = [_drawn(np.flatnonzero(cell), most, rng) for cell in samples.cells()]
    return samples.where(np.sort(np.concatenate(kept)))


def _drawn(rows: NDArray[np.int64], most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return rng.choice(rows, most, replace=False) if len(rows) > most else rows


def weights_at(prevalence: float, samples: Samples) -> Floats:
    """Returns weights with mean 1: spam has the given share, and each group the same share of its label."""
    weights = np.zeros(len(samples))
    cells = samples.cells()
    for spam, share in ((True, prevalence), (False, 1.0 - prevalence)):
        same = [cell for cell in cells if bool(samples.spam[cell][0]) is spam]
        for cell in same:
            weights[cell] = share / len(same) / cell.sum()
    return np.asarray(weights * len(samples) / weights.sum())
