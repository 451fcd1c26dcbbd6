"""Erasing a person from every table, and the tombstones that keep them out."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from followguard.adapters.store.covered import Covered, Touched
from followguard.adapters.store.erased_openings import close_openings
from followguard.adapters.store.inserts import insert_for
from followguard.adapters.store.log import LogTables
from followguard.adapters.store.raw import spelt
from followguard.adapters.store.tables import (
    accounts,
    batches,
    followers,
    forgetting,
    items,
    log,
    log_openings,
    metadata,
    paid_profiles,
    runs,
    settings,
    snapshots,
    tombstones,
)
from followguard.domain.covered import COVERED
from followguard.domain.stores.forgetting import Erased, Pending
from followguard.domain.tombstone import FORGOTTEN, SALT_BYTES, alias, digest, holds, names_pattern, without
from followguard.domain.utc_day import day_of

SALT = "tombstone_salt"
NOT_OF_ONE_PERSON = frozenset({"paid_profiles", "forgetting"})
"""Tables with a follower's id that are treated in a way of their own."""
COUNTED = ("snapshots", "scores", "decisions", "orders")


class ForgettingTables:
    """`followguard.domain.stores.forgetting.Forgetting` over SQLAlchemy Core."""

    def __init__(
        self, connection: Connection, token_bytes: Callable[[int], bytes], log: LogTables, touched: Touched
    ) -> None:
        self._connection = connection
        self._token_bytes = token_bytes
        self._log = log
        self._touched = touched
        self._covered = Covered(connection, touched)

    # --- who ----------------------------------------------------------------------------------------------------------
    def usernames(self, follower_id: str) -> tuple[str, ...]:
        query = select(snapshots.c.username).where(snapshots.c.follower_id == follower_id).distinct()
        return tuple(sorted(name for name in self._connection.execute(query).scalars() if name))

    def accounts(self, follower_id: str) -> tuple[str, ...]:
        query = select(accounts.c.handle).join(followers, followers.c.account_id == accounts.c.id)
        return tuple(sorted(self._connection.execute(query.where(followers.c.follower_id == follower_id)).scalars()))

    def among(self, follower_ids: Collection[str]) -> dict[str, str]:
        if not follower_ids or not self.count():
            return {}
        salt = self._salt()
        buried = set(self._connection.execute(select(tombstones.c.digest)).scalars())
        stones = {follower_id: digest(salt, follower_id) for follower_id in follower_ids}
        return {follower_id: alias(stone) for follower_id, stone in stones.items() if stone in buried}

    def on_record(self) -> list[str]:
        if not self.count():
            return []
        return list(self._connection.execute(select(followers.c.follower_id).distinct()).scalars())

    def count(self) -> int:
        return int(self._connection.execute(select(func.count()).select_from(tombstones)).scalar_one())

    # --- the intent ---------------------------------------------------------------------------------------------------
    def begin(self, pending: Pending) -> None:
        statement = insert_for(self._connection, forgetting).on_conflict_do_nothing()
        values = {
            "follower_id": pending.follower_id,
            "names": list(pending.usernames),
            "wishes": {"accounts": list(pending.accounts), "groups": list(pending.groups)},
            "started_at": pending.started_at,
        }
        self._connection.execute(statement, values)

    def pending(self) -> list[Pending]:
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

    def done(self, follower_id: str) -> None:
        self._connection.execute(delete(forgetting).where(forgetting.c.follower_id == follower_id))

    # --- erasing ------------------------------------------------------------------------------------------------------
    def erase(self, pending: Pending) -> list[Erased]:
        follower_id = pending.follower_id
        self._lock(follower_id)
        openings = self._close_openings(pending)
        counts = {handle: self._counts(handle, follower_id) for handle in pending.accounts}
        theirs = select(items.c.batch_id).where(items.c.follower_id == follower_id, items.c.batch_id.is_not(None))
        touched = set(self._connection.execute(theirs).scalars())
        for table, column, among in owned_rows(follower_id):
            self._connection.execute(
                delete(table).where(column.in_(among) if among is not None else column == follower_id)
            )
        self._empty_batches(touched)
        stone = self._bury(pending)
        paid = update(paid_profiles).where(paid_profiles.c.follower_id == follower_id)
        self._connection.execute(paid.values(follower_id=alias(stone)))
        self._clean_receipts(pending)
        return [Erased(account=handle, openings=openings.get(handle, 0), **counts[handle]) for handle in counts]

    def _lock(self, follower_id: str) -> None:
        """Whoever decides about them right now is let finish; whoever comes later finds nobody."""
        for table in (followers, items):
            rows = select(table.c.account_id).where(table.c.follower_id == follower_id).with_for_update()
            self._connection.execute(rows).all()

    def _counts(self, handle: str, follower_id: str) -> dict[str, int]:
        mine = select(accounts.c.id).where(accounts.c.handle == handle).scalar_subquery()
        counted = {}
        for name in COUNTED:
            table = metadata.tables[name]
            query = select(func.count()).where(table.c.account_id == mine, table.c.follower_id == follower_id)
            counted[name] = int(self._connection.execute(query).scalar_one())
        return counted

    def _close_openings(self, pending: Pending) -> dict[str, int]:
        """Takes salt and payload away from the log entries that name the person; returns how many by account."""
        named = opening_may_name(pending.follower_id)
        query = select(log_openings.c.seq, log_openings.c.payload, log.c.account).join(
            log, log.c.seq == log_openings.c.seq
        )
        about = {
            row.seq: row.account
            for row in self._connection.execute(query.where(named)).all()
            if holds(row.payload, pending.follower_id)
        }
        gone = [(table, spelt(key)) for table, key in self._covered_rows(pending.follower_id)]
        close_openings(self._connection, self._log, self._touched, about, gone)
        return dict(Counter(about.values()))

    def _covered_rows(self, follower_id: str) -> Iterator[tuple[str, Any]]:
        """Table and key of the person's rows that the log vouches for, and of their cards, which its draws name."""
        named = {**COVERED, items.name: "id"}
        for table, column, among in owned_rows(follower_id):
            if table.name in named:
                theirs = column.in_(among) if among is not None else column == follower_id
                keys = self._connection.execute(select(table.c[named[table.name]]).where(theirs)).scalars()
                yield from ((table.name, key) for key in keys)

    def _empty_batches(self, touched: Collection[int]) -> None:
        """The words of a batch quote a bio that its followers share; without followers it is nobody's any more."""
        alone = ~exists().where(items.c.batch_id == batches.c.id)
        statement = update(batches).where(batches.c.id.in_(touched), alone)
        self._connection.execute(statement.values(alike=FORGOTTEN))

    def _bury(self, pending: Pending) -> str:
        stone = digest(self._salt(), pending.follower_id)
        statement = insert_for(self._connection, tombstones).on_conflict_do_nothing()
        day = day_of(pending.started_at.astimezone(UTC))
        self._covered.insert(statement.values(digest=stone, day=day), pending.started_at)
        return stone

    def _salt(self) -> bytes:
        known = select(settings.c.value).where(settings.c.name == SALT)
        value = self._connection.execute(known).scalar()
        if value is None:
            value = self._token_bytes(SALT_BYTES).hex()
            self._covered.insert(insert(settings).values(name=SALT, value=value))
        return bytes.fromhex(str(value))

    def _clean_receipts(self, pending: Pending) -> None:
        """Receipts name followers in their errors, and those whom an account follows without an order of ours."""
        named = receipt_may_name(pending.follower_id, pending.usernames)
        pattern = names_pattern(pending.follower_id, pending.usernames)
        for row in self._connection.execute(select(runs.c.id, runs.c.receipt).where(named)).all():
            cleaned = without(row.receipt, pattern, pending.usernames)
            self._connection.execute(update(runs).where(runs.c.id == row.id).values(receipt=cleaned))


