"""The members of the house model: who foretells decisions left out weighs more, and batches stay together."""

from dataclasses import replace

import numpy as np
import pytest

from followguard.classifier.features import FEATURES
from followguard.classifier.scoring import Scorer
from followguard.training.house.decisions import DecisionArrays
from followguard.training.house.fitting import HouseRecipe
from followguard.training.house.mixture import fit_members, folds_of, weights_of
from followguard.training.house.model import train_house
from followguard.training.house.own_trees import fit_trees, redrawn

RECIPE = HouseRecipe(trees=20, trees_asked=10)


def test_a_base_that_is_right_keeps_its_weight(scorer: Scorer, decided: DecisionArrays) -> None:
    """Labels that it foretells leave it what it had; labels by another measure take all of it."""
    followers = decided.matrix[:, [feature.name for feature in FEATURES].index("followers")]
    others = replace(decided, spam=followers > np.median(followers))
    agreed, opposed = (weights_of(scorer.model, each, RECIPE, 3) for each in (decided, others))
    assert agreed.base >= 0.5
    assert opposed.base == RECIPE.least_base
    for found in (agreed, opposed):
        assert found.base + found.trees + found.tables == pytest.approx(1.0)


def test_few_of_a_label_leave_the_base_alone(scorer: Scorer, decided: DecisionArrays) -> None:
    """Four of a kind say nothing of what the group's own trees and tables are worth."""
    rows = np.concatenate([np.flatnonzero(decided.spam)[:4], np.flatnonzero(~decided.spam)[:40]])
    found = weights_of(scorer.model, decided.where(rows), RECIPE, 3)
    assert (found.base, found.trees, found.tables) == (1.0, 0.0, 0.0)
    house = train_house(scorer.model, decided.where(rows), 3, RECIPE)
    assert house.own is not None
    assert house.own.trees is None
    assert not house.own.pairs


def test_a_mixture_is_the_mean_of_its_members(scorer: Scorer, decided: DecisionArrays) -> None:
    """The arrays of the model say what the members say, each as much as it weighs."""
    few = decided.where(np.arange(80))
    weights = weights_of(scorer.model, few, RECIPE, 3)
    members = fit_members(scorer.model, few, RECIPE, RECIPE.trees, 3)
    rescaled, tables, votes = members.said(scorer.model.contributions(few.matrix), few)
    own = (1.0 + weights.vote[0]) * votes + weights.vote[1]
    mixed = weights.base * rescaled + weights.trees * own + weights.tables * tables
    house = train_house(scorer.model, few, 3, RECIPE)
    assert house.own is not None
    house = replace(house, own=replace(house.own, regain=np.zeros_like(house.own.regain)))
    said = house.base_logit + house.contributions(few.matrix).sum(axis=1)
    np.testing.assert_allclose(said, mixed, atol=1e-3)


def test_what_the_trees_cant_see_the_base_tells(scorer: Scorer, decided: DecisionArrays) -> None:
    """Of a follower of whom everything the trees ask for is unknown but one value, the base is followed as it is."""
    few = decided.where(np.arange(80))
    house = train_house(scorer.model, few, 3, RECIPE)
    assert house.own is not None
    assert house.own.trees is not None
    shares = weights_of(scorer.model, few, RECIPE, 3)
    assert house.own.regain.sum() == pytest.approx(shares.trees, abs=1e-4)
    blind = np.full_like(few.matrix[:1], np.nan)
    blind[0, 6] = few.matrix[0, 6]
    base = np.full(blind.shape, 1.0)
    more = house.own.moved(base, blind) - replace(house.own, regain=house.own.regain * 0.0).moved(base, blind)
    np.testing.assert_allclose(more, house.own.regain.sum() - house.own.regain[6], atol=1e-6)


def test_a_batch_stays_in_one_fold(decided: DecisionArrays) -> None:
    """Look-alikes foretell each other; all else is dealt out evenly, label by label."""
    batch = decided.batch.astype("U8")
    batch[10:70] = "acme 1"
    found = folds_of(replace(decided, batch=batch), 5, 3)
    assert len(set(found[10:70])) == 1
    alone = np.delete(np.arange(len(decided)), np.s_[10:70])
    for label in (False, True):
        counts = np.bincount(found[alone][decided.spam[alone] == label], minlength=5)
        assert counts.max() - counts.min() <= 2


def test_the_seed_decides_the_trees(decided: DecisionArrays) -> None:
    """The same seed grows the same trees, another one others; none grows beyond its bound."""
    some = decided.where(np.arange(200))
    first, again, other = (fit_trees(some.matrix, some.spam, some.weight, 5, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.threshold, again.threshold)
    assert first.threshold.tolist() != other.threshold.tolist()
    assert len(first.feature) <= 5 * (2 * 64 - 1)


def test_a_missing_cell_is_drawn_from_the_known_ones() -> None:
    """What is missing tells nothing, even where all spam lacks it; a column of nothing is the same for all."""
    column = np.where(np.arange(40) < 20, np.float32(np.nan), np.arange(40, dtype=np.float32))
    found = redrawn(np.stack([column, np.full(40, np.nan, np.float32)], axis=1), np.random.default_rng(1))
    assert set(found[:20, 0]) <= set(range(20, 40))
    assert (found[20:, 0] == np.arange(20, 40)).all()
    assert not found[:, 1].any()
