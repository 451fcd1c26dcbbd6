"""A follower as read last: by look-up, or from our own tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from followguard.domain.follower import Profile

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
