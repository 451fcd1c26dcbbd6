"""The names by which recorded followers are found."""

from typing import Any

from sqlalchemy import Select, and_, func, select

from followguard.domain.card import FoundFollower
from followguard.domain.follower import FollowerRef, RefKind
from followguard.store.tables import accounts, followers, items, snapshots
from followguard.store.tables.conditions import OF_FOLLOWER
from followguard.store.work import Queries


class FollowerSearch(Queries):
    """Recorded followers by the names that people give."""

    def find(self, ref: FollowerRef, account_id: int | None) -> list[FoundFollower]:
        """Finds the followers that a name stands for: present ones first, then those who left; by account."""
        query = (
            select(followers, accounts.c.handle, items.c.id.label("item"))
            .select_from(followers)
            .join(accounts, accounts.c.id == followers.c.account_id)
            .outerjoin(items, OF_FOLLOWER)
            .order_by(followers.c.left_at.is_not(None), accounts.c.handle, followers.c.follower_id)
        )
        query = _named(query, ref)
        if account_id is not None:
            query = query.where(followers.c.account_id == account_id)
        return [
            FoundFollower(
                account_id=row.account_id,
                account=row.handle,
                follower_id=row.follower_id,
                item=row.item,
                left=row.left_at is not None,
            )
            for row in self._connection.execute(query)
        ]


def _named(query: Select[Any], ref: FollowerRef) -> Select[Any]:
    if ref.kind is RefKind.ID:
        return query.where(followers.c.follower_id == ref.value)
    if ref.kind is RefKind.ITEM:
        return query.where(items.c.id == int(ref.value))
    # Told by its follower too, so that the index of usernames leads to the followers: they have none of snapshots.
    theirs = and_(snapshots.c.account_id == followers.c.account_id, snapshots.c.follower_id == followers.c.follower_id)
    latest = and_(snapshots.c.id == followers.c.snapshot_id, theirs)
    return query.join(snapshots, latest).where(func.lower(snapshots.c.username) == ref.value)
