"""The house model: starts as the base model, moves with decisions, and stays a sum of what each feature says."""

import math
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from followguard.classifier.metrics import auc
from followguard.classifier.model import Model, content_hash, probabilities, scores
from followguard.classifier.scoring import Scorer
from followguard.domain.labels import LabelledProfile
from followguard.training.house.base_rate import base_logit_from_labels
from followguard.training.house.decisions import DecisionArrays, clusters
from followguard.training.house.model import train_house
from tests.builders.places import ROOT

FRESH_PROCESS = """
from tests.builders.labelled import decided_of, labelled_rows
from followguard.training.base.fitting import Recipe
from followguard.training.house.model import train_house
from followguard.classifier.model import content_hash
from followguard.training.base.samples import samples_of
from followguard.training.base.training import train
samples = samples_of(labelled_rows())
base = train(samples, 7, Recipe(bins=8, rounds=1))
print(content_hash(train_house(base, decided_of(samples), 3).parts()))
"""


def test_a_house_model_is_the_same_in_another_process(scorer: Scorer, decided: DecisionArrays) -> None:
    """Nothing but the base, the decisions and the seed goes into it."""
    here = content_hash(train_house(scorer.model, decided, 3).parts())
    command = [sys.executable, "-c", FRESH_PROCESS]
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    there = subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout.strip()
    assert there == here


def test_one_label_alone_moves_nothing(scorer: Scorer, decided: DecisionArrays) -> None:
    """Approvals only, rejections only, or nothing at all: the base model comes back."""
    for rows in (~decided.spam, decided.spam, np.zeros(len(decided), dtype=bool)):
        assert train_house(scorer.model, decided.where(rows), 3) is scorer.model


def test_decisions_against_the_base_turn_it(scorer: Scorer, decided: DecisionArrays) -> None:
    """A company whose likes and dislikes are the other way round is followed."""
    turned = replace(decided, spam=~decided.spam)
    house = train_house(scorer.model, turned, 3)
    before = auc(turned.spam, probabilities(scorer.model, turned.matrix))
    after = auc(turned.spam, probabilities(house, turned.matrix))
    assert before == 0.0
    assert after == 1.0


def test_a_handful_of_decisions_moves_little(scorer: Scorer, decided: DecisionArrays) -> None:
    """Two decisions, one of each kind, leave every score near where it was."""
    few = decided.where(np.array([np.flatnonzero(decided.spam)[0], np.flatnonzero(~decided.spam)[0]]))
    moved = scores(train_house(scorer.model, few, 3), decided.matrix).logit - scores(scorer.model, decided.matrix).logit
    assert np.abs(moved).max() < 1.5


def test_what_is_missing_adds_nothing(scorer: Scorer, decided: DecisionArrays) -> None:
    """Even where all spam lacks a value that everybody genuine has, its absence is no evidence."""
    holes = decided.matrix.copy()
    holes[decided.spam, 0] = np.nan
    house = train_house(scorer.model, replace(decided, matrix=holes), 3)
    contributions = house.contributions(holes)
    assert not contributions[np.isnan(holes)].any()
    empty = scores(house, np.full((1, holes.shape[1]), np.nan, dtype=np.float32))
    assert empty.logit[0] == house.base_logit


def test_reasons_add_up_to_the_score(scorer: Scorer, decided: DecisionArrays, rows: list[LabelledProfile]) -> None:
    """Base, tables, pairs and paths of trees are told of the features they ask about: the weights stay exact."""
    house = train_house(scorer.model, decided.where(np.arange(60)), 3)
    assert house.own is not None
    assert house.own.pairs
    assert house.own.trees is not None
    for verdict in Scorer(house, "house").verdicts([row.profile for row in rows[::20]]):
        logit = math.log(verdict.p_spam / (1.0 - verdict.p_spam))
        assert sum(reason.weight for reason in verdict.reasons) == pytest.approx(logit - house.base_logit, abs=1e-6)


