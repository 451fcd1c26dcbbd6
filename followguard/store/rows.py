"""Between rows and the domain's types."""

from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any, TypeVar

from followguard.domain.follower import Profile

Id = TypeVar("Id", int, str)
CHUNK = 500
"""How many ids go into one IN (...): SQLite allows 32,766 bound values, PostgreSQL 65,535."""

PROFILE_FIELDS = tuple(f.name for f in fields(Profile) if f.name not in {"id", "observed_at", "connection"})


def chunks(ids: Collection[Id], size: int = CHUNK) -> Iterator[list[Id]]:
    """Yields the ids in lists of at most `size`."""
    rest = list(ids)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def snapshot_values(account_id: int, profile: Profile) -> dict[str, Any]:
    """Makes a row of `snapshots` for one profile."""
    values = {name: getattr(profile, name) for name in PROFILE_FIELDS}
    return values | {
        "account_id": account_id,
        "follower_id": profile.id,
        "observed_at": profile.observed_at,
        "appearance_hash": profile.appearance_hash(),
    }


def profile_of(row: Any, connection: list[str] | None = None) -> Profile:
    """Makes a profile from a mapping of the columns of `snapshots` (`follower_id` for the id)."""
    return Profile(
        id=row["follower_id"],
        observed_at=row["observed_at"],
        connection=None if connection is None else frozenset(connection),
        **{name: row[name] for name in PROFILE_FIELDS},
    )
