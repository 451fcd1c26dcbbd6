"""Grows the forest: extremely randomised trees on the public sets, made blind to where a row comes from.

Three things keep a set from giving its rows away. Each family of sets holds as much spam as genuine weight, so that
knowing the set says nothing about the answer. A value that a set doesn't have is drawn, for every tree anew, from the
rows that have one, whatever their answer. And known values are struck out and redrawn at random, so that no feature is
leaned on alone: X may leave out likes and lists.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.tree import ExtraTreeClassifier

from followguard.learning.features import Matrix
from followguard.learning.forest import Forest
from followguard.learning.planting import Tree, forest_of
from followguard.learning.samples import Flags, Floats, Names, Samples, capped, weights_at

FAMILIES = {"cresci-2017": "cresci", "cresci-2015": "cresci", "caverlee-2011": "caverlee", "human-bots-2020": "2020"}
"""Sets by the same people on the same years are one family: neither of Cresci's holds both answers in all kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a forest is grown. Weights are relative; a set that isn't named weighs as much as Caverlee's."""

    trees: int = 100
    rows_a_leaf: int = 60
    struck_out: float = 0.4
    most_rows_a_group: int = 3500
    leaf_prior: float = 2.0
    cresci_weight: float = 3.0
    other_weight: float = 1.0


def grow(samples: Samples, recipe: Recipe, seed: int) -> Forest:
    """A forest whose score is the mean of its trees' log-odds at even odds. The same input gives the same forest."""
    rng = np.random.default_rng(seed)
    kept = capped(two_sided(samples), recipe.most_rows_a_group, rng)
    weights = family_weights(kept, recipe)
    donors = _Donors(kept.matrix, weights)
    trees = [_grown(kept, weights, donors.filled(rng, recipe.struck_out), recipe, rng) for _ in range(recipe.trees)]
    return forest_of(trees, kept.matrix.shape[1])


def families_of(samples: Samples) -> Names:
    """The family of sets that each row comes from."""
    return np.array([FAMILIES.get(str(source), str(source)) for source in samples.source], dtype=np.str_)


def two_sided(samples: Samples) -> Samples:
    """Without families that hold one answer only: they would teach nothing but their own name."""
    families = families_of(samples)
    spam, genuine = set(families[samples.spam]), set(families[~samples.spam])
    return samples.where(np.isin(families, sorted(spam & genuine)))


def family_weights(samples: Samples, recipe: Recipe) -> Floats:
    """Weights with mean 1: in every family spam and genuine weigh the same, and each group the same in its label."""
    families = families_of(samples)
    weights = np.zeros(len(samples))
    for family in np.unique(families):
        rows = families == family
        share = recipe.cresci_weight if family == "cresci" else recipe.other_weight
        weights[rows] = share * weights_at(0.5, samples.where(rows)) / rows.sum()
    return np.asarray(weights * len(samples) / weights.sum())


class _Donors:
    """Where missing and struck out values are drawn from: the rows that have the value, by weight."""

    def __init__(self, matrix: Matrix, weights: Floats) -> None:
        self.matrix = matrix
        self.unknown: Flags = np.isnan(matrix)
        self.rows = [np.flatnonzero(~column) for column in self.unknown.T]
        self.reach = [np.cumsum(weights[rows]) for rows in self.rows]

    def filled(self, rng: np.random.Generator, struck_out: float) -> Matrix:
        """A copy without gaps."""
        gaps = self.unknown | (rng.random(self.matrix.shape) < struck_out)
        filled = self.matrix.copy()
        for number in range(self.matrix.shape[1]):
            open_rows = np.flatnonzero(gaps[:, number])
            filled[open_rows, number] = self._drawn(number, len(open_rows), rng)
        return filled

    def _drawn(self, number: int, many: int, rng: np.random.Generator) -> Matrix:
        """Values of one column, at even steps of weight from a random start, shuffled; 0 where no row has one."""
        rows, reach = self.rows[number], self.reach[number]
        if not len(rows):
            return np.zeros(many, dtype=np.float32)
        steps = (np.arange(many) + rng.random()) / max(many, 1) * reach[-1]
        picks = np.minimum(np.searchsorted(reach, steps, side="right"), len(rows) - 1)
        return np.asarray(self.matrix[rows[picks], number])[rng.permutation(many)]


def _grown(samples: Samples, weights: Floats, filled: Matrix, recipe: Recipe, rng: np.random.Generator) -> Tree:
    fitted = ExtraTreeClassifier(
        max_features="sqrt", min_samples_leaf=recipe.rows_a_leaf, random_state=int(rng.integers(2**31))
    )
    nodes = fitted.fit(filled, samples.spam, sample_weight=weights).tree_
    mass = nodes.weighted_n_node_samples
    genuine, spam = (nodes.value[:, 0, label] * mass + recipe.leaf_prior for label in (0, 1))
    return Tree(
        feature=nodes.feature,
        threshold=nodes.threshold,
        left=nodes.children_left,
        right=nodes.children_right,
        share=np.where(nodes.children_left >= 0, mass[nodes.children_left] / mass, 0.0),
        value=np.log(spam / genuine),
    )
