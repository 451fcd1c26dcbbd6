"""The features: one table, one vectorised extraction, and the rules about what is unknown.

Every value comes from what X API v2 returns for a follower. Left out on purpose: language, place, which letters names
and bios are written with and how long they are (they stand for who people are), `verified` (bought today), `protected`.
That a bio, a link or a picture is missing is an observation, but not of an account that is young or silent. Age and
plain counts name the year in which a set was collected, so the tables don't look at them; the trees do, as far as a
follower resembles the newest set (`classifier/model.py: Gate`). `docs/experiments.md` tells what was left out.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from followguard.classifier.columns import DAYS_TO_SETTLE, Floats, Matrix, ProfileColumns, count_of, links
from followguard.classifier.facts import (
    BIO_WIDTH,
    DEFAULT_PICTURE,
    ENOUGH,
    FEWEST_CLOSING_DIGITS,
    NAME_WIDTH,
    USERNAME_WIDTH,
    Facts,
)

ROWS_AT_ONCE = 4096
EXTRACTION = 5
"""Raise it when the meaning of a value changes under the same name: older models then refuse to score."""

YEARLY = "ln(1 + count per year of age)"
STEADY = "ln(1 + count per year of age and one year more)"
COUNT = "ln(1 + count)"
QUOTIENT = "ln((first + 1) / (second + 1))"
COUNT_RULE = "missing when count or age is unknown, or the count is small and the account young or silent"
RATIO_RULE = (
    "missing when a count is unknown, or both are small and the account young; posts, likes of a silent one too"
)
USERNAME_RULE = "missing without a username, or for a young account: X proposes such names to newcomers"
NAME_RULE = "missing for a young account, or unless both have three letters a to z, accents aside"
BIO_RULE = "missing when the bio is unknown or empty"
SETTLED_RULE = "missing when nobody looked, or the account is young or silent"
AGE_RULE = "missing when unknown, or the account is young or silent"
PLAIN_RULE = "missing when unknown, or small and the account young or silent"


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of the table. `kind` is the code of the reason that it adds to, `facts` what that tells of it."""

    name: str
    unit: str
    missing: str
    sentence: str
    compute: Callable[[Facts], Floats]
    kind: str
    facts: tuple[str, ...]


