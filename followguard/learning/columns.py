"""Profiles as columns: what the features are computed from, one array a field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from followguard.domain.follower import Profile

Floats = NDArray[np.float64]
SECONDS_A_DAY = 86_400.0
MOST = 1e15
"""No count is taken for more: what is larger isn't a count, and must not overflow."""


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
            followers=_counts(p.followers_count for p in profiles),
            following=_counts(p.following_count for p in profiles),
            tweets=_counts(p.tweet_count for p in profiles),
            listed=_counts(p.listed_count for p in profiles),
            likes=_counts(p.like_count for p in profiles),
            age_days=_floats(_age(p.created_at, p.observed_at) for p in profiles),
            username=[p.username for p in profiles],
            bio=[p.description for p in profiles],
        )


def _floats(values: Iterable[float | int | None]) -> Floats:
    return np.array([np.nan if value is None else min(value, MOST) for value in values], dtype=np.float64)


def _counts(values: Iterable[int | None]) -> Floats:
    """A count below zero can't be: it is taken as unknown."""
    counts = _floats(values)
    return np.where(counts >= 0, counts, np.nan)


def _age(created_at: datetime | None, observed_at: datetime) -> float | None:
    """Days from creation to observation."""
    if created_at is None:
        return None
    return max(0.0, (observed_at - created_at).total_seconds() / SECONDS_A_DAY)
