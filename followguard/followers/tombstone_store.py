"""Who was erased, and stays out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from followguard.followers.tombstone import SALT_BYTES, alias, digest
from followguard.store.tables import followers, forgetting, settings, tombstones
from followguard.store.tables.of_one_person import SALT
from followguard.store.work import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An erasure whose files aren't done yet. `accounts`: handles; `groups`: whose champions are to be fitted anew.

    `usernames`: to find the person in our own files. The row goes when all is done.
    """

    follower_id: str
    usernames: tuple[str, ...]
    accounts: tuple[str, ...]
    groups: tuple[str, ...]
    started_at: datetime


class Tombstones(Queries):
    """Tombstones of people who were erased, and erasures under way."""

    def among(self, follower_ids: Collection[str]) -> dict[str, str]:
        """Maps those of these ids who are forgotten to what stands for them where a profile was paid for."""
        if not follower_ids or not self.count():
            return {}
        salt = self.salt()
        buried = set(self._connection.execute(select(tombstones.c.digest)).scalars())
        stones = {follower_id: digest(salt, follower_id) for follower_id in follower_ids}
        return {follower_id: alias(stone) for follower_id, stone in stones.items() if stone in buried}

    def on_record(self) -> list[str]:
        """Returns the ids of everybody on record, in any account; none while nobody is forgotten."""
        if not self.count():
            return []
        return list(self._connection.execute(select(followers.c.follower_id).distinct()).scalars())

    def count(self) -> int:
        """Counts who is forgotten."""
        return int(self._connection.execute(select(func.count()).select_from(tombstones)).scalar_one())

    def pending(self) -> list[Pending]:
        """Returns erasures that were begun and aren't done, the oldest first."""
        rows = self._connection.execute(select(forgetting).order_by(forgetting.c.started_at))
        return [
            Pending(
                follower_id=row.follower_id,
                usernames=tuple(row.names),
                accounts=tuple(row.wishes["accounts"]),
                groups=tuple(row.wishes["groups"]),
                started_at=row.started_at,
            )
            for row in rows
        ]

    def salt(self) -> bytes:
        known = select(settings.c.value).where(settings.c.name == SALT)
        value = self._connection.execute(known).scalar()
        if value is None:
            value = self._work.token_bytes(SALT_BYTES).hex()
            self._covered.insert(insert(settings).values(name=SALT, value=value))
        return bytes.fromhex(str(value))
