"""Between stored values and the domain's types: times, profiles, chunks of ids, inserts."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from followguard.domain.follower import Profile
from followguard.store.errors import unreadable


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps it without a zone, PostgreSQL with one."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Chooses `timestamptz` where there is one."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive time: its zone would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone can't be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Raises `DamagedDatabase` for what is no time."""
        read = super().result_processor(dialect, coltype)

        def checked(value: Any) -> Any:
            try:
                return value if read is None else read(value)
            except (TypeError, ValueError) as error:
                raise unreadable("a time") from error

        return checked

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Returns aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def insert_for(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Returns an INSERT that knows `on_conflict_do_nothing`."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


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
