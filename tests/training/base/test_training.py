"""Fitting and calibrating: deterministic, balanced, and blind to what a set leaves out."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from followguard.classifier.features import FEATURES
from followguard.classifier.model import Model, content_hash, probabilities
from followguard.training.base import protocol, training
from followguard.training.base.fitting import WITHOUT_LIKES, Recipe, family_weights, fit, two_sided
from followguard.training.base.samples import Samples, capped, weights_at
from followguard.training.base.training import LEAST_SLOPE, PREVALENCE, WRONG_LABELS, fitted_slope, folds, train
from tests.builders.places import ROOT

FRESH_PROCESS = """
from tests.builders.labelled import labelled_rows
from followguard.training.base.fitting import Recipe
from followguard.classifier.model import content_hash
from followguard.training.base.samples import samples_of
from followguard.training.base.training import train
print(content_hash(train(samples_of(labelled_rows()), 7, Recipe(bins=8, rounds=1)).parts()))
"""


def test_the_same_input_gives_the_same_model_in_another_process(samples: Samples, small: Recipe) -> None:
    """Nothing but rows and seed goes into a model: not the process, not the order of a set."""
    here = content_hash(train(samples, 7, small).parts())
    command = [sys.executable, "-c", FRESH_PROCESS]
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    there = subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout.strip()
    assert there == here


def test_another_seed_gives_another_model(samples: Samples, small: Recipe) -> None:
    """The content hash tells models apart."""
    hashes = {content_hash(train(samples, seed, small).parts()) for seed in (7, 8)}
    assert len(hashes) == 2


def test_parts_make_the_same_model(samples: Samples, small: Recipe) -> None:
    """A model read back from its arrays scores the same to the last bit."""
    model = train(samples, 7, small)
    again = Model.of_parts(model.parts())
    np.testing.assert_array_equal(probabilities(model, samples.matrix), probabilities(again, samples.matrix))


def test_spam_and_genuine_weigh_the_same_in_every_family(samples: Samples) -> None:
    """Knowing the set says nothing about the answer, and a small group weighs as much as a large one."""
    uneven = samples.where(~((samples.group == "fake_followers") & (np.arange(len(samples)) % 4 > 0)))
    weights = family_weights(uneven, Recipe())
    for own in (uneven.source == "cresci-2017", uneven.source == "caverlee-2011"):
        assert weights[own & uneven.spam].sum() == pytest.approx(weights[own & ~uneven.spam].sum())
    by_group = [weights[uneven.group == name].sum() for name in ("fake_followers", "social_spambots_1")]
    assert by_group[0] == pytest.approx(by_group[1])


def test_a_family_with_one_answer_is_left_out(samples: Samples) -> None:
    """Without its spam, a set would only teach that its name means genuine."""
    kept = two_sided(samples.where(samples.group != "caverlee_polluters"))
    assert set(kept.source) == {"cresci-2017"}


def test_what_a_set_lacks_is_no_evidence(samples: Samples, small: Recipe) -> None:
    """A feature missing in all rows but one group's doesn't give that group away when it is missing in a follower."""
    bio = samples.matrix.copy()
    bio[samples.group != "fake_followers", -1] = np.nan
    bio[samples.group == "fake_followers", -1] = 1.0
    tables = fit(replace(samples, matrix=bio), small, 7)
    assert np.abs(tables.contributions(bio)[:, -1]).max() < 0.02


def test_a_feature_that_no_row_has_is_survived(samples: Samples, small: Recipe) -> None:
    """A wholly missing column trains and contributes nothing."""
    matrix = samples.matrix.copy()
    matrix[:, 0] = np.nan
    tables = fit(replace(samples, matrix=matrix), small, 7)
    assert np.all(tables.contributions(samples.matrix)[:, 0] == 0.0)


def test_tables_find_the_odds_of_a_single_feature(samples: Samples) -> None:
    """Where a value says four to one, its step is the logarithm of that, less the mean step."""
    rng = np.random.default_rng(4)
    told = rng.integers(2, size=len(samples))
    spam = rng.random(len(samples)) < np.where(told == 1, 0.8, 0.2)
    matrix = np.full_like(samples.matrix, np.nan)
    matrix[:, 3] = told
    plain = replace(samples, matrix=matrix, spam=spam, group=np.full(len(spam), "g"), source=np.full(len(spam), "s"))
    steps = fit(plain, Recipe(struck_out=0.0, smooth=0.0, ridge=0.0), 7).steps[3][1:-1]
    odds = [np.mean(spam[told == value]) / np.mean(~spam[told == value]) for value in (0, 1)]
    assert steps[1] - steps[0] == pytest.approx(np.log(odds[1] / odds[0]), abs=1e-3)
    assert np.average(steps, weights=np.bincount(told)) == pytest.approx(0.0, abs=0.2)


def test_each_part_looks_at_its_own_features(samples: Samples) -> None:
    """Where likes are unknown, other tables answer, and they never look at likes."""
    model = replace(train(samples, 7), gated=None)
    blind = samples.matrix.copy()
    blind[:, model.likes] = np.nan
    answers = model.contributions(blind)
    names = [feature.name for feature in FEATURES]
    assert np.all(answers[:, [names.index(name) for name in names if name not in WITHOUT_LIKES]] == 0.0)
    assert np.all(answers[:, names.index("following_rate")] != 0.0)
    assert np.all(
        model.contributions(samples.matrix)[samples.source == "cresci-2017", names.index("tweets_rate")] == 0.0
    )


def test_sets_without_likes_alone_make_one_part(samples: Samples, small: Recipe) -> None:
    """Where nobody's likes are known in training, both parts are the same."""
    model = train(samples.where(samples.source == "caverlee-2011"), 7, small)
    assert model.with_likes.tables is model.without_likes.tables


