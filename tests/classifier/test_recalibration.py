"""The update of intercept and slope by random decisions: what it says of much, little and no evidence."""

import numpy as np
import pytest

from followguard.classifier.columns import Flags, Floats
from followguard.classifier.recalibration import UNMOVED, Recalibration, recalibrated

START = -1.4


def decided(many: int, intercept: float, slope: float, seed: int = 1) -> tuple[Floats, Flags]:
    """Sums of contributions, and answers as often spam as this intercept and slope say."""
    rng = np.random.default_rng(seed)
    sums = rng.normal(0.0, 2.0, many)
    return sums, rng.random(many) < 1.0 / (1.0 + np.exp(-(START + intercept + slope * sums)))


def ece_like(sums: Floats, truth: Recalibration, found: Recalibration) -> float:
    """The mean distance between the true and the found probability."""
    both = [1.0 / (1.0 + np.exp(-(START + one.intercept + one.slope * sums))) for one in (truth, found)]
    return float(np.abs(both[0] - both[1]).mean())


@pytest.mark.parametrize("truth", [Recalibration(1.5, 0.5), Recalibration(-1.0, 2.0), Recalibration(0.0, 1.0)])
def test_many_decisions_find_the_truth(truth: Recalibration) -> None:
    """From 20,000 decisions the prior is forgotten."""
    found = recalibrated(*decided(20_000, truth.intercept, truth.slope), START)
    assert found.intercept == pytest.approx(truth.intercept, abs=0.1)
    assert found.slope == pytest.approx(truth.slope, rel=0.1)


def test_twenty_five_decisions_come_nearer_to_the_truth() -> None:
    """Over a hundred samples of 25 the mean distance is less than half of what it was."""
    truth = Recalibration(1.5, 0.5)
    sums, _ = decided(2000, 1.5, 0.5)
    after = [ece_like(sums, truth, recalibrated(*decided(25, 1.5, 0.5, seed), START)) for seed in range(100)]
    assert np.mean(after) < ece_like(sums, truth, UNMOVED) / 2


def test_the_mode_is_where_prior_and_likelihood_balance() -> None:
    """No step from the mode loses less; measured on a grid around it, with the prior's widths written out."""
    sums, spam = decided(25, 1.0, 1.0)
    found = recalibrated(sums, spam, START)

    def loss(intercept: float, log_slope: float) -> float:
        logit = START + intercept + np.exp(log_slope) * sums
        said = np.logaddexp(0.0, logit) - spam * logit
        return float(said.sum() + intercept**2 / (2 * 2.5**2) + log_slope**2 / (2 * 1.0**2))

    at = loss(found.intercept, np.log(found.slope))
    steps = [(a, b) for a in (-0.01, 0.0, 0.01) for b in (-0.01, 0.0, 0.01) if (a, b) != (0.0, 0.0)]
    assert all(loss(found.intercept + a, np.log(found.slope) + b) > at for a, b in steps)


def test_nothing_decided_moves_nothing() -> None:
    """Without a decision intercept and slope are the prior's modes."""
    assert recalibrated(np.array([]), np.array([], dtype=bool), START) == UNMOVED


@pytest.mark.parametrize("spam", [True, False])
def test_one_answer_alone_stays_finite(spam: bool) -> None:
    """25 times the same answer, whatever the scores say, move the intercept to that side, within the priors."""
    sums = np.linspace(-8.0, 8.0, 25)
    found = recalibrated(sums, np.full(25, spam), START)
    assert (found.intercept > 0.0) is spam
    assert abs(found.intercept) < 4 * 2.5
    assert 0.01 < found.slope < 20.0


def test_the_order_of_decisions_does_not_matter() -> None:
    """The same decisions in another order give the same figures to the last digit kept."""
    sums, spam = decided(40, 1.0, 0.7)
    other = np.random.default_rng(2).permutation(40)
    assert recalibrated(sums, spam, START) == recalibrated(sums[other], spam[other], START)
