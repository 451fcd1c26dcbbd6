"""Figures of one population at any share of spam, checked against scikit-learn, by hand and by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from followguard.classifier import metrics
from followguard.training.base.reliability import Interval, Judged, told

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 12)), min_size=2, max_size=80).filter(
    lambda rows: len({spam for spam, _ in rows}) == 2
)


def judged(spam: object, scores: object) -> Judged:
    """A population from plain lists."""
    return Judged(np.array(spam, dtype=bool), np.array(scores, dtype=float))


def meant(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores and answers of a model whose probabilities are true."""
    p_spam = rng.beta(0.6, 1.8, size=rows)
    return rng.random(rows) < p_spam, p_spam


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_ranking_is_what_others_compute(rows: list[tuple[bool, int]]) -> None:
    """AUC, recall at a false positive rate and balanced accuracy agree with scikit-learn and with `metrics`."""
    spam, scores = np.array([row[0] for row in rows]), np.array([row[1] / 12 for row in rows])
    tally = Judged(spam, scores).tally()
    assert tally.auc() == pytest.approx(roc_auc_score(spam, scores))
    assert tally.balanced_accuracy(0.5) == pytest.approx(balanced_accuracy_score(spam, scores >= 0.5))
    for rate in (0.001, 0.01, 0.05, 0.2):
        assert tally.recall_at_fpr(rate) == pytest.approx(metrics.recall_at_fpr(spam, scores, rate))


@settings(max_examples=50, deadline=None)
@given(ROWS, st.sampled_from([0.05, 0.2, 0.5]))
def test_figures_do_not_depend_on_the_share_in_the_set(rows: list[tuple[bool, int]], prevalence: float) -> None:
    """Every spam row written twice changes nothing; Brier agrees with weighted rows."""
    spam, scores = np.array([row[0] for row in rows]), np.array([row[1] / 12 for row in rows])
    tally = Judged(spam, scores).tally()
    doubled = Judged(np.append(spam, spam[spam]), np.append(scores, scores[spam])).tally()
    weights = np.where(spam, prevalence / spam.sum(), (1 - prevalence) / (~spam).sum())
    assert tally.brier(prevalence) == pytest.approx(metrics.brier(spam, scores, weights))
    assert doubled.brier(prevalence) == pytest.approx(tally.brier(prevalence))
    assert doubled.auc() == pytest.approx(tally.auc())


def test_a_true_probability_has_a_small_ece() -> None:
    """Probabilities that are meant come out near 0 at the share they were made for, and far from it at another."""
    spam, p_spam = meant(np.random.default_rng(1), 40_000)
    tally = Judged(spam, p_spam).tally()
    own = float(spam.mean())
    assert tally.ece(own) < 0.01
    assert tally.ece(0.8) > 0.2
    assert Judged(spam, told(p_spam, own, 0.8)).tally().ece(0.8) < 0.02


def test_ece_by_hand() -> None:
    """One score for everybody: one bin, and the error is its distance from the share of spam."""
    tally = judged([1, 0, 0, 1], [0.3] * 4).tally()
    curve = tally.curve(0.2)
    assert tally.ece(0.2) == pytest.approx(0.1)
    assert curve.said.tolist() == pytest.approx([0.3])
    assert curve.came.tolist() == pytest.approx([0.2])
    assert curve.mass.tolist() == pytest.approx([1.0])


def test_the_order_of_rows_makes_no_difference() -> None:
    """Ties fall into one bin, whichever rows stand first in the file."""
    rng = np.random.default_rng(2)
    spam, scores = rng.random(500) < 0.4, rng.integers(0, 20, 500) / 20
    turned = slice(None, None, -1)
    assert Judged(spam, scores).tally().ece(0.2) == Judged(spam[turned], scores[turned]).tally().ece(0.2)


def test_bins_hold_nearly_equal_mass() -> None:
    """Distinct scores spread over fifteen bins of the same weight at the asked share of spam, not the set's."""
    spam, p_spam = meant(np.random.default_rng(3), 20_000)
    mass = Judged(spam, p_spam).tally().curve(0.05).mass
    assert len(mass) == 15
    assert mass.sum() == pytest.approx(1.0)
    assert np.ptp(mass) < 0.002


def test_a_score_on_the_cutoff_reaches_it() -> None:
    """A score on the cutoff reaches it, as in `Cutoffs`: 0.95 is held back at 0.95."""
    assert judged([1, 1, 0], [0.95, 0.94, 0.95]).tally().reaching(0.95) == (0.5, 1.0)


def test_intervals_cover() -> None:
    """In about 95 of 100 populations the interval holds the figure of the whole; the same seed gives the same one."""
    rng = np.random.default_rng(4)
    truth = Judged(*meant(rng, 200_000)).tally().auc()
    held = 0
    for number in range(60):
        found = Interval.of(np.array([t.auc() for t in Judged(*meant(rng, 300)).resampled(number, "a", 200)]))
        held += found.low <= truth <= found.high
    assert held >= 52


def test_draws_are_seeded_and_shared() -> None:
    """Two populations with the same genuine rows resample them alike; spam is drawn by the population's name."""
    spam = np.arange(200) < 100
    scores = np.random.default_rng(5).random(200)
    one, same, other = (next(Judged(spam, scores).resampled(7, name, 1)) for name in ("a", "a", "b"))
    assert np.array_equal(one.spam, same.spam)
    assert np.array_equal(one.genuine, other.genuine)
    assert not np.array_equal(one.spam, other.spam)


def test_one_answer_alone_is_refused() -> None:
    """Nothing can be compared where everybody is spam."""
    with pytest.raises(ValueError, match="spam and genuine"):
        judged([1, 1], [0.2, 0.3])
