"""A follower as X shows it at one moment, and what of it a person decides about."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

PROFILE_COLUMNS = (
    "id",
    "username",
    "name",
    "description",
    "location",
    "url",
    "created_at",
    "observed_at",
    "followers_count",
    "following_count",
    "tweet_count",
    "listed_count",
    "like_count",
    "media_count",
    "profile_image_url",
    "protected",
    "verified",
    "verified_type",
)
"""The columns of a profile file, in order; `Profile` has a field for each."""
APPEARANCE = ("name", "username", "description", "url", "profile_image_url")
"""Fields that a person sees and an approval is bound to. Their order is part of every hash on record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One account on X at `observed_at`. None means unknown, which is not the same as empty or zero.

    Counts are whole numbers >= 0. Times are aware UTC. `connection` holds X's `connection_status` words, or None
    where X didn't say (a profile file, a plan without user context).
    """

    id: str
    observed_at: datetime
    username: str | None = None
    name: str | None = None
    description: str | None = None
    location: str | None = None
    url: str | None = None
    created_at: datetime | None = None
    followers_count: int | None = None
    following_count: int | None = None
    tweet_count: int | None = None
    listed_count: int | None = None
    like_count: int | None = None
    media_count: int | None = None
    profile_image_url: str | None = None
    protected: bool | None = None
    verified: bool | None = None
    verified_type: str | None = None
    connection: frozenset[str] | None = None

    def appearance_hash(self) -> str:
        """Gives the sha256 (hex) that an approval is bound to: of name, username, bio, link and picture."""
        shown = [getattr(self, field) for field in APPEARANCE]
        return hashlib.sha256(json.dumps(shown, ensure_ascii=True).encode()).hexdigest()

    def changes_since(self, earlier: "Profile") -> dict[str, tuple[str | None, str | None]]:
        """Gives the visible changes: field -> (before, after), empty when nothing changed."""
        pairs = {field: (getattr(earlier, field), getattr(self, field)) for field in APPEARANCE}
        return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


FRESH = timedelta(hours=24)
"""A link is shown only while the follower was read within this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A follower as read at `read_at`; `asked`: just now, by look-up, and not out of our own tables.

    `gone`: X no longer shows them, and why; `left`: recorded as having left.
    """

    profile: Profile
    read_at: datetime
    asked: bool = False
    gone: str | None = None
    left: bool = False

    @property
    def connection(self) -> frozenset[str] | None:
        """X's words for what is between us, None where X didn't say."""
        return self.profile.connection

    @property
    def follows_us(self) -> bool | None:
        """None where X didn't say."""
        if self.left or self.gone:
            return False
        return None if self.connection is None else "followed_by" in self.connection

    def has(self, word: str) -> bool:
        """Tells whether X's connection words hold this one."""
        return self.connection is not None and word in self.connection

    def fresh(self, now: datetime) -> bool:
        """Tells whether it was read within the last 24 hours, to the second."""
        return now - self.read_at <= FRESH


def with_connections(
    profiles: Sequence[Profile], known_before: Mapping[str, frozenset[str] | None]
) -> tuple[Profile, ...]:
    """Returns profiles with an empty connection where X left `connection_status` out because there is none.

    That is believed when X gave it for another profile of the same answer, or when the answer has one profile and X
    gave it for that one before. Otherwise X may have stopped giving it, and nobody is taken for having left.
    """
    given = any(profile.connection is not None for profile in profiles)
    alone = len(profiles) == 1 and known_before.get(profiles[0].id) is not None
    if not given and not alone:
        return tuple(profiles)
    return tuple(
        replace(profile, connection=frozenset()) if profile.connection is None else profile for profile in profiles
    )
