"""The fits behind the house model: penalised logistic regressions that start from what the base model says.

With no decisions nothing moves. What may move is drawn to 0, as if by a normal distribution with the standard
deviations of the recipe; the answer is the likeliest moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """How the members of a house model learn, and how they are mixed.

    `rate_rows`: as many decisions count as much as the base's share of spam. All spreads are standard deviations of
    what is expected beforehand. The base, rescaled: `rescale` of its slope, `shift` in log-odds of a row whose values
    are all known.

    The tables, in log-odds: `spread` is for bins, `pair_spread` for cells, `constant` for all known values together; as
    a share of what the base says: `slope` for the whole base, `feature_slope` for one feature of it. `smooth` draws
    neighbouring bins together. `paired_features` that tell the most are taken in pairs, in `pair_bins` bins each.

    The trees: how many, and how many where only their loss is asked for; `vote_slope` and `vote_shift` are the spreads
    of their calibration.

    `tables_in_both` is the share of the tables where they stand together with the trees. Members weigh as `prior` and
    the losses on `folds` parts say, which are taken of at most `most_rows` decisions; `trust` is how much of a nat
    counts. The base keeps `least_base` of the weight, for it alone knows what no decision showed. Below `fewest`
    decisions of a label it stands alone.
    """

    rate_rows: float = 20.0
    rescale: float = 0.25
    shift: float = 1.0
    bins: int = 16
    spread: float = 1.6
    smooth: float = 4.0
    slope: float = 0.25
    feature_slope: float = 0.3
    constant: float = 1.0
    paired_features: int = 7
    pair_bins: int = 4
    pair_spread: float = 0.6
    trees: int = 100
    trees_asked: int = 50
    vote_slope: float = 0.5
    vote_shift: float = 1.0
    tables_in_both: float = 0.3
    prior: tuple[float, float, float] = (0.7, 0.15, 0.15)
    trust: float = 0.7
    least_base: float = 0.25
    folds: int = 5
    most_rows: int = 600
    fewest: int = 5


@dataclass(frozen=True, slots=True)
class FitData:
    """n decisions as the fit sees them. `terms` is (n, features): what the base model adds to the log-odds."""

    terms: Floats
    known: Flags
    spam: Floats
    weight: Floats
    base_logit: float

    @property
    def offset(self) -> Floats:
        """Returns (n,): the base model's sum of terms."""
        return np.asarray(self.terms.sum(axis=1))


def stretched(seen: FitData, slope: float, shift: float) -> Floats:
    """Returns how much more the whole of `terms` counts, and what is added to a row of which everything is known."""
    design = csr_matrix(np.stack([seen.offset, seen.known.mean(axis=1)], axis=1))
    return fitted(seen, design, np.diag([slope**-2, shift**-2]), np.zeros(2))


def shared_columns(seen: FitData) -> csr_matrix:
    """Returns (n, 2 + features): the whole base, the share of known values, and each feature's part of the base."""
    whole, known = seen.offset[:, None], seen.known.mean(axis=1)[:, None]
    return csr_matrix(np.concatenate([whole, known, seen.terms], axis=1))


def indicators(bins: Whole, size: int) -> csr_matrix:
    """Returns (n, size) with a 1 for the bin of each row; none where it is `size`, which stands for unknown."""
    rows = np.flatnonzero(bins < size)
    return csr_matrix((np.ones(len(rows)), (rows, bins[rows])), shape=(len(bins), size))


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
    p_spam = expit(seen.base_logit + seen.offset + design[0] @ moves)
    climb = design[1] @ (seen.weight * (seen.spam - p_spam)) - penalty @ moves
    heavy = design[0].multiply((seen.weight * p_spam * (1.0 - p_spam))[:, None]).tocsr()
    return climb, (design[1] @ heavy).toarray() + penalty


def _objective(seen: FitData, design: csr_matrix, penalty: Floats, moves: Floats) -> float:
    logit = seen.base_logit + seen.offset + design @ moves
    likelihood = seen.weight * (seen.spam * logit - np.logaddexp(0.0, logit))
    return float(likelihood.sum() - 0.5 * moves @ penalty @ moves)
