"""The features: one table, one vectorised extraction.

Every value comes from what X API v2 returns for a follower. Left out on purpose: language, place, letters and length of
names and bios (they stand for who people are), `verified` (bought today), `protected`, picture and age by themselves
(lack of data isn't evidence, and age names the public set), raw counts (they name the decade). Username length and
closing digits were tried: without them the held-out groups did no worse.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followguard.learning import letters, wording
from followguard.learning.columns import ProfileColumns
from followguard.learning.facts import BIO_WIDTH, DAYS_TO_SETTLE, ENOUGH, USERNAME_WIDTH, Facts, Floats
from followguard.learning.wording import Say, amount, rate

Matrix = NDArray[np.float32]
ROWS_AT_ONCE = 4096
EXTRACTION = 1
"""Raise it when the meaning of a value changes under the same name: older models then refuse to score."""

YEARLY = "ln(1 + count per year of age)"
QUOTIENT = "ln((first + 1) / (second + 1))"
COUNT_RULE = "missing when count or age is unknown, or the count is small and the account young or silent"
RATIO_RULE = "missing when one of the two counts is"
USERNAME_RULE = "missing without a username, or for a young account: X proposes such names to newcomers"
BIO_RULE = "missing when the bio is unknown or empty"


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of the table. `name` is also the code of the reason that the feature gives."""

    name: str
    unit: str
    missing: str
    sentence: str
    compute: Callable[[Facts], Floats]
    say: Say


# fmt: off
FEATURES: tuple[Feature, ...] = (
    Feature(
        "followers_rate", YEARLY, COUNT_RULE, "How fast the account gains followers.",
        lambda facts: facts.rate("followers"), rate("gains", "followers", "has no followers"),
    ),
    Feature(
        "following_rate", YEARLY, COUNT_RULE, "How fast the account follows others.",
        lambda facts: facts.rate("following"), rate("follows", "more accounts", "follows nobody"),
    ),
    Feature(
        "tweets_rate", YEARLY, COUNT_RULE, "How often the account posts.",
        lambda facts: facts.rate("tweets"), rate("writes", "posts", "has never posted"),
    ),
    Feature(
        "listed_rate", YEARLY, COUNT_RULE, "How fast others put the account on lists.",
        lambda facts: facts.rate("listed"), rate("is put on", "lists", "is on nobody's list"),
    ),
    Feature(
        "likes_rate", YEARLY, COUNT_RULE, "How often the account likes a post.",
        lambda facts: facts.rate("likes"), rate("likes", "posts", "has never liked a post"),
    ),
    Feature(
        "following_per_follower", QUOTIENT, RATIO_RULE, "Accounts followed, for each follower.",
        lambda facts: facts.ratio("following", "followers"), wording.FOLLOWING_PER_FOLLOWER,
    ),
    Feature(
        "tweets_per_follower", QUOTIENT, RATIO_RULE, "Posts, for each follower.",
        lambda facts: facts.ratio("tweets", "followers"), wording.TWEETS_PER_FOLLOWER,
    ),
    Feature(
        "listed_per_follower", QUOTIENT, RATIO_RULE, "Lists the account is on, for each follower.",
        lambda facts: facts.ratio("listed", "followers"), wording.LISTED_PER_FOLLOWER,
    ),
    Feature(
        "likes_per_tweet", QUOTIENT, RATIO_RULE, "Likes given, for each post.",
        lambda facts: facts.ratio("likes", "tweets"), wording.LIKES_PER_TWEET,
    ),
    Feature(
        "tweets_per_following", QUOTIENT, RATIO_RULE, "Posts, for each account followed.",
        lambda facts: facts.ratio("tweets", "following"), wording.TWEETS_PER_FOLLOWING,
    ),
    Feature(
        "likes_per_following", QUOTIENT, RATIO_RULE, "Likes given, for each account followed.",
        lambda facts: facts.ratio("likes", "following"), wording.LIKES_PER_FOLLOWING,
    ),
    Feature(
        "username_digits", "digits", USERNAME_RULE, "Digits in the username.",
        lambda facts: facts.username_digits(),
        amount("has {n} digits in its username", "has one digit in its username", "has no digits in its username"),
    ),
    Feature(
        "bio_links", "links", BIO_RULE, "Links in the bio.",
        lambda facts: facts.in_bio(letters.links),
        amount("has {n} links in its bio", "has a link in its bio", "has no link in its bio"),
    ),
    Feature(
        "bio_hashtags", "hashtags", BIO_RULE, "Hashtag signs in the bio.",
        lambda facts: facts.in_bio(letters.count_of("#")),
        amount("has {n} hashtags in its bio", "has a hashtag in its bio", "has no hashtags in its bio"),
    ),
    Feature(
        "bio_mentions", "mentions", BIO_RULE, "At signs in the bio.",
        lambda facts: facts.in_bio(letters.count_of("@")),
        amount("mentions {n} accounts in its bio", "mentions an account in its bio", "mentions nobody in its bio"),
    ),
    Feature(
        "bio_digits", "digits", BIO_RULE, "Digits in the bio.",
        lambda facts: facts.in_bio(letters.digits),
        amount("has {n} digits in its bio", "has one digit in its bio", "has no digits in its bio"),
    ),
    Feature(
        "bio_exclamations", "exclamation marks", BIO_RULE, "Exclamation marks in the bio.",
        lambda facts: facts.in_bio(letters.count_of("!")),
        amount(
            "has {n} exclamation marks in its bio", "has an exclamation mark in its bio",
            "has no exclamation mark in its bio",
        ),
    ),
)
# fmt: on


def schema_hash(features: tuple[Feature, ...] = FEATURES) -> str:
    """sha256 (hex) over what gives a stored value its meaning. Raises ValueError on a name that comes twice."""
    names = [feature.name for feature in features]
    if len(set(names)) != len(names):
        raise ValueError(f"a feature name comes twice: {names}")
    rules = [EXTRACTION, DAYS_TO_SETTLE, ENOUGH, USERNAME_WIDTH, BIO_WIDTH]
    rows = [[feature.name, feature.unit, feature.missing] for feature in features]
    return hashlib.sha256(json.dumps([rules, rows]).encode()).hexdigest()


def extract(columns: ProfileColumns) -> Matrix:
    """(n, features) values in the order of the table, NaN for missing: the same for one row and for millions."""
    values = np.empty((len(columns), len(FEATURES)), dtype=np.float32)
    for start in range(0, len(columns), ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, len(columns))
        facts = Facts(columns.part(start, stop))
        for number, feature in enumerate(FEATURES):
            values[start:stop, number] = feature.compute(facts)
    return values


def packed(row: Matrix) -> bytes:
    """The values of one row as `Verdict.features` keeps them."""
    return row.astype("<f4").tobytes()


def unpacked(values: bytes) -> Matrix:
    """The inverse of `packed`."""
    return np.frombuffer(values, dtype="<f4").astype(np.float32)
