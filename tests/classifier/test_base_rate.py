"""The share of spam estimated from scores alone: raised where much speaks for it, else left where it is."""

import numpy as np
import pytest

from followguard.classifier.base_rate import FEWEST, HIGHEST, estimated_rate
from followguard.classifier.columns import Floats, ProfileColumns
from followguard.classifier.scoring import Scorer
from followguard.testing import START, made_up_profile

ASSUMED = 0.20


def scores(share: float, many: int = 1000, spread: float = 2.5) -> Floats:
    """Calibrated scores at a fifth of spam, of followers of whom `share` are spam: the further apart, the surer."""
    rng = np.random.default_rng(1)
    spam = np.arange(many) < share * many
    logit = np.log(ASSUMED / (1 - ASSUMED)) + rng.normal(np.where(spam, spread**2 / 2, -(spread**2) / 2), spread)
    return np.asarray(1 / (1 + np.exp(-logit)))


@pytest.mark.parametrize("share", [0.0, 0.05, 0.20, 0.25])
def test_it_stays_where_it_is_unless_much_speaks_against_it(share: float) -> None:
    """Little spam may be spam that the model doesn't know, so the share is never lowered; chance doesn't raise it."""
    assert estimated_rate(scores(share), ASSUMED) == ASSUMED


def test_it_rises_with_the_spam_and_stops_at_a_bound() -> None:
    """Half of clearly told spam raises the share towards what it is; all of it no further than 40 %."""
    rates = [estimated_rate(scores(share), ASSUMED) for share in (0.25, 0.45, 0.7, 1.0)]
    assert rates == sorted(rates)
    assert ASSUMED < rates[1] <= HIGHEST == rates[3]


def test_scores_that_tell_nothing_move_nothing() -> None:
    """Where the model can't tell spam from people, all scores are near the assumed share, and it stays."""
    assert estimated_rate(scores(1.0, spread=0.3), ASSUMED) == ASSUMED


def test_few_followers_move_nothing() -> None:
    """299 followers aren't enough, however spammy; 300 are."""
    assert estimated_rate(scores(1.0, FEWEST - 1), ASSUMED) == ASSUMED
    assert estimated_rate(scores(1.0, FEWEST), ASSUMED) == HIGHEST


def test_weights_stand_for_rows() -> None:
    """A row that weighs twice counts as two rows; equal weights count as none given."""
    found = scores(0.4)
    twice = np.where(np.arange(len(found)) < 300, 2.0, 1.0)
    doubled = np.concatenate([found, found[:300]])
    assert estimated_rate(found, ASSUMED, twice) == pytest.approx(estimated_rate(doubled, ASSUMED))
    assert estimated_rate(found, ASSUMED, np.ones(len(found))) == estimated_rate(found, ASSUMED)


def test_every_score_moves_by_the_same_log_odds_and_reasons_add_up(shipped: Scorer) -> None:
    """Bayes' rule: another base rate shifts base_logit and every score alike, and leaves the reasons as they are."""
    profiles = [made_up_profile(str(number), START) for number in range(20)]
    moved = shipped.starting_at(shipped.base_logit + 0.7)
    plain, shifted = (each.score(ProfileColumns.from_profiles(profiles)) for each in (shipped, moved))
    assert shifted.logit == pytest.approx(plain.logit + 0.7)
    assert (shifted.contributions == plain.contributions).all()
    for verdict in moved.verdicts(profiles):
        logit = np.log(verdict.p_spam / (1 - verdict.p_spam))
        assert sum(reason.weight for reason in verdict.reasons) == pytest.approx(logit - verdict.base_logit, abs=1e-6)
