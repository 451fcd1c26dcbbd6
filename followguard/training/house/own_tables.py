"""The house model's own tables: how far the base is followed, and what bins and pairs of features add to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import sparse

from followguard.classifier.columns import Floats, Matrix, Whole
from followguard.classifier.pairs import FeaturePair
from followguard.classifier.tables import Tables, bins_of, edges_of
from followguard.training.house import fitting
from followguard.training.house.fitting import FitData, HouseRecipe

DECIMALS = 6
SHARED = 2
"""Columns before those of single features: the whole base, and a constant."""


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves learned, in log-odds.

    `follow` is (features,): 1 follows the base as it is. `constant` is what a row gains all of whose values are known.
    `cuts` and `steps` are one array of edges, and one of bins, for each feature; `matrix` are the decisions' values.
    """

    follow: Floats
    constant: float
    cuts: tuple[Matrix, ...]
    steps: tuple[Floats, ...]
    pairs: tuple[FeaturePair, ...]
    matrix: Matrix

    def logit(self, terms: Floats, matrix: Matrix, base_logit: float) -> Floats:
        """Returns (n,) log-odds of rows of which the base says `terms`."""
        found = self.tables(1.0, self.constant).contributions(matrix)
        for pair in self.pairs:
            pair.add_to(found, matrix)
        return np.asarray(base_logit + terms @ self.follow + found.sum(axis=1))

    def tables(self, share: float, constant: float) -> Tables:
        """Returns a share of the steps and the whole constant as tables, with 0 beyond what the decisions showed."""
        each = constant / len(self.steps)
        made = [
            _table(cuts, share * steps + each, reach_of(column))
            for cuts, steps, column in zip(self.cuts, self.steps, self.matrix.T, strict=True)
        ]
        return Tables(tuple(edges for edges, _ in made), tuple(steps for _, steps in made))


def reach_of(column: Matrix) -> Matrix:
    """Returns the edges below the least and on the greatest known value; none where no value is known."""
    known = column[~np.isnan(column)]
    if not len(known):
        return np.zeros(0, dtype=np.float32)
    return np.array([np.nextafter(known.min(), np.float32(-np.inf)), known.max()], dtype=np.float32)


def _table(cuts: Matrix, steps: Floats, reach: Matrix) -> tuple[Matrix, Floats]:
    if not len(reach):
        return reach, np.zeros(1)
    return _within(cuts, reach), np.pad(np.round(steps, DECIMALS), 1)


def _within(cuts: Matrix, reach: Matrix) -> Matrix:
    edges: Matrix = np.concatenate([reach[:1], cuts, reach[1:]])
    return edges


def pair_of(pair: tuple[int, int], cuts: Mapping[int, Matrix], steps: Floats, matrix: Matrix) -> FeaturePair:
    """Returns the table of two features, with cells of 0 around what the decisions showed."""
    first, second = (_within(cuts[number], reach_of(matrix[:, number])) for number in pair)
    return FeaturePair(*pair, first, second, np.pad(np.round(steps, DECIMALS), 1))


def fit_moves(seen: FitData, matrix: Matrix, recipe: HouseRecipe) -> Moves:
    """Fits single features, then everything with the pairs of those that tell the most."""
    fit = _Fit.of(seen, matrix, recipe)
    singles = fit.singles()
    return fit.with_pairs(singles, fit.paired(singles))


