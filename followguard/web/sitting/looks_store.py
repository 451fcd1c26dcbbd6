"""How a follower looked before: names and bios of earlier readings."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from followguard.store.tables import snapshots
from followguard.store.work import Queries

MOST = 20


class EarlierLook(NamedTuple):
    """A look that was read, and when it was read last."""

    username: str | None
    name: str | None
    bio: str | None
    last_seen_at: datetime


class EarlierLooks(Queries):
    """Reads looks that differ from today's in username, name or bio."""

    def of(self, account_id: int, follower_id: str) -> list[EarlierLook]:
        """Returns them, the newest first; readings in a row that show the same are one look."""
        query = (
            select(snapshots.c.username, snapshots.c.name, snapshots.c.description, snapshots.c.observed_at)
            .where(snapshots.c.account_id == account_id, snapshots.c.follower_id == follower_id)
            .order_by(snapshots.c.observed_at.desc(), snapshots.c.id.desc())
            .limit(MOST)
        )
        found: list[EarlierLook] = []
        for row in self._connection.execute(query):
            if not found or found[-1][:3] != row[:3]:
                found.append(EarlierLook(*row))
        return found[1:]
