"""The features: one table, one vectorised extraction, and the rules about what is unknown.

Every value comes from what X API v2 returns for a follower. Left out on purpose: language, place, which letters names
and bios are written with and how long they are (they stand for who people are), `verified` (bought today), `protected`,
picture and age by themselves (lack of data isn't evidence, and age names the public set), raw counts (they name the
decade). `docs/experiments.md` tells what was left out because held-out groups did no better.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from followguard.classifier import wording
from followguard.classifier.columns import (
    DAYS_A_YEAR,
    DAYS_TO_SETTLE,
    Flags,
    Floats,
    Matrix,
    Measure,
    ProfileColumns,
    accents_apart,
    closing_digits,
    count_of,
    latin_letters,
    links,
    share_of_pairs_in,
    texts_of,
)
from followguard.classifier.wording import Say, amount, flag, in_all, rate

ENOUGH = {"followers": 100.0, "following": 300.0, "tweets": 100.0, "listed": 5.0, "likes": 100.0}
"""Counts that say something even of a young or silent account."""
ACTS = {"tweets", "likes"}
"""The counts that a silent account lacks."""
FEWEST_CLOSING_DIGITS = 5.0
USERNAME_WIDTH = 32
NAME_WIDTH = 64
BIO_WIDTH = 512


class Facts:
    """A block of profiles, each intermediate array made once. NaN means unknown."""

    def __init__(self, columns: ProfileColumns) -> None:
        self.days = np.maximum(columns.age_days, DAYS_TO_SETTLE)
        self._raw = {field: np.asarray(getattr(columns, field), dtype=np.float64) for field in ENOUGH}
        self._enough = {field: count >= ENOUGH[field] for field, count in self._raw.items()}
        self._young, self._silent = young(columns), silent(columns)
        self._unproven = self._young | self._silent
        self._username = texts_of(columns.username, USERNAME_WIDTH)
        self._name = texts_of(accents_apart(columns.name), NAME_WIDTH)
        self._bio = texts_of(columns.bio, BIO_WIDTH)

    def rate(self, field: str) -> Floats:
        """Returns ln(1 + count per year of age)."""
        return np.asarray(np.log1p(self._count(field) * DAYS_A_YEAR / self.days))

    def pace(self, field: str) -> Floats:
        """Returns ln(1 + count per year of age and one year more): a flood of two weeks isn't yet a habit."""
        return np.asarray(np.log1p(self._count(field) * DAYS_A_YEAR / (self.days + DAYS_A_YEAR)))

    def ratio(self, top: str, bottom: str) -> Floats:
        """Returns ln((top + 1) / (bottom + 1)), unknown when either is.

        For a young or silent account it is known as soon as one of the two counts is enough: who follows 900 and is
        followed by 3 has shown something. Posts and likes of a silent account stay unknown.
        """
        known = ~self._unproven | self._enough[top] | self._enough[bottom]
        if {top, bottom} & ACTS:
            known &= ~self._silent
        value = np.log((self._raw[top] + 1.0) / (self._raw[bottom] + 1.0))
        return np.where(known, value, np.nan)

    def username_generated(self) -> Floats:
        """Returns 1 where a username is Latin letters and then five digits or more, else 0."""
        closing = closing_digits(self._username)
        only = (latin_letters(self._username) + closing) == self._username.lengths
        return self._in_username((only & (closing >= FEWEST_CLOSING_DIGITS)).astype(np.float64))

    def username_in_name(self) -> Floats:
        """Returns the share of the username's pairs of letters in the name: X makes new usernames from names."""
        return self._in_username(share_of_pairs_in(self._username, self._name))

    def in_bio(self, measure: Measure) -> Floats:
        """Returns the measure of each bio; an empty bio counts as unknown, for absence isn't evidence."""
        return np.where(self._bio.lengths == 0, np.nan, measure(self._bio))

    def _count(self, field: str) -> Floats:
        """Returns a count; unknown where it is small and the account young or silent."""
        return np.where(self._unproven & ~self._enough[field], np.nan, self._raw[field])

    def _in_username(self, values: Floats) -> Floats:
        return np.where((self._username.lengths == 0) | self._young, np.nan, values)


def young(columns: ProfileColumns) -> Flags:
    """Flags accounts younger than 30 days."""
    return np.asarray(columns.age_days < DAYS_TO_SETTLE)


def silent(columns: ProfileColumns) -> Flags:
    """Flags accounts that have neither posted nor liked, as far as is known."""
    return np.asarray((columns.tweets == 0) & ~(columns.likes > 0))