def opening_may_name(follower_id: str) -> ColumnElement[bool]:
    """Whether a log entry's payload has the id in it; `domain.tombstone.holds` says whether it is about them."""
    return cast(log_openings.c.payload, Text).contains(f'"{follower_id}"')


def receipt_may_name(follower_id: str, usernames: Iterable[str]) -> ColumnElement[bool]:
    """Whether a receipt has one of the words in it; `domain.tombstone.without` says whether it names them."""
    words = [json.dumps(word)[1:-1].lower() for word in (follower_id, *usernames)]
    written = func.lower(cast(runs.c.receipt, Text))
    return or_(*(written.contains(word, autoescape=True) for word in words))


def owned_rows(follower_id: str) -> list[tuple[Table, Column[Any], Any]]:
    """What to delete, in this order: table, column, and which values of it (None: those that equal the id).

    Every table with a follower's id, and every other one that points at a row of those: a table that comes later is
    covered without a word here.
    """
    owned = {
        table.name
        for table in metadata.sorted_tables
        if "follower_id" in table.c and table.name not in NOT_OF_ONE_PERSON
    }
    found: list[tuple[Table, Column[Any], Any]] = []
    for table in reversed(metadata.sorted_tables):
        if table.name in owned:
            found.append((table, table.c.follower_id, None))
            continue
        for key in table.foreign_keys:
            target = key.column.table
            if target.name in owned:
                rows = select(key.column).where(target.c.follower_id == follower_id)
                found.append((table, key.parent, rows))
                break
    return found
