"""Profiles as columns: what the features are computed from, one array a field.

A value that X would never send is unknown here, never an error and never a zero: a count below zero, a count as text,
a text that is a number, a moment without a time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from followguard.domain.follower import Profile

Floats = NDArray[np.float64]
SECONDS_A_DAY = 86_400.0
MOST = 1e15
"""No count is taken for more: what is larger isn't a count, and must not overflow."""
PLAIN_COUNTS = {int, type(None)}
PLAIN_TEXTS = {str, type(None)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileColumns:
    """n profiles. Counts and days are float64 with NaN for unknown; texts are lists with None for unknown.

    `age_days` is `observed_at` - `created_at`, never the wall clock; 0 where an account seems to come from the future.
    """

    followers: Floats
    following: Floats
    tweets: Floats
    listed: Floats
    likes: Floats
    age_days: Floats
    username: list[str | None]
    name: list[str | None]
    bio: list[str | None]

    def __len__(self) -> int:
        return len(self.username)

    def part(self, start: int, stop: int) -> "ProfileColumns":
        """The rows from `start` to before `stop`."""
        return ProfileColumns(**{field: getattr(self, field)[start:stop] for field in self.__slots__})

    @classmethod
    def from_profiles(cls, profiles: Sequence[Profile]) -> "ProfileColumns":
        """Columns of profiles as read from X, a file or a public set, in their order."""
        return cls(
            followers=_counts([p.followers_count for p in profiles]),
            following=_counts([p.following_count for p in profiles]),
            tweets=_counts([p.tweet_count for p in profiles]),
            listed=_counts([p.listed_count for p in profiles]),
            likes=_counts([p.like_count for p in profiles]),
            age_days=_ages([p.created_at for p in profiles], [p.observed_at for p in profiles]),
            username=_texts([p.username for p in profiles]),
            name=_texts([p.name for p in profiles]),
            bio=_texts([p.description for p in profiles]),
        )


def _counts(values: list[int | None]) -> Floats:
    """Whole numbers as they are; below zero, or anything but a whole number, is unknown."""
    if not set(map(type, values)) <= PLAIN_COUNTS:
        values = [value if type(value) is int else None for value in values]
    try:
        counts = np.array(values, dtype=np.float64)
    except OverflowError:
        counts = np.array([value if value is None else min(value, int(MOST)) for value in values], dtype=np.float64)
    return np.where(counts >= 0, np.minimum(counts, MOST), np.nan)


def _texts(values: list[str | None]) -> list[str | None]:
    if set(map(type, values)) <= PLAIN_TEXTS:
        return values
    return [value if isinstance(value, str) else None for value in values]


def _ages(created: list[datetime | None], observed: list[datetime]) -> Floats:
    """Days from creation to observation."""
    return np.array([_age(*pair) for pair in zip(created, observed, strict=True)], dtype=np.float64)


def _age(created_at: datetime | None, observed_at: datetime) -> float:
    if created_at is None:
        return np.nan
    try:
        return max(0.0, (observed_at - created_at).total_seconds() / SECONDS_A_DAY)
    except TypeError:
        return np.nan


Flags = NDArray[np.bool_]
