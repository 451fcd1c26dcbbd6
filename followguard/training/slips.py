"""Likely slips: decisions that the others speak against. They are offered for a second look, never taken out."""

from dataclasses import dataclass

import numpy as np

from followguard.classifier.columns import Floats, Matrix, Whole
from followguard.classifier.model import Model, probabilities
from followguard.training.house.decisions import DecisionArrays, clusters
from followguard.training.house.model import train_house

FOLDS = 5
SURE = 0.9
"""A decision is a likely slip where a model that learned from the others is surer than this of the opposite."""
NEAR = 0.05
"""Two followers are near duplicates where no feature differs by more than this part of its own spread (5th to 95th
percentile), and the same ones are unknown."""
ENOUGH_KNOWN = 0.5
FAR = 1e3


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A decision, by its row, and what a model that hadn't learned from its night says of the follower."""

    row: int
    p_spam: float


def against_the_rest(base: Model, decided: DecisionArrays, seed: int) -> list[Doubtful]:
    """Returns the decisions that contradict what all others teach, the most surprising first.

    Cross-validated: whole nights and batches are left out together, in `FOLDS` parts, and a house model of `base`
    learns from the rest. With one label, or one night, nothing is found.
    """
    p_spam = _held_out(base, decided, seed)
    opposite = np.where(decided.spam, 1.0 - p_spam, p_spam)
    rows = np.flatnonzero(opposite >= SURE)
    ordered = rows[np.argsort(-opposite[rows], kind="stable")]
    return [Doubtful(int(row), float(p_spam[row])) for row in ordered]


def _held_out(base: Model, decided: DecisionArrays, seed: int) -> Floats:
    """Returns (n,) p_spam; .5 where the rest can't teach anything."""
    found = np.full(len(decided), 0.5)
    fold = _folds(clusters(decided), seed)
    for number in np.unique(fold):
        rest = decided.where(fold != number)
        if rest.both_labels():
            found[fold == number] = probabilities(train_house(base, rest, seed), decided.matrix[fold == number])
    return found


def _folds(part: Whole, seed: int) -> Whole:
    """Returns the fold of each row: clusters in random order, dealt out in turn."""
    number = int(part.max(initial=-1)) + 1
    order = np.random.default_rng(seed).permutation(number)
    return np.asarray((order % FOLDS)[part], dtype=np.int64)


def twins_decided_differently(decided: DecisionArrays) -> list[tuple[int, int]]:
    """Returns the pairs of rows, lower first, that look the same to every feature and have opposite labels.

    Followers known less than half are left out: emptiness makes no twins.
    """
    telling = np.flatnonzero(np.isfinite(decided.matrix).mean(axis=1) >= ENOUGH_KNOWN)
    if len(telling) < 2:
        return []
    from sklearn.neighbors import NearestNeighbors

    scaled = _scaled(decided.matrix[telling])
    near = NearestNeighbors(radius=NEAR, metric="chebyshev").fit(scaled).radius_neighbors(scaled, return_distance=False)
    spam = decided.spam[telling]
    return [
        (int(telling[row]), int(telling[other]))
        for row, others in enumerate(near)
        for other in np.sort(others)
        if other > row and spam[row] != spam[other]
    ]


def _scaled(matrix: Matrix) -> Floats:
    """Scales each feature to units of its spread; unknown is far from all that is known."""
    values = matrix.astype(np.float64)
    known = ~np.isnan(values)
    for number, column in enumerate(values.T):
        if known[:, number].any():
            low, high = np.nanpercentile(column, (5.0, 95.0))
            values[:, number] = np.clip(column / max(high - low, 1e-9), -FAR / 2, FAR / 2)
    return np.where(known, values, FAR)
