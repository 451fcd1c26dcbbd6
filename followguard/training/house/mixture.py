"""The house model's three members, how well each foretells decisions left out, and how much each therefore weighs.

The base, rescaled; the group's own trees; and these trees together with the group's own tables, which start from the
base. A member weighs its prior times exp(- trust * n * its mean loss over five folds): the base gives way as fast as
decisions speak against it. Members are mixed as log-odds, so that the reasons stay a sum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Whole
from followguard.classifier.model import Model
from followguard.classifier.trees import Trees
from followguard.training.house.base_rate import base_logit_from_labels
from followguard.training.house.decisions import NO_BATCH, DecisionArrays
from followguard.training.house.fitting import FitData, HouseRecipe, stretched
from followguard.training.house.own_tables import Moves, fit_moves
from followguard.training.house.own_trees import fit_trees

LEAST_WEIGHT = 0.01
"""A member that weighs less is left out."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members, fitted to some decisions.

    `stretch` (2,): how much more the base counts, and what is added where all values are known.
    """

    base_logit: float
    stretch: Floats
    moves: Moves
    trees: Trees
    told_by: Floats
    """(features,) how much of what the trees say of the decisions stands on each feature, 1 in all."""

    def said(self, terms: Floats, decided: DecisionArrays) -> Floats:
        """Returns (3, n) log-odds by the rescaled base and the tables, and the votes of the trees, uncalibrated."""
        known = (~np.isnan(decided.matrix)).mean(axis=1)
        rescaled = self.base_logit + (1.0 + self.stretch[0]) * terms.sum(axis=1) + self.stretch[1] * known
        votes = self.trees.expected + self.trees.contributions(decided.matrix).sum(axis=1)
        return np.stack([rescaled, self.moves.logit(terms, decided.matrix, self.base_logit), votes])


def fit_members(base: Model, decided: DecisionArrays, recipe: HouseRecipe, trees: int, seed: int) -> Members:
    """Fits all members, with that many trees. Expects both labels, and weights above 0."""
    base_logit = base_logit_from_labels(base, decided, recipe.rate_rows)
    seen = FitData(
        terms=base.contributions(decided.matrix),
        known=~np.isnan(decided.matrix),
        spam=decided.spam.astype(np.float64),
        weight=decided.weight,
        base_logit=base_logit,
    )
    grown = fit_trees(decided.matrix, decided.spam, decided.weight, trees, seed)
    return Members(
        base_logit=base_logit,
        stretch=stretched(seen, recipe.rescale, recipe.shift),
        moves=fit_moves(seen, decided.matrix, recipe),
        trees=grown,
        told_by=_told_by(grown, decided),
    )


def _told_by(trees: Trees, decided: DecisionArrays) -> Floats:
    """Returns each feature's share of what the trees add, in size; 0 where they add nothing."""
    size = np.abs(trees.contributions(decided.matrix)).mean(axis=0)
    return np.asarray(size / size.sum() if size.sum() > 0.0 else size)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much the rescaled base, the trees and the tables weigh, 1 in all; and the trees' vote.

    `vote` (2,): how much more than 1 a vote counts, and what is added to it.
    """

    base: float
    trees: float
    tables: float
    vote: Floats


BASE_ALONE = Weights(1.0, 0.0, 0.0, np.zeros(2))


def weights_of(base: Model, decided: DecisionArrays, recipe: HouseRecipe, seed: int) -> Weights:
    """Weighs the members by what they foretell of decisions left out."""
    asked = _spread_out(decided, recipe.most_rows)
    if min(asked.spam.sum(), (~asked.spam).sum()) < recipe.fewest:
        return BASE_ALONE
    said, rows = _left_out(base, asked, recipe, seed)
    if not rows.any():
        return BASE_ALONE
    told, (rescaled, tables, votes) = asked.where(rows), said[:, rows]
    vote = _vote(votes, told, recipe)
    own = (1.0 + vote[0]) * votes + vote[1]
    share = recipe.tables_in_both
    losses = np.array([_loss(logit, told) for logit in (rescaled, own, (1.0 - share) * own + share * tables)])
    weighed = np.array(recipe.prior) * np.exp(-recipe.trust * decided.weight.sum() * (losses - losses.min()))
    base_weight, trees, both = _shares(weighed, recipe.least_base)
    return Weights(base_weight, trees + (1.0 - share) * both, share * both, vote)


def _shares(weighed: Floats, least_base: float) -> list[float]:
    """Returns shares that make 1; the base, the first, has the least that it is to have."""
    shares = np.where(weighed < LEAST_WEIGHT * weighed.sum(), 0.0, weighed)
    shares /= shares.sum()
    if shares[0] < least_base:
        shares[1:] *= (1.0 - least_base) / shares[1:].sum()
        shares[0] = least_base
    found: list[float] = shares.tolist()
    return found


def _spread_out(decided: DecisionArrays, most: int) -> DecisionArrays:
    """Returns at most so many decisions, spread evenly over all."""
    if len(decided) <= most:
        return decided
    return decided.where(np.linspace(0, len(decided) - 1, most).astype(np.int64))


def _left_out(base: Model, decided: DecisionArrays, recipe: HouseRecipe, seed: int) -> tuple[Floats, Flags]:
    """Returns (3, n) of what members say that hadn't learned from the decision, and which decisions they could tell."""
    fold = folds_of(decided, recipe.folds, seed)
    terms, said, told = base.contributions(decided.matrix), np.zeros((3, len(decided))), np.zeros(len(decided), bool)
    for number in range(recipe.folds):
        out = fold == number
        rest = decided.where(~out)
        if rest.both_labels() and out.any():
            members = fit_members(base, rest, recipe, recipe.trees_asked, seed)
            said[:, out], told[out] = members.said(terms[out], decided.where(out)), True
    return said, told


def folds_of(decided: DecisionArrays, folds: int, seed: int) -> Whole:
    """Returns the fold of each decision, (n,): labels are dealt out evenly, and a batch stays together."""
    rng = np.random.default_rng(seed)
    alone = np.char.add("row ", np.arange(len(decided)).astype(np.str_))
    unit = np.where(decided.batch == NO_BATCH, alone, np.char.add("batch ", decided.batch))
    _, first, of = np.unique(unit, return_index=True, return_inverse=True)
    found = np.zeros(len(first), dtype=np.int64)
    for label in (False, True):
        own = np.flatnonzero(decided.spam[first] == label)
        found[rng.permutation(own)] = np.arange(len(own)) % folds
    return np.asarray(found[of])


def _vote(votes: Floats, told: DecisionArrays, recipe: HouseRecipe) -> Floats:
    """Calibrates votes; those that foretell the opposite count nothing."""
    known: NDArray[np.bool_] = np.ones((len(votes), 1), dtype=bool)
    seen = FitData(votes[:, None], known, told.spam.astype(np.float64), told.weight, 0.0)
    slope, shift = stretched(seen, recipe.vote_slope, recipe.vote_shift)
    return np.array([max(slope, -1.0), shift])


def _loss(logit: Floats, told: DecisionArrays) -> float:
    """Returns the mean log-loss in nats."""
    return float(np.average(np.logaddexp(0.0, logit) - told.spam * logit, weights=told.weight))