def test_a_house_model_read_back_scores_the_same(scorer: Scorer, decided: DecisionArrays) -> None:
    """Follow, tables, pairs and trees go into the arrays of the file and come back out of them."""
    house = train_house(scorer.model, decided, 3)
    again = Model.of_parts(house.parts())
    assert content_hash(again.parts()) == content_hash(house.parts())
    np.testing.assert_array_equal(probabilities(again, decided.matrix), probabilities(house, decided.matrix))


def test_the_base_rate_is_the_groups_own(scorer: Scorer, decided: DecisionArrays) -> None:
    """Many decisions outweigh the assumed fifth; weights count, so that an audited card stands for many."""
    assumed = scorer.model.base_logit
    own = base_logit_from_labels(scorer.model, decided)
    share = 1.0 / (1.0 + np.exp(-own))
    assert decided.spam.mean() - 0.03 < share < decided.spam.mean()
    heavy = replace(decided, weight=np.where(decided.spam, 0.01, 1.0))
    assert base_logit_from_labels(scorer.model, heavy) < assumed < own


def test_a_weight_of_nothing_is_not_learned(scorer: Scorer, decided: DecisionArrays) -> None:
    """Decisions weighted to 0 don't move the model: the caps can silence somebody."""
    half = np.arange(len(decided)) % 2 == 0
    silenced = replace(decided, spam=np.where(half, decided.spam, ~decided.spam), weight=half.astype(np.float64))
    house = train_house(scorer.model, silenced, 3)
    assert content_hash(house.parts()) == content_hash(train_house(scorer.model, decided.where(half), 3).parts())


def test_decisions_without_a_known_value_are_learned_from(scorer: Scorer, decided: DecisionArrays) -> None:
    """Profiles of which nothing is known tell the base rate and nothing else; one feature alone is enough for a fit."""
    blank = np.full_like(decided.matrix, np.nan)
    house = train_house(scorer.model, replace(decided, matrix=blank), 3)
    assert house.base_logit > scorer.model.base_logit
    one = blank.copy()
    one[:, 2] = decided.matrix[:, 2]
    own = train_house(scorer.model, replace(decided, matrix=one), 3).own
    assert own is not None
    assert not own.pairs


def test_beyond_what_decisions_showed_they_add_nothing(scorer: Scorer, decided: DecisionArrays) -> None:
    """Neither a table nor a pair nor a tree of the group's own speaks of a value that no decision had."""
    house = train_house(scorer.model, decided, 3)
    far = np.full((1, decided.matrix.shape[1]), 1e9, dtype=np.float32)
    assert house.own is not None
    followed = scorer.model.contributions(far) * house.own.follow
    np.testing.assert_array_equal(house.contributions(far), followed)
    assert house.beyond(far).all()


def test_nights_and_batches_that_share_a_decision_are_one_cluster(decided: DecisionArrays) -> None:
    """A batch that came in over two nights ties them together; all else stays apart."""
    batch = decided.batch.astype("U8")
    batch[[0, 45]] = "acme 1"
    found = clusters(replace(decided, batch=batch))
    assert found[0] == found[45] == 0
    assert (found[20], found[60]) == (1, 2)
    assert found.max() == len(np.unique(decided.night)) - 2


def test_decisions_of_unequal_lengths_are_refused(decided: DecisionArrays) -> None:
    """Arrays that don't belong together never become a training set."""
    with pytest.raises(ValueError, match="one length"):
        replace(decided, weight=decided.weight[:-1])


def test_alone_scores_as_among_others(scorer: Scorer, decided: DecisionArrays) -> None:
    """One row gets the same number by itself as in a block, whatever is unknown of it."""
    house = train_house(scorer.model, decided.where(np.arange(100)), 3)
    rows = np.where(np.random.default_rng(2).random(decided.matrix.shape) < 0.2, np.float32(np.nan), decided.matrix)
    together = scores(house, rows).logit
    assert [scores(house, rows[n : n + 1]).logit[0] for n in range(0, 400, 50)] == together[::50].tolist()
