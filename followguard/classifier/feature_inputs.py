"""What the features are computed from: counts with the missing rules applied, and texts as letters."""

import numpy as np
from numpy.typing import NDArray

from followguard.classifier import text_shapes
from followguard.classifier.columns import ProfileColumns

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAYS_TO_SETTLE = 30.0
"""A younger account has had no time: its rates are taken over 30 days. With one that never posted or liked (the genuine
accounts of the public sets were picked for being active) it shares that its small counts are unknown."""
ENOUGH = {"followers": 100.0, "following": 300.0, "tweets": 100.0, "listed": 5.0, "likes": 100.0}
"""Counts that say something even of a young or silent account."""
ACTS = {"tweets", "likes"}
"""What a silent account has none of."""
DAYS_A_YEAR = 365.0
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
        self._username = text_shapes.texts_of(columns.username, USERNAME_WIDTH)
        self._name = text_shapes.texts_of(text_shapes.accents_apart(columns.name), NAME_WIDTH)
        self._bio = text_shapes.texts_of(columns.bio, BIO_WIDTH)

    def rate(self, field: str) -> Floats:
        """ln(1 + count per year of age)."""
        return np.asarray(np.log1p(self._count(field) * DAYS_A_YEAR / self.days))

    def pace(self, field: str) -> Floats:
        """ln(1 + count per year of age and one year more): a flood of two weeks isn't yet a habit."""
        return np.asarray(np.log1p(self._count(field) * DAYS_A_YEAR / (self.days + DAYS_A_YEAR)))

    def ratio(self, top: str, bottom: str) -> Floats:
        """ln((top + 1) / (bottom + 1)), unknown when either is.

        Of a young or silent account it is known as soon as one of the two counts is enough, but for what a silent one
        hasn't posted or liked: who follows 900 and is followed by 3 has shown something, who only reads hasn't.
        """
        known = ~self._unproven | self._enough[top] | self._enough[bottom]
        if {top, bottom} & ACTS:
            known &= ~self._silent
        value = np.log((self._raw[top] + 1.0) / (self._raw[bottom] + 1.0))
        return np.where(known, value, np.nan)

    def username_generated(self) -> Floats:
        """1 where a username is Latin letters and then five digits or more, else 0."""
        closing = text_shapes.closing_digits(self._username)
        only = (text_shapes.latin_letters(self._username) + closing) == self._username.lengths
        return self._in_username((only & (closing >= FEWEST_CLOSING_DIGITS)).astype(np.float64))

    def username_in_name(self) -> Floats:
        """The share of the username's pairs of letters that stand in the name; X makes a newcomer's from the name."""
        return self._in_username(text_shapes.share_of_pairs_in(self._username, self._name))

    def in_bio(self, measure: text_shapes.Measure) -> Floats:
        """The measure of each bio; an empty bio counts as unknown, for absence isn't evidence."""
        return np.where(self._bio.lengths == 0, np.nan, measure(self._bio))

    def _count(self, field: str) -> Floats:
        """A count; unknown where it is small and the account young or silent."""
        return np.where(self._unproven & ~self._enough[field], np.nan, self._raw[field])

    def _in_username(self, values: Floats) -> Floats:
        return np.where((self._username.lengths == 0) | self._young, np.nan, values)


def young(columns: ProfileColumns) -> Flags:
    """Accounts younger than 30 days."""
    return np.asarray(columns.age_days < DAYS_TO_SETTLE)


def silent(columns: ProfileColumns) -> Flags:
    """Accounts that have neither posted nor liked, as far as is known."""
    return np.asarray((columns.tweets == 0) & ~(columns.likes > 0))
