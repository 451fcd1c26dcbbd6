"""What the features are made of: counts, rates and ratios of a block of profiles, and when they are unknown."""

import numpy as np

from followguard.classifier.columns import (
    DAYS_A_YEAR,
    DAYS_TO_SETTLE,
    Flags,
    Floats,
    Measure,
    ProfileColumns,
    accents_apart,
    closing_digits,
    empty,
    latin_letters,
    share_of_pairs_in,
    texts_of,
)

ENOUGH = {"followers": 100.0, "following": 300.0, "tweets": 100.0, "listed": 5.0, "likes": 100.0}
"""Counts that say something even of a young or silent account."""
ACTS = {"tweets", "likes"}
"""The counts that a silent account lacks."""
FEWEST_CLOSING_DIGITS = 5.0
USERNAME_WIDTH = 32
NAME_WIDTH = 64
BIO_WIDTH = 512
DEFAULT_PICTURE = "default_profile"
"""Stands in the address of the picture that X gives to accounts without one."""


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
        self._age_days = np.asarray(columns.age_days, dtype=np.float64)
        self._columns = columns

    def rate(self, field: str) -> Floats:
        """Returns ln(1 + count per year of age)."""
        return np.asarray(np.log1p(self._count(field) * DAYS_A_YEAR / self.days))

    def age(self) -> Floats:
        """Returns ln(1 + days of age)."""
        return self._settled(np.log1p(self._age_days))

    def count(self, field: str) -> Floats:
        """Returns ln(1 + count)."""
        return np.asarray(np.log1p(self._count(field)))

    def following_per_followers_squared(self) -> Floats:
        """Returns ln((following + 1) / (followers + 1)^2): following many is usual for those whom many follow."""
        return np.asarray(self.ratio("following", "followers") - np.log1p(self._raw["followers"]))

    def bio_empty(self) -> Floats:
        """Returns 1 without a bio, else 0."""
        return self._settled(empty(self._columns.bio))

    def has_link(self) -> Floats:
        """Returns 1 with a link in the profile, else 0."""
        return self._settled(1.0 - empty(self._columns.link))

    def default_picture(self) -> Floats:
        """Returns 1 where the picture is the one that X gives to everybody, or none, else 0."""
        none, pictures = empty(self._columns.picture), self._columns.picture
        usual = np.array([text is not None and DEFAULT_PICTURE in text for text in pictures], dtype=bool)
        return self._settled(np.where(usual, 1.0, none))

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

    def _settled(self, values: Floats) -> Floats:
        """Returns values; unknown for a young or silent account, which had no time or shows nothing by choice."""
        return np.where(self._unproven, np.nan, values)

    def _in_username(self, values: Floats) -> Floats:
        return np.where((self._username.lengths == 0) | self._young, np.nan, values)


def young(columns: ProfileColumns) -> Flags:
    """Flags accounts younger than 30 days."""
    return np.asarray(columns.age_days < DAYS_TO_SETTLE)


def silent(columns: ProfileColumns) -> Flags:
    """Flags accounts that have neither posted nor liked, as far as is known."""
    return np.asarray((columns.tweets == 0) & ~(columns.likes > 0))