# fmt: off
FEATURES: tuple[Feature, ...] = (
    Feature(
        "likes_pace", STEADY, COUNT_RULE, "Likes given over the years and one more: a burst isn't yet a habit.",
        lambda facts: facts.pace("likes"), "activity", ("likes",),
    ),
    Feature(
        "likes_rate", YEARLY, COUNT_RULE, "How often the account likes a post.",
        lambda facts: facts.rate("likes"), "activity", ("likes",),
    ),
    Feature(
        "following_rate", YEARLY, COUNT_RULE, "How fast the account follows others.",
        lambda facts: facts.rate("following"), "audience", ("following",),
    ),
    Feature(
        "following_pace", STEADY, COUNT_RULE, "Accounts followed over the years and one more.",
        lambda facts: facts.pace("following"), "audience", ("following",),
    ),
    Feature(
        "tweets_rate", YEARLY, COUNT_RULE, "How often the account posts.",
        lambda facts: facts.rate("tweets"), "activity", ("tweets",),
    ),
    Feature(
        "listed_per_follower", QUOTIENT, RATIO_RULE, "Lists the account is on, for each follower.",
        lambda facts: facts.ratio("listed", "followers"), "audience", ("listed", "followers"),
    ),
    Feature(
        "following_per_follower", QUOTIENT, RATIO_RULE, "Accounts followed, for each follower.",
        lambda facts: facts.ratio("following", "followers"), "audience", ("following", "followers"),
    ),
    Feature(
        "tweets_per_following", QUOTIENT, RATIO_RULE, "Posts, for each account followed.",
        lambda facts: facts.ratio("tweets", "following"), "activity", ("tweets",),
    ),
    Feature(
        "likes_per_tweet", QUOTIENT, RATIO_RULE, "Likes given, for each post.",
        lambda facts: facts.ratio("likes", "tweets"), "activity", ("likes", "tweets"),
    ),
    Feature(
        "likes_per_list", QUOTIENT, RATIO_RULE, "Likes given, for each list the account is on.",
        lambda facts: facts.ratio("likes", "listed"), "activity", ("likes",),
    ),
    Feature(
        "username_generated", "0 or 1", USERNAME_RULE, "Is the username letters and then five digits or more?",
        lambda facts: facts.username_generated(), "name", ("username",),
    ),
    Feature(
        "username_in_name", "share", NAME_RULE, "The share of the username's pairs of letters that the name has too.",
        lambda facts: facts.username_in_name(), "name", ("name",),
    ),
    Feature(
        "bio_links", "links", BIO_RULE, "Links in the bio.",
        lambda facts: facts.in_bio(links), "profile", ("bio",),
    ),
    Feature(
        "bio_exclamations", "exclamation marks", BIO_RULE, "Exclamation marks in the bio.",
        lambda facts: facts.in_bio(count_of("!")), "profile", ("bio",),
    ),
    Feature(
        "bio_empty", "0 or 1", SETTLED_RULE, "Is there no bio?",
        lambda facts: facts.bio_empty(), "profile", ("bio",),
    ),
    Feature(
        "default_picture", "0 or 1", SETTLED_RULE, "Is the picture the one that X gives to everybody?",
        lambda facts: facts.default_picture(), "profile", ("picture",),
    ),
    Feature(
        "has_link", "0 or 1", SETTLED_RULE, "Does the profile have a link, apart from the bio?",
        lambda facts: facts.has_link(), "profile", ("link",),
    ),
    Feature(
        "age", "ln(1 + days)", AGE_RULE, "The account's age.",
        lambda facts: facts.age(), "activity", ("age",),
    ),
    Feature(
        "followers", COUNT, PLAIN_RULE, "Followers.",
        lambda facts: facts.count("followers"), "audience", ("followers",),
    ),
    Feature(
        "following", COUNT, PLAIN_RULE, "Accounts followed.",
        lambda facts: facts.count("following"), "audience", ("following",),
    ),
    Feature(
        "tweets", COUNT, PLAIN_RULE, "Posts.",
        lambda facts: facts.count("tweets"), "activity", ("tweets",),
    ),
    Feature(
        "listed", COUNT, PLAIN_RULE, "Lists the account is on.",
        lambda facts: facts.count("listed"), "audience", ("listed",),
    ),
    Feature(
        "likes", COUNT, PLAIN_RULE, "Likes given.",
        lambda facts: facts.count("likes"), "activity", ("likes",),
    ),
    Feature(
        "followers_rate", YEARLY, COUNT_RULE, "Followers won, for each year of age.",
        lambda facts: facts.rate("followers"), "audience", ("followers",),
    ),
    Feature(
        "listed_rate", YEARLY, COUNT_RULE, "Lists the account is put on, for each year of age.",
        lambda facts: facts.rate("listed"), "audience", ("listed",),
    ),
    Feature(
        "tweets_per_follower", QUOTIENT, RATIO_RULE, "Posts, for each follower.",
        lambda facts: facts.ratio("tweets", "followers"), "activity", ("tweets",),
    ),
    Feature(
        "likes_per_following", QUOTIENT, RATIO_RULE, "Likes given, for each account followed.",
        lambda facts: facts.ratio("likes", "following"), "activity", ("likes",),
    ),
    Feature(
        "likes_per_follower", QUOTIENT, RATIO_RULE, "Likes given, for each follower.",
        lambda facts: facts.ratio("likes", "followers"), "activity", ("likes",),
    ),
    Feature(
        "listed_per_tweet", QUOTIENT, RATIO_RULE, "Lists the account is on, for each post.",
        lambda facts: facts.ratio("listed", "tweets"), "audience", ("listed",),
    ),
    Feature(
        "following_per_followers_squared", "ln((first + 1) / (second + 1)^2)", RATIO_RULE,
        "Accounts followed, for each follower twice over.",
        lambda facts: facts.following_per_followers_squared(), "audience", ("following", "followers"),
    ),
)
# fmt: on


BY_TABLES = 17
"""So many features, the first ones, the tables look at; the others, plain counts and age among them, are for trees."""


def schema_hash(features: tuple[Feature, ...] = FEATURES) -> str:
    """Hashes what gives a stored value its meaning (sha256, hex). Raises ValueError on a name that comes twice."""
    names = [feature.name for feature in features]
    if len(set(names)) != len(names):
        raise ValueError(f"a feature name comes twice: {names}")
    constants = [EXTRACTION, DAYS_TO_SETTLE, ENOUGH, FEWEST_CLOSING_DIGITS, DEFAULT_PICTURE]
    widths = [USERNAME_WIDTH, NAME_WIDTH, BIO_WIDTH]
    rows = [[feature.name, feature.unit, feature.missing] for feature in features]
    return hashlib.sha256(json.dumps([constants, widths, rows]).encode()).hexdigest()


def extract(columns: ProfileColumns) -> Matrix:
    """Returns (n, features) values in the order of the table, NaN for missing: the same for one row as for many."""
    values = np.empty((len(columns), len(FEATURES)), dtype=np.float32)
    for start in range(0, len(columns), ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, len(columns))
        facts = Facts(columns.part(start, stop))
        for number, feature in enumerate(FEATURES):
            values[start:stop, number] = feature.compute(facts)
    return values


def packed(row: Matrix) -> bytes:
    """Returns the values of one row as `Verdict.features` keeps them."""
    return row.astype("<f4").tobytes()


def unpacked(values: bytes) -> Matrix:
    """Undoes `packed`."""
    return np.frombuffer(values, dtype="<f4").astype(np.float32)
