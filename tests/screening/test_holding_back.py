"""Holding back: how it is earned, and followers who are never held back."""

from dataclasses import replace
from datetime import timedelta
from math import exp, log

import pytest
from scipy.stats import beta

from followguard.domain.policy import HoldingBack, Policy
from followguard.screening.holding_back import (
    EarlyPrediction,
    HoldEvidence,
    earned,
    may_hold_back,
    only_lacks_data,
    upper_bound,
)
from followguard.testing import START, made_up_profile

SPAM = HoldEvidence(item=1, kind="reject", reason="spam", real=False, asked=False, p_spam=0.97, model="m")
REAL = replace(SPAM, kind="approve", reason=None)


@pytest.mark.parametrize(
    ("wrong", "decided"), [(0, 1), (0, 59), (0, 60), (1, 60), (1, 93), (5, 300), (40, 2000), (59, 60), (3, 20_000)]
)
def test_bound_is_clopper_pearsons(wrong: int, decided: int) -> None:
    """The bisection gives the exact one-sided 95 % bound, as the beta distribution does."""
    assert upper_bound(wrong, decided) == pytest.approx(beta.ppf(0.95, wrong + 1, decided - wrong), abs=1e-9)


def test_sixty_without_a_mistake_are_enough() -> None:
    """60 decided and none wrong bound the share at 4.87 %; nothing decided bounds nothing."""
    assert upper_bound(0, 60) == pytest.approx(0.0487, abs=5e-5)
    assert upper_bound(0, 0) == upper_bound(7, 7) == 1.0


def test_earned_needs_sixty_and_a_low_bound() -> None:
    """59 aren't enough, 60 are; one real person among 60 takes it away, and 93 earn it back."""
    policy = Policy()
    assert not may_hold_back(policy, [SPAM] * 59, "m", tested=True)
    assert may_hold_back(policy, [SPAM] * 60, "m", tested=True)
    assert not may_hold_back(policy, [SPAM] * 59 + [REAL], "m", tested=True)
    assert may_hold_back(policy, [SPAM] * 93 + [REAL], "m", tested=True)


def test_sixty_decided_are_needed_however_lax_the_limit() -> None:
    """A policy that tolerates half of them wrong still wants 60 decided cards."""
    lax = Policy(max_wrong_hold=0.5, unsure_above=0.1)
    assert not may_hold_back(lax, [SPAM] * 59, "m", tested=True)
    assert may_hold_back(lax, [SPAM] * 60, "m", tested=True)


def test_only_cards_that_would_be_held_back_count() -> None:
    """Another model's scores, scores below today's cutoff and decisions without a label are no evidence."""
    policy = Policy()
    others = [
        replace(SPAM, model="older"),
        replace(SPAM, p_spam=0.9499),
        replace(SPAM, reason="not_relevant"),
        replace(SPAM, reason="competitor"),
    ]
    assert earned(others * 100, policy, "m").decided == 0
    assert earned([replace(SPAM, p_spam=0.95)], policy, "m").decided == 1
    assert not may_hold_back(policy, [replace(SPAM, model="older")] * 100, None, tested=True)


def test_a_stricter_cutoff_asks_for_new_evidence() -> None:
    """Cards that 5 % would hold back don't speak for a policy of 1 %."""
    assert may_hold_back(Policy(), [SPAM] * 400, "m", tested=True)
    assert not may_hold_back(Policy(max_wrong_hold=0.01), [SPAM] * 400, "m", tested=True)


def test_cards_somebody_asked_for_count_only_when_real() -> None:
    """Picking obvious spam from what is hidden earns nothing; finding a real person there counts."""
    asked, found = replace(SPAM, asked=True), replace(REAL, asked=True)
    assert earned([asked] * 100, Policy(), "m").decided == 0
    assert earned([found], Policy(), "m") == earned([REAL], Policy(), "m")


def test_a_real_account_we_do_not_want_is_a_mistake() -> None:
    """Rejected as a competitor but real: had it been held back, a real person would have been."""
    assert earned([replace(SPAM, reason="competitor", real=True)], Policy(), "m").wrong == 1


def test_on_and_off_need_no_evidence() -> None:
    """`on` holds back from the first night, `off` never does."""
    assert may_hold_back(Policy(holding_back=HoldingBack.ON), [], "m", tested=True)
    assert not may_hold_back(Policy(holding_back=HoldingBack.OFF), [SPAM] * 500, "m", tested=True)