@dataclass(frozen=True, slots=True)
class _Fit:
    """The decisions in bins: `cuts` and `bins` of each feature."""

    seen: FitData
    matrix: Matrix
    recipe: HouseRecipe
    cuts: tuple[Matrix, ...]
    bins: tuple[Whole, ...]

    @classmethod
    def of(cls, seen: FitData, matrix: Matrix, recipe: HouseRecipe) -> "_Fit":
        cuts = tuple(edges_of(column, seen.weight, recipe.bins) for column in matrix.T)
        bins = tuple(bins_of(column, own) for column, own in zip(matrix.T, cuts, strict=True))
        return cls(seen, matrix, recipe, cuts, bins)

    def singles(self) -> Floats:
        """Fits single features only."""
        return fitting.fitted(self.seen, self._design(), self._penalty(), np.zeros(self._columns()))

    def paired(self, moves: Floats) -> list[int]:
        """Returns the features whose tables, as moved, tell rows apart the most."""
        steps, follow = self._steps(moves), self._follow(moves)
        telling = []
        for number, (own, bins) in enumerate(zip(steps, self.bins, strict=True)):
            said = follow[number] * self.seen.terms[:, number] + np.append(own, 0.0)[bins]
            telling.append(float(np.var(said)))
        ranked = np.argsort(-np.round(telling, DECIMALS), kind="stable")[: self.recipe.paired_features]
        return sorted(int(number) for number in ranked if telling[number] > 0.0 and len(self.cuts[number]))

    def with_pairs(self, singles: Floats, chosen: list[int]) -> Moves:
        """Fits everything together."""
        recipe, matrix = self.recipe, self.matrix
        cuts = {n: edges_of(matrix[:, n], self.seen.weight, recipe.pair_bins) for n in chosen}
        pairs = list(combinations(chosen, 2))
        shapes = [(len(cuts[first]) + 1, len(cuts[second]) + 1) for first, second in pairs]
        cells = [_cells(matrix, cuts, pair) for pair in pairs]
        design = sparse.hstack([self._design(), *cells]).tocsr()
        smooth = fitting.block([np.zeros((0, 0)), *[fitting.grid_smoothing(*shape, smooth=1.0) for shape in shapes]])
        penalty = fitting.block([self._penalty(), smooth / recipe.pair_spread**2])
        start = np.concatenate([singles, np.zeros(len(smooth))])
        found = fitting.fitted(self.seen, design, penalty, start)
        steps = np.split(found[len(singles) :], np.cumsum([a * b for a, b in shapes])[:-1]) if pairs else []
        grids = [
            pair_of(pair, cuts, cell.reshape(shape), matrix)
            for pair, cell, shape in zip(pairs, steps, shapes, strict=True)
        ]
        own = found[: len(singles)]
        return Moves(self._follow(own), float(own[1]), self.cuts, tuple(self._steps(own)), tuple(grids), matrix)

    def _columns(self) -> int:
        return SHARED + len(self.cuts) + sum(len(own) + 1 for own in self.cuts)

    def _design(self) -> sparse.csr_matrix:
        own = [fitting.indicators(bins, len(cuts) + 1) for bins, cuts in zip(self.bins, self.cuts, strict=True)]
        return sparse.hstack([fitting.shared_columns(self.seen), *own]).tocsr()

    def _penalty(self) -> Floats:
        singles = [fitting.smoothing(len(own) + 1, self.recipe.smooth) / self.recipe.spread**2 for own in self.cuts]
        return fitting.block([fitting.shared_penalty(len(self.cuts), self.recipe), *singles])

    def _follow(self, moves: Floats) -> Floats:
        """Returns (features,): how far each feature of the base is followed; 1 is as it is."""
        return np.asarray(1.0 + moves[0] + moves[SHARED : SHARED + len(self.cuts)])

    def _steps(self, moves: Floats) -> list[Floats]:
        ends = np.cumsum([len(own) + 1 for own in self.cuts])
        return [np.asarray(own) for own in np.split(moves[SHARED + len(self.cuts) :], ends[:-1])]


def _cells(matrix: Matrix, cuts: dict[int, Matrix], pair: tuple[int, int]) -> sparse.csr_matrix:
    """Returns (n, cells) with a 1 for the cell of each row whose two values are known."""
    first, second = (bins_of(matrix[:, number], cuts[number]) for number in pair)
    rows, columns = (len(cuts[number]) + 1 for number in pair)
    known = (first < rows) & (second < columns)
    return fitting.indicators(np.where(known, first * columns + second, rows * columns), rows * columns)