ROWS_AT_ONCE = 4096
EXTRACTION = 4
"""Raise it when the meaning of a value changes under the same name: older models then refuse to score."""

YEARLY = "ln(1 + count per year of age)"
STEADY = "ln(1 + count per year of age and one year more)"
QUOTIENT = "ln((first + 1) / (second + 1))"
COUNT_RULE = "missing when count or age is unknown, or the count is small and the account young or silent"
RATIO_RULE = (
    "missing when a count is unknown, or both are small and the account young; posts, likes of a silent one too"
)
USERNAME_RULE = "missing without a username, or for a young account: X proposes such names to newcomers"
NAME_RULE = "missing for a young account, or unless both have three letters a to z, accents aside"
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
        "likes_pace", STEADY, COUNT_RULE, "Likes given over the years and one more: a burst isn't yet a habit.",
        lambda facts: facts.pace("likes"),
        in_all("likes", "has liked {n} posts", "has liked one post", "hasn't liked a post"),
    ),
    Feature(
        "likes_rate", YEARLY, COUNT_RULE, "How often the account likes a post.",
        lambda facts: facts.rate("likes"), rate("likes", "posts", "has never liked a post"),
    ),
    Feature(
        "following_rate", YEARLY, COUNT_RULE, "How fast the account follows others.",
        lambda facts: facts.rate("following"), rate("follows", "more accounts", "follows nobody"),
    ),
    Feature(
        "following_pace", STEADY, COUNT_RULE, "Accounts followed over the years and one more.",
        lambda facts: facts.pace("following"),
        in_all("following", "follows {n} accounts", "follows one account", "follows nobody", joint=" after"),
    ),
    Feature(
        "tweets_rate", YEARLY, COUNT_RULE, "How often the account posts.",
        lambda facts: facts.rate("tweets"), rate("writes", "posts", "has never posted"),
    ),
    Feature(
        "listed_per_follower", QUOTIENT, RATIO_RULE, "Lists the account is on, for each follower.",
        lambda facts: facts.ratio("listed", "followers"), wording.LISTED_PER_FOLLOWER,
    ),
    Feature(
        "following_per_follower", QUOTIENT, RATIO_RULE, "Accounts followed, for each follower.",
        lambda facts: facts.ratio("following", "followers"), wording.FOLLOWING_PER_FOLLOWER,
    ),
    Feature(
        "tweets_per_following", QUOTIENT, RATIO_RULE, "Posts, for each account followed.",
        lambda facts: facts.ratio("tweets", "following"), wording.TWEETS_PER_FOLLOWING,
    ),
    Feature(
        "likes_per_tweet", QUOTIENT, RATIO_RULE, "Likes given, for each post.",
        lambda facts: facts.ratio("likes", "tweets"), wording.LIKES_PER_TWEET,
    ),
    Feature(
        "likes_per_list", QUOTIENT, RATIO_RULE, "Likes given, for each list the account is on.",
        lambda facts: facts.ratio("likes", "listed"), wording.LIKES_PER_LIST,
    ),
    Feature(
        "username_generated", "0 or 1", USERNAME_RULE, "Is the username letters and then five digits or more?",
        lambda facts: facts.username_generated(),
        flag("has a username that looks generated: letters, then many digits", "has a username that looks chosen"),
    ),
    Feature(
        "username_in_name", "share", NAME_RULE, "The share of the username's pairs of letters that the name has too.",
        lambda facts: facts.username_in_name(), wording.username_in_name,
    ),
    Feature(
        "bio_links", "links", BIO_RULE, "Links in the bio.",
        lambda facts: facts.in_bio(links),
        amount("has {n} links in its bio", "has a link in its bio", "has no link in its bio"),
    ),
    Feature(
        "bio_exclamations", "exclamation marks", BIO_RULE, "Exclamation marks in the bio.",
        lambda facts: facts.in_bio(count_of("!")),
        amount(
            "has {n} exclamation marks in its bio", "has an exclamation mark in its bio",
            "has no exclamation mark in its bio",
        ),
    ),
)
# fmt: on


def schema_hash(features: tuple[Feature, ...] = FEATURES) -> str:
    """Hashes what gives a stored value its meaning (sha256, hex). Raises ValueError on a name that comes twice."""
    names = [feature.name for feature in features]
    if len(set(names)) != len(names):
        raise ValueError(f"a feature name comes twice: {names}")
    constants = [EXTRACTION, DAYS_TO_SETTLE, ENOUGH, FEWEST_CLOSING_DIGITS]
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