@pytest.mark.parametrize(
    ("change", "thin"),
    [
        ({}, False),
        ({"protected": True}, True),
        ({"created_at": START - timedelta(days=6)}, True),
        ({"created_at": START - timedelta(days=7)}, False),
        ({"created_at": None}, True),
        ({"description": " ", "tweet_count": 5}, True),
        ({"description": None, "url": None, "tweet_count": None}, True),
        ({"description": None, "tweet_count": 6}, False),
        ({"description": None, "tweet_count": 0, "url": "https://a.example"}, False),
    ],
)
def test_profiles_that_only_lack_data(change: dict[str, object], thin: bool) -> None:
    """Protected, brand-new and empty profiles lack data alone, unless they came in a batch."""
    profile = replace(made_up_profile("1"), **change)
    assert only_lacks_data(profile, in_batch=False) is thin
    assert not only_lacks_data(profile, in_batch=True)


def test_a_higher_base_rate_needs_what_was_decided_below_the_old_cutoff() -> None:
    """With the rate raised from 20 to 40 %, .90 of then would be held back today: real people among those count."""
    policy, then, today = Policy(), log(0.2 / 0.8), log(0.4 / 0.6)
    spam = replace(SPAM, base_logit=then)
    real = replace(REAL, p_spam=0.9, base_logit=then)
    assert real.p_spam_from(today) == pytest.approx(0.96)
    assert real.p_spam_from(then) == real.p_spam_from(None) == 0.9
    assert may_hold_back(policy, [spam] * 60 + [real], "m", then, tested=True)
    assert not may_hold_back(policy, [spam] * 60 + [real], "m", today, tested=True)
    assert earned([replace(spam, base_logit=today)] * 9, policy, "m", then).decided == 0


def test_what_a_new_champion_predicted_counts_for_it() -> None:
    """Sixty cards that another model scored: by the predictions of the model that made them."""
    policy, told = Policy(), (EarlyPrediction("new", 0.96, 0.0), EarlyPrediction("newer", 0.94, 0.0))
    spam = replace(SPAM, p_spam=0.3, predictions=told)
    real = replace(REAL, p_spam=0.3, predictions=told)
    assert may_hold_back(policy, [spam] * 60, "new", tested=True)
    assert not may_hold_back(policy, [spam] * 59 + [real], "new", tested=True)
    assert earned([spam, real], policy, "newer").decided == 0
    assert earned([spam, real], policy, "m").decided == 0
    assert earned([SPAM] * 60, policy, "new").decided == 0


def test_a_cards_own_score_stands_before_what_was_predicted() -> None:
    """A card that the model in force scored itself counts by that score."""
    card = replace(SPAM, p_spam=0.5, predictions=(EarlyPrediction("m", 0.99, 0.0),))
    assert earned([card] * 60, Policy(), "m").decided == 0


def test_what_was_predicted_follows_the_rules_of_every_score() -> None:
    """Asked-for cards count only when real, and another start moves it."""
    told = (EarlyPrediction("new", 0.9, log(0.2 / 0.8)),)
    asked = replace(SPAM, model="old", asked=True, predictions=told)
    found = replace(asked, kind="approve", reason=None)
    policy, today = Policy(), log(0.4 / 0.6)
    assert earned([asked, found], policy, "new").decided == 0
    assert earned([asked], policy, "new", today).decided == 0
    assert earned([found], policy, "new", today).wrong == 1


def test_evidence_counts_at_the_slope_of_today() -> None:
    """Reasons stretched by two reach the cutoff that they missed, and what people said of such cards counts."""
    real = replace(REAL, p_spam=0.9, base_logit=-1.4)
    assert real.p_spam_from(-1.4, 1.0) == 0.9
    assert real.p_spam_from(-1.4, 2.0) == pytest.approx(1 / (1 + exp(1.4 - 2 * (log(9) + 1.4))))
    assert replace(real, slope=2.0).p_spam_from(-1.4, 1.0) < 0.9
    assert earned([real], Policy(), "m", -1.4, 1.0).wrong == 0
    assert earned([real], Policy(), "m", -1.4, 2.0).wrong == 1
