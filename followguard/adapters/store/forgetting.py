"""Erasing a person from every table, and the tombstones that keep them out."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
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

from followguard.adapters.store.erased_openings import close_openings
from followguard.adapters.store.inserts import insert_for
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
from followguard.adapters.store.work import Queries
from followguard.domain.covered import COVERED
from followguard.domain.tombstone import FORGOTTEN, SALT_BYTES, alias, digest, holds, names_pattern, without
from followguard.domain.utc_day import day_of

SALT = "tombstone_salt"
NOT_OF_ONE_PERSON = frozenset({"paid_profiles", "forgetting"})
"""Tables with a follower's id that are treated in a way of their own."""
COUNTED = ("snapshots", "scores", "decisions", "orders")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """Numbers of rows erased of one account's; `openings` of its log lost their payload, and the chain is whole."""

    account: str
    snapshots: int = 0
    scores: int = 0
    decisions: int = 0
    orders: int = 0
    openings: int = 0

    def as_json(self) -> dict[str, Any]:
        """Returns the numbers for the log's entry and for the command."""
        names = ("snapshots", "scores", "decisions", "orders", "openings")
        return {name: getattr(self, name) for name in names}


class Forgetting(Queries):
    """Erasures: only `jobs.forget` begins one; whatever reads the list asks who is forgotten."""

    # --- who ----------------------------------------------------------------------------------------------------------
    def usernames(self, follower_id: str) -> tuple[str, ...]:
        """Returns every username on record, of any account."""
        query = select(snapshots.c.username).where(snapshots.c.follower_id == follower_id).distinct()
        return tuple(sorted(name for name in self._connection.execute(query).scalars() if name))

    def accounts(self, follower_id: str) -> tuple[str, ...]:
        """Returns the handles of the accounts that have a row of this follower."""
        query = select(accounts.c.handle).join(followers, followers.c.account_id == accounts.c.id)
        return tuple(sorted(self._connection.execute(query.where(followers.c.follower_id == follower_id)).scalars()))

    def among(self, follower_ids: Collection[str]) -> dict[str, str]:
        """Maps those of these ids who are forgotten to what stands for them where a profile was paid for."""
        if not follower_ids or not self.count():
            return {}
        salt = self._salt()
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

    # --- the intent ---------------------------------------------------------------------------------------------------
    def begin(self, pending: Pending) -> None:
        """Puts the intent on record: from here to `done` the database lets this follower's decisions go."""
        statement = insert_for(self._connection, forgetting).on_conflict_do_nothing()
        values = {
            "follower_id": pending.follower_id,
            "names": list(pending.usernames),
            "wishes": {"accounts": list(pending.accounts), "groups": list(pending.groups)},
            "started_at": pending.started_at,
        }
        self._connection.execute(statement, values)

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

    def done(self, follower_id: str) -> None:
        """Removes the intent: nothing is left to do."""
        self._connection.execute(delete(forgetting).where(forgetting.c.follower_id == follower_id))

    # --- erasing ------------------------------------------------------------------------------------------------------
    def erase(self, pending: Pending) -> list[Erased]:
        """Erases everything about the follower, in every account, and leaves a tombstone.

        Raises where `begin` wasn't called.
        """
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
        """Lets whoever decides about them right now finish; whoever comes later finds nobody."""
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
        close_openings(self._work, about, gone)
        return dict(Counter(about.values()))

    def _covered_rows(self, follower_id: str) -> Iterator[tuple[str, Any]]:
        """Yields table and key of the person's rows that the log vouches for, and of their cards, which draws name."""
        named = {**COVERED, items.name: "id"}
        for table, column, among in owned_rows(follower_id):
            if table.name in named:
                theirs = column.in_(among) if among is not None else column == follower_id
                keys = self._connection.execute(select(table.c[named[table.name]]).where(theirs)).scalars()
                yield from ((table.name, key) for key in keys)

    def _empty_batches(self, touched: Collection[int]) -> None:
        """Removes the words of batches without followers: they quote a bio that is nobody's any more."""
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
            value = self._work.token_bytes(SALT_BYTES).hex()
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
    """Tells whether a log entry's payload has the id in it; `domain.tombstone.holds` says whether it is about them."""
    return cast(log_openings.c.payload, Text).contains(f'"{follower_id}"')


def receipt_may_name(follower_id: str, usernames: Iterable[str]) -> ColumnElement[bool]:
    """Tells whether a receipt has one of the words in it; `domain.tombstone.without` says whether it names them."""
    words = [json.dumps(word)[1:-1].lower() for word in (follower_id, *usernames)]
    written = func.lower(cast(runs.c.receipt, Text))
    return or_(*(written.contains(word, autoescape=True) for word in words))


def owned_rows(follower_id: str) -> list[tuple[Table, Column[Any], Any]]:
    """Lists what to delete, in this order: table, column, and which values of it (None: those that equal the id).

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
