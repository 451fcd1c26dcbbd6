"""Erasing a person from every table, and the tombstones that keep them out."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from followguard.domain.units import day_of
from followguard.followers.tombstone import FORGOTTEN, alias, digest, holds, names_pattern, without
from followguard.followers.tombstone_store import Pending, Tombstones
from followguard.proof.erased_openings_store import close_openings
from followguard.store.seals import COVERED, spelt
from followguard.store.tables import (
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
    snapshots,
    tombstones,
)
from followguard.store.tables.of_one_person import owned_rows
from followguard.store.values import insert_for
from followguard.store.work import Queries

COUNTED = ("snapshots", "scores", "decisions", "orders")


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
    """Erasures: only `privacy.forget` begins one; whatever reads the list asks who is forgotten."""

    # --- who ----------------------------------------------------------------------------------------------------------
    def usernames(self, follower_id: str) -> tuple[str, ...]:
        """Returns every username on record, of any account."""
        query = select(snapshots.c.username).where(snapshots.c.follower_id == follower_id).distinct()
        return tuple(sorted(name for name in self._connection.execute(query).scalars() if name))

    def accounts(self, follower_id: str) -> tuple[str, ...]:
        """Returns the handles of the accounts that have a row of this follower."""
        query = select(accounts.c.handle).join(followers, followers.c.account_id == accounts.c.id)
        return tuple(sorted(self._connection.execute(query.where(followers.c.follower_id == follower_id)).scalars()))

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
        stone = digest(Tombstones(self._work).salt(), pending.follower_id)
        statement = insert_for(self._connection, tombstones).on_conflict_do_nothing()
        day = day_of(pending.started_at.astimezone(UTC))
        self._covered.insert(statement.values(digest=stone, day=day), pending.started_at)
        return stone

    def _clean_receipts(self, pending: Pending) -> None:
        """Receipts name followers in their errors, and those whom an account follows without an order of ours."""
        named = receipt_may_name(pending.follower_id, pending.usernames)
        pattern = names_pattern(pending.follower_id, pending.usernames)
        for row in self._connection.execute(select(runs.c.id, runs.c.receipt).where(named)).all():
            cleaned = without(row.receipt, pattern, pending.usernames)
            self._connection.execute(update(runs).where(runs.c.id == row.id).values(receipt=cleaned))


def opening_may_name(follower_id: str) -> ColumnElement[bool]:
    """Tells whether a log entry's payload has the id in it; `tombstone.holds` says whether it is about them."""
    return cast(log_openings.c.payload, Text).contains(f'"{follower_id}"')


def receipt_may_name(follower_id: str, usernames: Iterable[str]) -> ColumnElement[bool]:
    """Tells whether a receipt has one of the words in it; `tombstone.without` says whether it names them."""
    words = [json.dumps(word)[1:-1].lower() for word in (follower_id, *usernames)]
    written = func.lower(cast(runs.c.receipt, Text))
    return or_(*(written.contains(word, autoescape=True) for word in words))