def test_weights_set_the_prevalence(samples: Samples) -> None:
    """Spam gets the share asked for, whatever the rows hold."""
    weights = weights_at(0.2, samples)
    assert weights[samples.spam].sum() / weights.sum() == pytest.approx(0.2)


def test_large_groups_are_cut(samples: Samples) -> None:
    """No group and label keeps more rows than asked for."""
    kept = capped(samples, 30, np.random.default_rng(1))
    assert len(kept) == 30 * len(samples.cells())


def test_calibration_folds_share_no_spam_group(samples: Samples) -> None:
    """Every row is held out once, and a spam group never stands on both sides."""
    parts = list(folds(samples, 7))
    assert np.sum(parts, axis=0).tolist() == [1] * len(samples)
    for out in parts:
        assert not set(samples.group[out & samples.spam]) & set(samples.group[~out & samples.spam])


def test_the_slope_is_the_one_that_made_the_answers() -> None:
    """Answers drawn from a curve, and then the share that is taken for wrong turned, give back its slope."""
    rng = np.random.default_rng(9)
    scores = rng.normal(size=40_000)
    spam = rng.random(40_000) < 1.0 / (1.0 + np.exp(1.386 - 2.5 * scores))
    spam ^= rng.random(40_000) < WRONG_LABELS
    assert fitted_slope(scores, spam, np.ones(40_000), -1.386) == pytest.approx(2.5, abs=0.15)


def test_a_few_wrong_labels_at_the_far_end_dont_flatten_the_slope() -> None:
    """Ten of 40,000 genuine accounts that look like spam through and through take no tenth off the slope."""
    rng = np.random.default_rng(9)
    scores = rng.normal(size=40_000)
    spam = rng.random(40_000) < 1.0 / (1.0 + np.exp(1.386 - 2.5 * scores))
    scores[:10], spam[:10] = 6.0, False
    assert fitted_slope(scores, spam, np.ones(40_000), -1.386) > 2.4


def test_slopes_stay_finite_when_nothing_is_to_be_learned() -> None:
    """Scores of 0, or answers that a curve can't explain, don't overflow."""
    assert fitted_slope(np.zeros(5), np.array([True] * 5), np.ones(5), -1.4) == 1.0
    assert 0.0 < fitted_slope(np.ones(4), np.array([False] * 4), np.ones(4), -1.4) < 1e-3


def test_nothing_known_is_the_assumed_prevalence(samples: Samples, small: Recipe) -> None:
    """p_spam of a follower of whom nothing is known is the share of spam that training assumed."""
    unknown = np.full((1, samples.matrix.shape[1]), np.nan, dtype=np.float32)
    assert probabilities(train(samples, 7, small), unknown)[0] == pytest.approx(PREVALENCE)


def test_a_held_out_group_is_not_trained_on(samples: Samples) -> None:
    """A held-out group's spam and half of Cresci's genuine accounts are unseen, and are measured."""
    case = protocol.held_out(samples, "fake_followers")
    half = protocol.measuring_half(samples)
    assert set(samples.group[case.unseen]) == {"fake_followers", "genuine"}
    assert 20 < half.sum() < 60
    np.testing.assert_array_equal(case.measured, (samples.group == "fake_followers") | half)


def test_a_held_out_set_is_measured_on_its_own_rows(samples: Samples) -> None:
    """With both answers in it, a set needs no other's genuine accounts."""
    case = protocol.held_out(samples, "caverlee-2011")
    assert set(samples.source[case.measured]) == {"caverlee-2011"}


def test_the_half_is_the_same_in_any_order(samples: Samples) -> None:
    """The genuine accounts kept for measuring depend on their ids only."""
    back = samples.where(np.arange(len(samples))[::-1])
    assert set(back.id[protocol.measuring_half(back)]) == set(samples.id[protocol.measuring_half(samples)])


def test_a_model_of_strangers_still_says_something(
    samples: Samples, small: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what was left out scores the wrong way round, the slopes stay at their least and don't vanish."""
    wrong = np.where(samples.spam, -1.0, 1.0)
    monkeypatch.setattr(training, "left_out_scores", lambda *_: (wrong, wrong))
    for slopes in training.calibrated_slopes(samples, small, 7):
        assert slopes[:2] == (LEAST_SLOPE, LEAST_SLOPE)
