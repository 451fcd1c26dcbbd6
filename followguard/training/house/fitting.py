"""The fit behind the house model: a penalised logistic regression that starts from what the base model says.

With no decisions nothing moves. These may move: how far the base is followed, as a whole and for each feature, a
constant for known values, each bin of each feature, and each cell of some pairs of features. All of it is drawn to 0,
as if by a normal distribution with the standard deviations of the recipe; the answer is the likeliest moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag, cho_factor, cho_solve
from scipy.sparse import csr_matrix
from scipy.special import expit

from followguard.classifier.columns import Flags, Floats, Whole

NEWTON_STEPS = 15
CLOSE = 1e-2
"""Nats over all decisions that one more step must be worth."""
LEAST_STEP = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRecipe:
    """How far decisions move the tables; all but the counts are standard deviations of what is expected beforehand.

    In log-odds: `spread` is for bins, `pair_spread` for cells, `constant` for all known values together.
    As a share of what the base says: `slope` for the whole base, `feature_slope` for one feature of it. `smooth` draws
    neighbouring bins together. `rate_rows`: as many decisions count as much as the base's share of spam.
    `paired_features` that tell the most are taken in pairs, in `pair_bins` bins each.
    """

    bins: int = 16
    spread: float = 1.6
    smooth: float = 4.0
    slope: float = 0.25
    feature_slope: float = 0.3
    constant: float = 1.0
    rate_rows: float = 20.0
    paired_features: int = 7
    pair_bins: int = 4
    pair_spread: float = 0.6


@dataclass(frozen=True, slots=True)
class FitData:
    """n decisions as the fit sees them. `terms` is (n, features): what the base's tables add, before their slopes.

    `up` and `down` are the base's slopes of each row, on either side of 0; `trees` (n,) what the base's trees add,
    which doesn't move, and `share` (n,) in [0, 1] how much the tables count beside them.
    """

    terms: Floats
    trees: Floats
    share: Floats
    up: Floats
    down: Floats
    known: Flags
    spam: Floats
    weight: Floats
    base_logit: float
    offset: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "offset", self.terms.sum(axis=1) + self.trees)


def shared_columns(seen: FitData) -> csr_matrix:
    """Returns (n, 2 + features): the whole base, the share of known values, and each feature's part of the base."""
    whole, known = seen.offset[:, None], (seen.share * seen.known.mean(axis=1))[:, None]
    return csr_matrix(np.concatenate([whole, known, seen.terms], axis=1))


def indicators(bins: Whole, size: int, share: Floats) -> csr_matrix:
    """Returns (n, size) with its share for the bin of each row; none where it is `size`, which stands for unknown."""
    rows = np.flatnonzero(bins < size)
    return csr_matrix((share[rows], (rows, bins[rows])), shape=(len(bins), size))


def shared_penalty(features: int, recipe: HouseRecipe) -> Floats:
    """Returns the inverse covariance of what `shared_columns` may move."""
    return np.diag([recipe.slope**-2, recipe.constant**-2, *[recipe.feature_slope**-2] * features])


def smoothing(size: int, smooth: float) -> Floats:
    """Returns the inverse covariance of bins in a row, for a spread of 1."""
    apart = np.diff(np.eye(size), axis=0)
    return np.asarray(smooth * apart.T @ apart + np.eye(size))


def grid_smoothing(rows: int, columns: int, smooth: float) -> Floats:
    """Returns the inverse covariance of cells of a grid, whose neighbours are in both directions."""
    across, along = smoothing(rows, smooth) - np.eye(rows), smoothing(columns, smooth) - np.eye(columns)
    return np.asarray(np.kron(across, np.eye(columns)) + np.kron(np.eye(rows), along) + np.eye(rows * columns))


def fitted(seen: FitData, design: csr_matrix, penalty: Floats, start: Floats) -> Floats:
    """Finds the likeliest moves by Newton's method from `start`, each step halved until it doesn't hurt."""
    moves, turned = start, design.T.tocsr()
    value = _objective(seen, design, penalty, moves)
    for _ in range(NEWTON_STEPS):
        climb, curve = _slope_and_curve(seen, (design, turned), penalty, moves)
        towards, step = cho_solve(cho_factor(curve, lower=True), climb), 1.0
        while (new := _objective(seen, design, penalty, moves + step * towards)) < value:
            step /= 2.0
            if step < LEAST_STEP:
                return moves
        moves, gained, value = moves + step * towards, new - value, new
        if gained < CLOSE:
            break
    return moves


def block(penalties: Sequence[Floats]) -> Floats:
    """Joins independent penalties into one."""
    return np.asarray(block_diag(*penalties))


def _slope_and_curve(
    seen: FitData, design: tuple[csr_matrix, csr_matrix], penalty: Floats, moves: Floats
) -> tuple[Floats, NDArray[np.float64]]:
    total = seen.offset + design[0] @ moves
    bend = np.where(total > 0.0, seen.up, seen.down)
    p_spam = expit(seen.base_logit + bend * total)
    climb = design[1] @ (seen.weight * bend * (seen.spam - p_spam)) - penalty @ moves
    heavy = design[0].multiply((seen.weight * p_spam * (1.0 - p_spam) * bend**2)[:, None]).tocsr()
    return climb, (design[1] @ heavy).toarray() + penalty


def _objective(seen: FitData, design: csr_matrix, penalty: Floats, moves: Floats) -> float:
    total = seen.offset + design @ moves
    logit = seen.base_logit + np.where(total > 0.0, seen.up, seen.down) * total
    likelihood = seen.weight * (seen.spam * logit - np.logaddexp(0.0, logit))
    return float(likelihood.sum() - 0.5 * moves @ penalty @ moves)
