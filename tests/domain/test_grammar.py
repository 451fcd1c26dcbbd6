"""Counts take their noun in the singular for one, in the plural for none and several, wherever they are told."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from followguard.classifier.features import FEATURES
from followguard.classifier.wording import FACTS, Quotable
from followguard.domain.wording import counted, filled
from followguard.following import words as following_words
from followguard.night import commands as nightly
from followguard.reports.receipt import COUNTS as COUNTED
from followguard.reports.receipt import QUEUE_COUNTS, Receipt
from followguard.review import words as review_words
from followguard.testing import START, made_up_profile

ONE_OF_MANY = re.compile(r"(?<![\d.,])1 (?:more |new |approved )?[a-z-]+s\b")
SINGULAR_ENDS_IN_S = {"1 is", "1 this", "1 has", "1 was"}
SEVERAL_OF_ONE = re.compile(
    r"(?<![\d.,])(?:0|2|3) (?:more |new )?"
    r"(?:account|batch|card|day|follower|label|like|link|list|look-alike|month|night|order|post|profile|request|row|"
    r"time|word|year)\b"
)
COUNTS = ("likes", "tweets", "followers", "following", "listed", "media")


def wrong_in(text: str) -> list[str]:
    """Phrases told in the wrong number."""
    plurals = [found[0] for found in ONE_OF_MANY.finditer(text) if found[0] not in SINGULAR_ENDS_IN_S]
    return plurals + [found[0] for found in SEVERAL_OF_ONE.finditer(text)]


def test_the_search_finds_what_it_is_for() -> None:
    """The sentence that was seen every day, and its kind."""
    assert wrong_in("likes about 1 posts a day") == ["1 posts"]
    assert wrong_in("1 more accounts, 2 card") == ["1 more accounts", "2 card"]
    assert wrong_in("1 post, 2 posts, 0 cards, 21 days, 1.1 posts, 3,001 posts, 1 new follower") == []


UNSAID = ("name", "bio")
"""Facts that aren't told of everybody: a name that fits in part, a bio without links."""


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_says_its_number(fact: str) -> None:
    """With counts of 0 to 3 and of 365 and 730, of accounts of all ages, with 0 to 3 links and exclamation marks."""
    for number in (0.0, 1.0, 2.0, 3.0, 365.0, 366.0, 730.0):
        for days in (1.0, 31.0, 62.0, 366.0, 800.0):
            values = {feature.name: min(number, 3.0) for feature in FEATURES}
            text = FACTS[fact](Quotable(dict.fromkeys(COUNTS, number), values | {"username_generated": 1.0}, days))
            assert text or fact in UNSAID
            assert wrong_in(text or "") == [], text


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_profile_says_its_numbers(number: int) -> None:
    """Counts and age of a card."""
    counts = dict.fromkeys(("followers_count", "following_count", "tweet_count", "like_count", "listed_count"), number)
    profile = replace(made_up_profile("11", START), created_at=START - timedelta(days=number), **counts)
    assert wrong_in(review_words.counts_words(profile)) == []
    assert wrong_in(review_words.age_words(profile)) == []


WORDS: dict[str, Callable[[int], str]] = {
    "paused": lambda n: following_words.paused_words("acme", START, n),
    "stale": lambda n: following_words.stale_words("acme", n, 1),
    "stale too": lambda n: following_words.stale_words("acme", 1, n),
    "counted": lambda n: counted(n, "batch", "batches"),
    "filled": lambda n: filled("has {n} more posts and {n} lists", str(n)),
}


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("words", WORDS)
def test_words_with_a_number(words: str, number: int) -> None:
    """The table of texts that count something."""
    assert wrong_in(WORDS[words](number)) == []


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_nights_receipt_says_its_numbers(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Every line of it."""
    receipt = Receipt(account="acme")
    receipt.began = True
    for name in (*COUNTED, *QUEUE_COUNTS):
        setattr(receipt, name, number)
    nightly.print_receipts([receipt])
    said = capsys.readouterr().out
    assert counted(number, "new follower") in said
    assert wrong_in(said) == []
