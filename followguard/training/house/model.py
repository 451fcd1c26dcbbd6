"""The house model: the base model, moved by a model group's own decisions, in tables like the base model's."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import sparse

from followguard.classifier.columns import Floats, Matrix, Whole
from followguard.classifier.model import FeaturePair, Model, Part, base_logit_at
from followguard.classifier.tables import Tables, bins_of, edges_of
from followguard.training.house import fitting
from followguard.training.house.decisions import DecisionArrays
from followguard.training.house.fitting import FitData, HouseRecipe

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves learned, in the scale of the tables, before a part's slopes.

    `follow` is (features,): 1 follows the base as it is. `constant` is what a row gains all of whose values are known.
    `cuts` and `steps` are one array of edges, and one of bins, for each feature.
    """

    follow: Floats
    constant: float
    cuts: tuple[Matrix, ...]
    steps: tuple[Floats, ...]
    pairs: tuple[FeaturePair, ...]


def moved_part(part: Part, moves: Moves, matrix: Matrix) -> Part:
    """Puts the moves into a part of the base model; `matrix` are the decisions' values, for their reach."""
    merged = [
        _merged((edges, steps), moves, number, reach_of(matrix[:, number]))
        for number, (edges, steps) in enumerate(zip(part.tables.edges, part.tables.steps, strict=True))
    ]
    tables = Tables(tuple(edges for edges, _ in merged), tuple(steps for _, steps in merged))
    return Part(tables, part.slope_up, part.slope_down, moves.pairs)


def reach_of(column: Matrix) -> Matrix:
    """Returns the edges below the least and on the greatest known value; none where no value is known."""
    known = column[~np.isnan(column)]
    if not len(known):
        return np.zeros(0, dtype=np.float32)
    return np.array([np.nextafter(known.min(), np.float32(-np.inf)), known.max()], dtype=np.float32)


def _merged(table: tuple[Matrix, Floats], moves: Moves, number: int, reach: Matrix) -> tuple[Matrix, Floats]:
    """Joins the base's table of a feature with its moves: the edges of both, and 0 beyond what either saw."""
    edges, steps = table
    follow = moves.follow[number]
    if not len(reach):
        return edges, np.round(follow * steps, DECIMALS)
    both: Matrix = np.unique(np.concatenate([edges, moves.cuts[number], reach]))
    upper: Matrix = np.append(both, np.float32(np.inf))
    own = moves.steps[number][bins_of(upper, moves.cuts[number])] + moves.constant / len(moves.steps)
    found = follow * steps[bins_of(upper, edges)] + own
    found[[0, -1]] = 0.0
    return both, np.round(found, DECIMALS)


def pair_of(pair: tuple[int, int], cuts: Mapping[int, Matrix], steps: Floats, matrix: Matrix) -> FeaturePair:
    """Returns the table of two features, with cells of 0 around what the decisions showed."""
    first, second = (_within(cuts[number], reach_of(matrix[:, number])) for number in pair)
    return FeaturePair(*pair, first, second, np.pad(np.round(steps, DECIMALS), 1))


def _within(cuts: Matrix, reach: Matrix) -> Matrix:
    edges: Matrix = np.concatenate([reach[:1], cuts, reach[1:]])
    return edges


RECIPE = HouseRecipe()
SHARED = 2
"""Columns before those of single features: the whole base, and a constant."""


def train_house(base: Model, decided: DecisionArrays, seed: int, recipe: HouseRecipe = RECIPE) -> Model:
    """Moves the base model by the decisions; the same base, decisions and seed give the same content hash.

    Nothing is drawn by lot, so every seed gives the same model. Decisions of weight 0 leave no trace. Without both
    labels the base model comes back as it is.
    """
    del seed
    decided = _counted(decided)
    if not decided.both_labels():
        return base
    base_logit = base_logit_from_labels(base, decided, recipe)
    fit = _Fit.of(base, decided, base_logit, recipe)
    singles = fit.singles()
    moves = fit.with_pairs(singles, fit.paired(singles))
    with_likes, without = (moved_part(part, moves, decided.matrix) for part in (base.with_likes, base.without_likes))
    return replace(base, with_likes=with_likes, without_likes=without, base_logit=base_logit)


def _counted(decided: DecisionArrays) -> DecisionArrays:
    """Keeps decisions that weigh something, their weights together as much as equal ones that would tell as much.

    Caps take weight away, audits add it; neither says how many decisions there are. Kish's effective number does:
    (sum w)^2 / sum w^2. The shares stay as they are.
    """
    kept = decided.where(decided.weight > 0.0)
    if not len(kept):
        return kept
    return replace(kept, weight=kept.weight * kept.weight.sum() / np.square(kept.weight).sum())


def base_logit_from_labels(base: Model, decided: DecisionArrays, recipe: HouseRecipe = RECIPE) -> float:
    """Returns the log-odds of the group's share of spam, drawn to the base model's as if by `rate_rows` decisions."""
    assumed = 1.0 / (1.0 + math.exp(-base.base_logit))
    spam, total = float(decided.weight[decided.spam].sum()), float(decided.weight.sum())
    return round(base_logit_at((spam + recipe.rate_rows * assumed) / (total + recipe.rate_rows)), DECIMALS)


