"""What the features are computed from: counts with the missing rules applied, and texts as letters."""

import numpy as np
from numpy.typing import NDArray

from followguard.learning import letters
from followguard.learning.columns import ProfileColumns

Floats = NDArray[np.float64]

DAYS_TO_SETTLE = 30.0
"""A younger account has had no time: its rates are taken over 30 days. With one that never posted or liked (the genuine
accounts of the public sets were picked for being active) it shares that its small counts are unknown."""
ENOUGH = {"followers": 100.0, "following": 300.0, "tweets": 100.0, "listed": 5.0, "likes": 100.0}
"""Counts that say something even of a young or silent account."""
DAYS_A_YEAR = 365.0
USERNAME_WIDTH = 32
BIO_WIDTH = 512


class Facts:
    """A block of profiles, each intermediate array made once. NaN means unknown."""

    def __init__(self, columns: ProfileColumns) -> None:
        self.days = np.maximum(columns.age_days, DAYS_TO_SETTLE)
        self.counts = _known_counts(columns)
        self._young = columns.age_days < DAYS_TO_SETTLE
        self._username = letters.codes_of(columns.username, USERNAME_WIDTH)
        self._bio = letters.codes_of(columns.bio, BIO_WIDTH)
        self._no_username = np.array([not text for text in columns.username], dtype=bool)
        self._no_bio = np.array([not text for text in columns.bio], dtype=bool)

    def rate(self, field: str) -> Floats:
        """ln(1 + count per year of age)."""
        return np.asarray(np.log1p(self.counts[field] * DAYS_A_YEAR / self.days))

    def ratio(self, top: str, bottom: str) -> Floats:
        """ln((top + 1) / (bottom + 1)), unknown when either is."""
        return np.asarray(np.log((self.counts[top] + 1.0) / (self.counts[bottom] + 1.0)))

    def username_digits(self) -> Floats:
        """Digits in each username; unknown without one, and for a young account, to which X proposed the name."""
        return np.where(self._no_username | self._young, np.nan, letters.digits(self._username))

    def in_bio(self, measure: letters.Measure) -> Floats:
        """The measure of each bio; an empty bio counts as unknown, for absence isn't evidence."""
        return np.where(self._no_bio, np.nan, measure(self._bio))


def _known_counts(columns: ProfileColumns) -> dict[str, Floats]:
    silent = (columns.tweets == 0) & ~(columns.likes > 0)
    unproven = (columns.age_days < DAYS_TO_SETTLE) | silent
    counts = {field: np.asarray(getattr(columns, field), dtype=np.float64) for field in ENOUGH}
    return {field: np.where(unproven & (count < ENOUGH[field]), np.nan, count) for field, count in counts.items()}
