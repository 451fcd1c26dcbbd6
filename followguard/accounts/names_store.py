"""Usernames in the policy's lists, and the followers they hold to."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, delete, func, select, update

from followguard.store.tables import followers, listed_names, snapshots
from followguard.store.values import chunks, insert_for
from followguard.store.work import Queries


class ListedNames(Queries):
    """Usernames in the policy's lists: a name stands here as long as one of the account's lists has it."""

    def hold(self, account_id: int, names: Collection[str], now: datetime) -> None:
        """Takes in new names, lets go of those that aren't listed any more, and binds each to the follower it met.

        That is the one who was last known by the name when it was listed, else the first who came with it, or took it,
        since then. A name that is bound stays bound. `names` as from `listed_names.usernames_of`.
        """
        query = select(listed_names).where(listed_names.c.account_id == account_id)
        known = {row.name: row for row in self._connection.execute(query)}
        for name in sorted(known.keys() - set(names)):
            gone = and_(listed_names.c.account_id == account_id, listed_names.c.name == name)
            self._connection.execute(delete(listed_names).where(gone))
        fresh = self._last_known(account_id, set(names) - known.keys())
        if fresh:
            rows = [{"account_id": account_id, "name": n, "since": now, "follower_id": i} for n, i in fresh.items()]
            self._connection.execute(insert_for(self._connection, listed_names).on_conflict_do_nothing(), rows)
        unmet = {name: row.since for name, row in known.items() if name in names and row.follower_id is None}
        self._bind(account_id, self._first_since(account_id, unmet))

    def holders(self, account_id: int) -> dict[str, str]:
        """Maps each name to the id of the follower it holds to; those that have met nobody are left out."""
        query = select(listed_names.c.name, listed_names.c.follower_id).where(
            listed_names.c.account_id == account_id, listed_names.c.follower_id.is_not(None)
        )
        return {row.name: row.follower_id for row in self._connection.execute(query)}

    def _bind(self, account_id: int, met: Mapping[str, str]) -> None:
        if met:
            statement = update(listed_names).where(
                listed_names.c.account_id == account_id, listed_names.c.name == bindparam("the_name")
            )
            rows = [{"the_name": name, "the_id": follower_id} for name, follower_id in met.items()]
            self._connection.execute(statement.values(follower_id=bindparam("the_id")), rows)

    def _last_known(self, account_id: int, names: Collection[str]) -> dict[str, str | None]:
        """Maps names to who has them by the newest look on record, None: nobody."""
        found: dict[str, Row[Any]] = {}
        for name, row in self._looks(account_id, names):
            if row.snapshot_id == row.id:
                found[name] = max(found.get(name, row), row, key=lambda each: (each.last_seen_at, each.id))
        return {name: found[name].follower_id if name in found else None for name in sorted(names)}

    def _first_since(self, account_id: int, since: Mapping[str, datetime]) -> dict[str, str]:
        """Maps names to who first came with them, or took them, from that time on."""
        found: dict[str, str] = {}
        for name, row in self._looks(account_id, since):
            if row.observed_at >= since[name]:
                found.setdefault(name, row.follower_id)
        return found

    def _looks(self, account_id: int, names: Collection[str]) -> Iterator[tuple[str, Row[Any]]]:
        """Yields every look with one of the names, as they came."""
        entries = {name.removeprefix("@"): name for name in names}
        for part in chunks(sorted(entries)):
            for row in self._connection.execute(_looks(account_id, part)):
                yield entries[row.username], row


def _looks(account_id: int, usernames: Collection[str]) -> Select[Any]:
    """Returns every snapshot with one of the names, as they came, and which is its follower's last."""
    username = func.lower(snapshots.c.username)
    return (
        select(
            username.label("username"),
            snapshots.c.id,
            snapshots.c.follower_id,
            snapshots.c.observed_at,
            followers.c.snapshot_id,
            followers.c.last_seen_at,
        )
        .join(
            followers,
            and_(followers.c.account_id == snapshots.c.account_id, followers.c.follower_id == snapshots.c.follower_id),
        )
        .where(snapshots.c.account_id == account_id, username.in_(usernames))
        .order_by(snapshots.c.id)
    )