@dataclass(frozen=True, slots=True)
class _Fit:
    """The decisions in bins: `cuts` and `bins` of each feature."""

    decided: DecisionArrays
    recipe: HouseRecipe
    seen: FitData
    cuts: tuple[Matrix, ...]
    bins: tuple[Whole, ...]

    @classmethod
    def of(cls, base: Model, decided: DecisionArrays, base_logit: float, recipe: HouseRecipe) -> "_Fit":
        cuts = tuple(edges_of(column, decided.weight, recipe.bins) for column in decided.matrix.T)
        bins = tuple(bins_of(column, own) for column, own in zip(decided.matrix.T, cuts, strict=True))
        return cls(decided, recipe, _evidence(base, decided, base_logit), cuts, bins)

    def singles(self) -> Floats:
        """Fits single features only."""
        return fitting.fitted(self.seen, self._design(), self._penalty(), np.zeros(self._columns()))

    def paired(self, moves: Floats) -> list[int]:
        """Returns the features whose tables, as moved, tell rows apart the most."""
        steps, slopes = self._steps(moves), self._slopes(moves)
        telling = []
        for number, (own, bins) in enumerate(zip(steps, self.bins, strict=True)):
            said = slopes[number] * self.seen.terms[:, number] + self.seen.share * np.append(own, 0.0)[bins]
            telling.append(float(np.var(said)))
        ranked = np.argsort(-np.round(telling, DECIMALS), kind="stable")[: self.recipe.paired_features]
        return sorted(int(number) for number in ranked if telling[number] > 0.0 and len(self.cuts[number]))

    def with_pairs(self, singles: Floats, chosen: list[int]) -> Moves:
        """Fits everything together."""
        recipe, matrix = self.recipe, self.decided.matrix
        cuts = {n: edges_of(matrix[:, n], self.decided.weight, recipe.pair_bins) for n in chosen}
        pairs = list(combinations(chosen, 2))
        shapes = [(len(cuts[first]) + 1, len(cuts[second]) + 1) for first, second in pairs]
        cells = [_cells(matrix, cuts, pair, self.seen.share) for pair in pairs]
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
        return Moves(self._slopes(own), float(own[1]), self.cuts, tuple(self._steps(own)), tuple(grids))

    def _columns(self) -> int:
        return SHARED + len(self.cuts) + sum(len(own) + 1 for own in self.cuts)

    def _design(self) -> sparse.csr_matrix:
        own = [
            fitting.indicators(bins, len(cuts) + 1, self.seen.share)
            for bins, cuts in zip(self.bins, self.cuts, strict=True)
        ]
        return sparse.hstack([fitting.shared_columns(self.seen), *own]).tocsr()

    def _penalty(self) -> Floats:
        singles = [fitting.smoothing(len(own) + 1, self.recipe.smooth) / self.recipe.spread**2 for own in self.cuts]
        return fitting.block([fitting.shared_penalty(len(self.cuts), self.recipe), *singles])

    def _slopes(self, moves: Floats) -> Floats:
        """Returns (features,): how far each feature of the base is followed; 1 is as it is."""
        return np.asarray(1.0 + moves[0] + moves[SHARED : SHARED + len(self.cuts)])

    def _steps(self, moves: Floats) -> list[Floats]:
        ends = np.cumsum([len(own) + 1 for own in self.cuts])
        return [np.asarray(own) for own in np.split(moves[SHARED + len(self.cuts) :], ends[:-1])]


def _cells(matrix: Matrix, cuts: dict[int, Matrix], pair: tuple[int, int], share: Floats) -> sparse.csr_matrix:
    """Returns (n, cells) with a 1 for the cell of each row whose two values are known."""
    first, second = (bins_of(matrix[:, number], cuts[number]) for number in pair)
    rows, columns = (len(cuts[number]) + 1 for number in pair)
    known = (first < rows) & (second < columns)
    return fitting.indicators(np.where(known, first * columns + second, rows * columns), rows * columns, share)


def _evidence(base: Model, decided: DecisionArrays, base_logit: float) -> FitData:
    unknown = np.isnan(decided.matrix[:, base.likes])
    without, with_likes = base.without_likes, base.with_likes
    terms = (part.tables.contributions(decided.matrix) for part in (without, with_likes))
    weight, trees = np.zeros(len(decided)), np.zeros(len(decided))
    if base.gated is not None:
        weight = base.gated.gate.weight(decided.matrix)
        trees = weight * base.gated.trees.contributions(decided.matrix).sum(axis=1)
    return FitData(
        terms=np.where(unknown[:, None], *terms) * (1.0 - weight)[:, None],
        trees=trees,
        share=1.0 - weight,
        up=np.where(unknown, without.slope_up, with_likes.slope_up),
        down=np.where(unknown, without.slope_down, with_likes.slope_down),
        known=~np.isnan(decided.matrix),
        spam=decided.spam.astype(np.float64),
        weight=decided.weight,
        base_logit=base_logit,
    )
