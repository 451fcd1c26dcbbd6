"""Followers and their snapshots."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, insert, select, update

from followguard.domain.follower import Profile
from followguard.followers.passes_store import ReadingPass
from followguard.store.tables import followers, snapshots
from followguard.store.values import chunks, profile_of, snapshot_values
from followguard.store.work import Queries

PLACES = 1_000_000_000
"""Room for the rows of one pass; the rows of a later pass always stand above those of an earlier one."""

COUNTS = ("followers_count", "following_count", "tweet_count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """The time a recorded follower was last seen, and when they left if so. `connection` is X's word."""

    last_seen_at: datetime
    left_at: datetime | None
    connection: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAgain:
    """A recorded follower seen once more. `changed`: a person would see a difference; `returned`: they had left, or
    the list is read and they were missing in it before.
    """

    snapshot_id: int
    changed: bool
    returned: bool


class Followers(Queries):
    """Followers and their snapshots; only nights, reconcile and recheck write them."""

    # --- the list ---------------------------------------------------------------------------------------------------
    def head(self, account_id: int, before_pass: int, limit: int) -> list[str]:
        """Returns the newest recorded followers, newest first, as complete readings before that pass met them.

        Leaves out those who left or are missing.
        """
        query = (
            select(followers.c.follower_id)
            .where(
                followers.c.account_id == account_id,
                followers.c.ordinal.between(1, before_pass * PLACES - 1),
                followers.c.left_at.is_(None),
                followers.c.missing_at.is_(None),
            )
            .order_by(followers.c.ordinal.desc())
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def known(self, account_id: int, ids: Collection[str]) -> dict[str, int]:
        """Maps recorded followers among `ids` to the pass that saw them last in the list."""
        found: dict[str, int] = {}
        for part in chunks(ids):
            query = select(followers.c.follower_id, followers.c.pass_id).where(_these(account_id, part))
            found.update((row.follower_id, row.pass_id) for row in self._connection.execute(query))
        return found

    def unproven(self, account_id: int, ids: Collection[str]) -> set[str]:
        """Returns recorded followers among `ids` that no complete reading has met: nobody knows what stands above."""
        found: set[str] = set()
        for part in chunks(ids):
            query = select(followers.c.follower_id).where(_these(account_id, part), followers.c.ordinal == 0)
            found.update(self._connection.execute(query).scalars())
        return found

    def record(self, reading: ReadingPass, profiles: Sequence[Profile], now: datetime) -> int:
        """Records followers met for the first time, and their snapshots; returns how many.

        Those of `profiles` that are recorded already are left alone.
        """
        known = self.known(reading.account_id, {profile.id for profile in profiles})
        new = {profile.id: profile for profile in profiles if profile.id not in known}
        if not new:
            return 0
        rows = [_follower_values(reading, profile, now) for profile in new.values()]
        self._connection.execute(insert(followers), rows)
        self._attach_snapshots(reading.account_id, new.values())
        return len(new)

    def place(self, reading: ReadingPass, ids: Sequence[str], first_position: int) -> None:
        """Gives followers their places in the list, in this order, the first one the newest.

        They count once the pass is complete. A follower that a later pass has met keeps the place that it gave.
        """
        if not ids:
            return
        statement = (
            update(followers)
            .where(followers.c.account_id == reading.account_id, followers.c.follower_id == bindparam("the_id"))
            .where(followers.c.pass_id <= reading.id)
            .values(next_ordinal=bindparam("the_ordinal"), pass_id=reading.id)
        )
        top = (reading.id + 1) * PLACES - 1 - first_position
        rows = [{"the_id": follower_id, "the_ordinal": top - index} for index, follower_id in enumerate(ids)]
        self._connection.execute(statement, rows)

    def observe(
        self, account_id: int, profiles: Sequence[Profile], now: datetime, *, in_list: bool = False
    ) -> dict[str, SeenAgain]:
        """Notes recorded followers seen again: presence and connection, and a snapshot where they changed.

        One who had left is back when the follower list shows them (`in_list`) or X says `followed_by`; being looked up
        alone doesn't bring anybody back.
        """
        current = {profile.id: profile for profile in profiles}
        stored = self._stored(account_id, current)
        changed = {i: current[i] for i, (_, old) in stored.items() if _differs(old, current[i])}
        fresh = self._attach_snapshots(account_id, changed.values())
        back = {i for i in stored if in_list or _is_back(current[i])}
        self._touch(account_id, [current[i] for i in stored], back, now)
        if in_list:
            self._end_missing(account_id, list(stored))
        return {
            i: SeenAgain(
                snapshot_id=fresh.get(i, row.snapshot_id),
                changed=bool(current[i].changes_since(old)),
                returned=i in back and (row.left_at is not None or (in_list and row.missing_at is not None)),
            )
            for i, (row, old) in stored.items()
        }

    def mark_missing(self, account_id: int, ids: Collection[str], now: datetime) -> None:
        """Notes that a reading didn't meet them where they should have stood.

        That is no proof that they left, but they are no mark any more.
        """
        for part in chunks(ids):
            statement = update(followers).where(_these(account_id, part), followers.c.missing_at.is_(None))
            self._connection.execute(statement.values(missing_at=now))

    def mark_left(self, account_id: int, ids: Collection[str], now: datetime) -> None:
        """Notes that they don't follow any more."""
        for part in chunks(ids):
            statement = update(followers).where(_these(account_id, part), followers.c.left_at.is_(None))
            self._connection.execute(statement.values(left_at=now))

    def unseen_since(self, account_id: int, pass_id: int) -> list[str]:
        """Returns followers that count as present and that neither this pass nor a later one met, by id."""
        query = select(followers.c.follower_id).where(
            followers.c.account_id == account_id, followers.c.left_at.is_(None), followers.c.pass_id < pass_id
        )
        return sorted(self._connection.execute(query).scalars(), key=int)

    def met_since(self, account_id: int, pass_id: int) -> int:
        """Counts the followers that count as present and that this pass or a later one met."""
        query = select(func.count()).where(
            followers.c.account_id == account_id, followers.c.left_at.is_(None), followers.c.pass_id >= pass_id
        )
        return int(self._connection.execute(query).scalar_one())

    def count_as_met(self, pass_id: int, account_id: int, ids: Collection[str]) -> None:
        """Counts followers that X said by look-up are there as met by that pass, in the place where they stood."""
        for part in chunks(ids):
            statement = update(followers).where(_these(account_id, part), followers.c.pass_id < pass_id)
            self._connection.execute(statement.values(pass_id=pass_id))

    # --- what is known ----------------------------------------------------------------------------------------------
    def latest(self, account_id: int, ids: Collection[str]) -> dict[str, Profile]:
        """Maps each recorded follower to the latest snapshot, with the connection last seen."""
        return {i: old for i, (_, old) in self._stored(account_id, ids).items()}

    def presence(self, account_id: int, ids: Collection[str]) -> dict[str, Presence]:
        """Tells whether and when each recorded follower was last seen."""
        found: dict[str, Presence] = {}
        for part in chunks(ids):
            for row in self._connection.execute(select(followers).where(_these(account_id, part))):
                connection = None if row.connection is None else frozenset(row.connection)
                found[row.follower_id] = Presence(
                    last_seen_at=row.last_seen_at, left_at=row.left_at, connection=connection
                )
        return found

    # --- inside -----------------------------------------------------------------------------------------------------
    def _stored(self, account_id: int, ids: Collection[str]) -> dict[str, tuple[Row[Any], Profile]]:
        found: dict[str, tuple[Row[Any], Profile]] = {}
        columns: list[Any] = [
            followers.c.snapshot_id,
            followers.c.left_at,
            followers.c.missing_at,
            followers.c.connection,
        ]
        columns.append(snapshots)
        joined = followers.join(snapshots, snapshots.c.id == followers.c.snapshot_id)
        for part in chunks(ids):
            query = select(*columns).select_from(joined).where(_these(account_id, part))
            for row in self._connection.execute(query):
                found[row.follower_id] = (row, profile_of(row._mapping, row.connection))
        return found

    def _attach_snapshots(self, account_id: int, profiles: Iterable[Profile]) -> dict[str, int]:
        """Stores snapshots and makes them the latest; returns their ids by follower."""
        rows = [snapshot_values(account_id, profile) for profile in profiles]
        if not rows:
            return {}
        statement = insert(snapshots).returning(snapshots.c.follower_id, snapshots.c.id)
        stored = {row.follower_id: row.id for row in self._connection.execute(statement, rows)}
        point = (
            update(followers)
            .where(followers.c.account_id == account_id, followers.c.follower_id == bindparam("the_id"))
            .values(snapshot_id=bindparam("the_snapshot"))
        )
        self._connection.execute(point, [{"the_id": i, "the_snapshot": s} for i, s in stored.items()])
        return stored

    def _end_missing(self, account_id: int, ids: Collection[str]) -> None:
        for part in chunks(ids):
            statement = update(followers).where(_these(account_id, part), followers.c.missing_at.is_not(None))
            self._connection.execute(statement.values(missing_at=None))

    def _touch(self, account_id: int, profiles: Sequence[Profile], back: set[str], now: datetime) -> None:
        if not profiles:
            return
        mine = and_(followers.c.account_id == account_id, followers.c.follower_id == bindparam("the_id"))
        seen = update(followers).where(mine).values(last_seen_at=now, connection=bindparam("the_connection"))
        self._connection.execute(seen, [{"the_id": p.id, "the_connection": _words(p)} for p in profiles])
        if back:
            returned = update(followers).where(mine, followers.c.left_at.is_not(None))
            rows = [{"the_id": follower_id} for follower_id in sorted(back)]
            self._connection.execute(returned.values(left_at=None, returned_at=now), rows)


def _these(account_id: int, ids: Collection[str]) -> Any:
    return and_(followers.c.account_id == account_id, followers.c.follower_id.in_(ids))


def _words(profile: Profile) -> list[str] | None:
    return None if profile.connection is None else sorted(profile.connection)


def _is_back(profile: Profile) -> bool:
    return profile.connection is not None and "followed_by" in profile.connection


def _differs(old: Profile, current: Profile) -> bool:
    """Tells whether a new snapshot is worth keeping: a visible change, or counts that moved by more than a tenth."""
    if old.appearance_hash() != current.appearance_hash():
        return True
    for name in COUNTS:
        before, after = getattr(old, name) or 0, getattr(current, name) or 0
        if abs(after - before) > max(10, before // 10):
            return True
    return old.protected != current.protected


def _follower_values(reading: ReadingPass, profile: Profile, now: datetime) -> dict[str, Any]:
    return {
        "account_id": reading.account_id,
        "follower_id": profile.id,
        "ordinal": 0,
        "next_ordinal": 0,
        "pass_id": reading.id,
        "first_seen_at": now,
        "last_seen_at": now,
        "connection": _words(profile),
        "snapshot_id": 0,
    }
