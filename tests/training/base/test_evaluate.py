"""`model evaluate`: figures that can be checked by hand."""

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from followguard.classifier import metrics
from followguard.classifier.scoring import Scorer
from followguard.domain.follower import Profile
from followguard.domain.labels import LabelledProfile
from followguard.domain.policy import Policy
from followguard.errors import UsageError
from followguard.training.base.evaluate import evaluate

CUTOFFS = Policy().cutoffs
KEYS = [
    "model",
    "rows",
    "skipped",
    "prevalence",
    "auc",
    "average_precision",
    "brier",
    "ece",
    "recall_at_fpr",
    "bands",
    "by_group",
]


def test_the_document_has_its_keys(scorer: Scorer, rows: list[LabelledProfile]) -> None:
    """Every key of the contract is there, and all of it is JSON."""
    found = json.loads(json.dumps(evaluate(scorer, rows, CUTOFFS, skipped=2)))
    assert list(found) == KEYS
    assert (found["model"], found["rows"], found["skipped"]) == ("made-up", 400, 2)
    assert list(found["recall_at_fpr"]) == ["0.001", "0.01", "0.05"]
    assert found["auc"] > 0.95


def test_bands_count_every_row_once(scorer: Scorer, rows: list[LabelledProfile]) -> None:
    """The bands of the whole are the sum of the groups' bands."""
    found = evaluate(scorer, rows, CUTOFFS)
    counted = [count for band in found["bands"].values() for count in band.values()]
    in_groups = [n for group in found["by_group"].values() for band in group["bands"].values() for n in band.values()]
    assert sum(counted) == sum(in_groups) == len(rows)
    assert set(found["bands"]) == {"genuine", "unsure", "spam"}


def test_a_spam_group_is_compared_with_all_genuine_rows(scorer: Scorer, rows: list[LabelledProfile]) -> None:
    """A group of one answer still has an AUC, against the rows of the other answer."""
    found = evaluate(scorer, rows, CUTOFFS)
    group = found["by_group"]["fake_followers"]
    assert (group["rows"], group["spam"]) == (80, 80)
    assert group["auc"] > 0.9


@pytest.mark.parametrize("spam", [True, False])
def test_one_answer_only_leaves_comparisons_open(scorer: Scorer, rows: list[LabelledProfile], spam: bool) -> None:
    """With one class there is nothing to rank: None, while Brier and ECE are given."""
    found = evaluate(scorer, [row for row in rows if row.spam is spam], CUTOFFS)
    assert (found["auc"], found["average_precision"]) == (None, None)
    assert set(found["recall_at_fpr"].values()) == {None}
    assert 0.0 <= found["brier"] <= 1.0
    assert found["prevalence"] == float(spam)


def test_no_row_is_wrong_usage(scorer: Scorer) -> None:
    """A file without labels is told what it lacks."""
    with pytest.raises(UsageError, match="3 skipped") as caught:
        evaluate(scorer, [], CUTOFFS, skipped=3)
    assert "label" in caught.value.next_step


def test_figures_are_of_the_very_rows(scorer: Scorer, rows: list[LabelledProfile]) -> None:
    """Turned labels turn the AUC round, so the figures are of the very rows."""
    turned = [replace(row, spam=not row.spam) for row in rows]
    straight, back = (evaluate(scorer, each, CUTOFFS)["auc"] for each in (rows, turned))
    assert straight + back == pytest.approx(1.0)


def test_one_labelled_row_is_enough(scorer: Scorer, profile: Callable[..., Profile]) -> None:
    """The smallest file gets an answer."""
    row = LabelledProfile(profile=profile(), spam=True, group="g", source="file")
    assert evaluate(scorer, [row], CUTOFFS)["brier"] == pytest.approx(0.64)


SPAM = np.array([False, False, False, True, True])
SCORES = np.array([0.1, 0.2, 0.6, 0.6, 0.9])


def test_recall_counts_only_what_stands_above_the_genuine() -> None:
    """At FPR 0 a tie with a genuine row isn't found; at 40 % one genuine row may be passed."""
    assert metrics.recall_at_fpr(SPAM, SCORES, 0.01) == 0.5
    assert metrics.recall_at_fpr(SPAM, SCORES, 0.4) == 1.0


def test_calibration_error_is_zero_for_a_true_probability_and_the_gap_for_a_false_one() -> None:
    """A probability of .3 for a share of .3 has no error; one of .5 has .2."""
    spam = np.array([True] * 30 + [False] * 70)
    shuffled = np.random.default_rng(1).permutation(spam)
    even = np.ones(100)
    assert metrics.ece(shuffled[:], np.full(100, 0.5), even) == pytest.approx(0.2, abs=0.12)
    assert metrics.ece(np.array([True, False]), np.array([1.0, 0.0]), np.ones(2)) == 0.0
    assert metrics.brier(np.array([True, False]), np.array([0.5, 0.5]), np.ones(2)) == 0.25
