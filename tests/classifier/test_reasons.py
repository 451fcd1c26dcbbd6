"""Reasons: kinds that add up, each fact once, with the follower's own numbers, and how common such accounts are."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from followguard.classifier.features import FEATURES
from followguard.classifier.reasons import (
    AGAINST,
    KINDS,
    OTHER,
    STRONGEST,
    TELLING,
    by_kind,
    how_common,
    reasons_of,
)
from followguard.classifier.scoring import Scorer
from followguard.classifier.wording import FACTS, Quotable, period_of
from followguard.domain.follower import Profile
from followguard.domain.policy import Reason

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Make = Callable[..., Profile]
NAMES = [feature.name for feature in FEATURES]
COUNTS = {"followers": 12.0, "following": 2100.0, "tweets": 40.0, "listed": 0.0, "likes": 0.0}
SEEN = Quotable(COUNTS, dict.fromkeys(NAMES, 0.0), 999.0)


def told(weights: dict[str, float], seen: Quotable = SEEN) -> dict[str, str]:
    """The texts by code of reasons with these contributions."""
    return {each.code: each.text for each in reasons_with(weights, seen)}


def reasons_with(weights: dict[str, float], seen: Quotable = SEEN) -> tuple[Reason, ...]:
    """The reasons with these contributions of features."""
    row = np.zeros((1, len(NAMES)))
    for name, weight in weights.items():
        row[0, NAMES.index(name)] = weight
    return reasons_of(row[0].tolist(), by_kind(row)[0].tolist(), -1.5, float(row.sum()), seen)


def test_a_kind_is_told_once_with_its_facts() -> None:
    """Three features about the same two counts make one sentence, with both counts in it."""
    said = told({"following_per_follower": 1.0, "following_rate": 0.5, "following_per_followers_squared": 0.7})
    assert list(said) == ["audience", OTHER]
    assert said["audience"].startswith("follows 2,100, is followed by 12 (of 100 such accounts about ")


def test_the_strongest_comes_first_and_both_sides_are_told() -> None:
    """Kinds stand by the size of their weight, whichever way they lean."""
    said = told({"likes_rate": -0.8, "has_link": 1.5, "followers": 0.9})
    assert list(said) == ["profile", "audience", "activity", OTHER]


def test_a_kind_that_weighs_next_to_nothing_is_left_to_the_rest() -> None:
    """Below the telling weight there is no line, but for the strongest and for the strongest against the verdict."""
    weak = {"has_link": TELLING - 0.1}
    assert list(told({"followers": 1.5, "likes_rate": 1.0, **weak})) == ["audience", "activity", OTHER]
    assert list(told({"followers": 3.0, "likes_rate": AGAINST - 0.4})) == ["audience", OTHER]
    assert list(told({"followers": 3.0, "likes_rate": -AGAINST})) == ["audience", "activity", OTHER]
    assert list(told({"has_link": STRONGEST})) == ["profile", OTHER]
    assert list(told({"has_link": STRONGEST / 2})) == [OTHER]


LIKER = Quotable({**COUNTS, "tweets": 900.0, "likes": 30_000.0}, SEEN.values, 300.0)
CROWD = Quotable({**COUNTS, "tweets": 30_000.0}, SEEN.values, 300.0)
SMALL_ONE = Quotable({**COUNTS, "following": 80.0}, SEEN.values, 999.0)
MADE_UP = Quotable(COUNTS, {**SEEN.values, "username_generated": 1.0}, 999.0)


@pytest.mark.parametrize(
    ("weights", "seen", "text"),
    [
        ({"tweets_rate": -3.0}, CROWD, "posts about 100 times a day, over 10 months"),
        ({"likes_rate": -3.0}, LIKER, "likes about 100 posts a day, over 10 months"),
        ({"following_per_follower": 1.0}, SMALL_ONE, "follows 80, is followed by 12; many real people are as small"),
        ({"username_generated": -1.0}, MADE_UP, "has a username that looks generated"),
    ],
)
def test_what_makes_no_sense_to_a_person_is_a_fact_without_a_side(
    weights: dict[str, float], seen: Quotable, text: str
) -> None:
    """A flood isn't said to speak for genuine, nor a small audience of somebody who is likely genuine for spam."""
    (fact, rest) = reasons_with(weights, seen)
    assert (fact.text, fact.weight, fact.direction) == (text, 0.0, "")
    assert rest.weight == sum(weights.values())


