"""Profiles as columns: what the features are computed from, one array a field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from followguard.domain.follower import Profile
from followguard.domain.labelled import LabelledProfile

Floats = NDArray[np.float64]
SECONDS_A_DAY = 86_400.0
MOST = 1e15
"""No count is taken for more: what is larger isn't a count, and must not overflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileColumns:
    """n profiles. Counts, days and lengths are float64 with NaN for unknown; texts are lists with None for unknown.

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
    username_length: Floats
    bio_length: Floats

    def __len__(self) -> int:
        return len(self.username)

    def part(self, start: int, stop: int) -> "ProfileColumns":
        """The rows from `start` to before `stop`."""
        return ProfileColumns(**{field: getattr(self, field)[start:stop] for field in self.__slots__})

    @classmethod
    def from_profiles(cls, profiles: Sequence[Profile]) -> "ProfileColumns":
        """Columns of profiles as read from X or from a file."""
        return cls._of(profiles, _lengths(p.username for p in profiles), _lengths(p.description for p in profiles))

    @classmethod
    def from_labelled(cls, rows: Sequence[LabelledProfile]) -> "ProfileColumns":
        """Columns of a public set, some of which hold the length of a text instead of the text."""
        return cls._of(
            [row.profile for row in rows],
            _length_or((row.profile.username, row.username_length) for row in rows),
            _length_or((row.profile.description, row.bio_length) for row in rows),
        )

    @classmethod
    def _of(cls, profiles: Sequence[Profile], username_length: Floats, bio_length: Floats) -> "ProfileColumns":
        return cls(
            followers=_counts(p.followers_count for p in profiles),
            following=_counts(p.following_count for p in profiles),
            tweets=_counts(p.tweet_count for p in profiles),
            listed=_counts(p.listed_count for p in profiles),
            likes=_counts(p.like_count for p in profiles),
            age_days=_floats(_age(p.created_at, p.observed_at) for p in profiles),
            username=[p.username for p in profiles],
            name=[p.name for p in profiles],
            bio=[p.description for p in profiles],
            username_length=username_length,
            bio_length=bio_length,
        )


def _floats(values: Iterable[float | int | None]) -> Floats:
    return np.array([np.nan if value is None else min(value, MOST) for value in values], dtype=np.float64)


def _counts(values: Iterable[int | None]) -> Floats:
    """A count below zero can't be: it is taken as unknown."""
    counts = _floats(values)
    return np.where(counts >= 0, counts, np.nan)


def _lengths(texts: Iterable[str | None]) -> Floats:
    return _floats(None if text is None else len(text) for text in texts)


def _length_or(pairs: Iterable[tuple[str | None, int | None]]) -> Floats:
    return _floats(given if text is None else len(text) for text, given in pairs)


def _age(created_at: datetime | None, observed_at: datetime) -> float | None:
    """Days from creation to observation."""
    if created_at is None:
        return None
    return max(0.0, (observed_at - created_at).total_seconds() / SECONDS_A_DAY)