def test_a_small_audience_keeps_its_side_beside_a_verdict_of_spam() -> None:
    """It is why, so that it is said, with what can be said against it."""
    (said, rest) = reasons_with({"following_per_follower": 3.0}, SMALL_ONE)
    assert (said.direction, said.weight, rest.weight) == ("spam: ", 3.0, 0.0)
    assert said.text.endswith("; many real people are as small")


def test_a_fact_without_a_side_stands_after_the_reasons() -> None:
    """However much it weighs."""
    assert list(told({"tweets_rate": -3.0, "followers": 1.0}, CROWD)) == ["audience", "activity", OTHER]


def test_activity_says_its_period() -> None:
    """Counts and rates without the time in which they came tell nobody anything."""
    assert told({"likes_rate": 1.0})["activity"].startswith("has never liked a post, over 2.7 years (of 100 ")
    assert told({"age": 1.0})["activity"].startswith("is 2 years old (of 100 ")


@pytest.mark.parametrize(
    ("days", "text"), [(9.0, "9 days"), (61.0, "2 months"), (420.0, "14 months"), (6200.0, "17 years")]
)
def test_periods_in_the_unit_that_suits(days: float, text: str) -> None:
    """Months up to two years, then years as the card's head has them."""
    assert period_of(days) == text


def test_no_fact_has_two_homes() -> None:
    """A fact is told by one kind only, so that no card says it twice."""
    homes: dict[str, set[str]] = {}
    for feature in FEATURES:
        for fact in feature.facts:
            homes.setdefault(fact, set()).add(feature.kind)
    assert all(len(kinds) == 1 for kinds in homes.values())
    assert set(homes) == set(FACTS)
    assert {feature.kind for feature in FEATURES} == {kind.code for kind in KINDS}


@pytest.mark.parametrize(
    ("logit", "text"),
    [
        (0.0, "(of 100 such accounts about 50 are spam, of all 20)"),
        (-9.0, "(of 100 such accounts about 1 is spam, of all 20)"),
        (9.0, "(of 100 such accounts about 99 are spam, of all 20)"),
    ],
)
def test_how_common_never_says_none_or_all(logit: float, text: str) -> None:
    """From 1 to 99 of a hundred, with its verb in the right number."""
    assert how_common(logit, math.log(0.25)) == text


OFTEN = FACTS["likes"]
RATES = [
    (40 * 365.0, 365.0, "likes about 40 posts a day"),
    (36.0, 365.0, "likes about 3 posts a month"),
    (5.0, 365.0, "has liked 5 posts"),
    (1.0, 365.0, "has liked one post"),
    (0.0, 365.0, "has never liked a post"),
    (3650.0, 9.0, "has liked 3,650 posts"),
]


@pytest.mark.parametrize(("count", "days", "text"), RATES)
def test_rates_where_people_think_in_rates(count: float, days: float, text: str) -> None:
    """By the day or the month where it is often, else as a plain count, as for an account of a few days."""
    assert OFTEN(Quotable({"likes": count}, {}, days)) == text


def test_what_isnt_known_isnt_told() -> None:
    """Unknown counts and values give no text."""
    nothing = Quotable(dict.fromkeys(COUNTS, math.nan), dict.fromkeys(NAMES, math.nan), math.nan)
    assert [say(nothing) for say in FACTS.values()] == [None] * len(FACTS)


def test_a_card_of_a_bought_follower_reads_as_people_talk(shipped: Scorer, profile: Make) -> None:
    """It names who follows whom with plain numbers, and no number twice."""
    fields = {"followers_count": 3, "following_count": 912, "tweet_count": 11, "listed_count": 0, "like_count": 0}
    sold = profile(created_at=NOW - timedelta(days=300), observed_at=NOW, username="deal83721", **fields)
    texts = [reason.text for reason in shipped.verdicts([sold])[0].reasons]
    assert any("follows 912, is followed by 3" in text for text in texts)
    assert sum("912" in text for text in texts) == 1
