"""What the tables hold about one follower; every table that an erasure would empty."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from followguard.followers.tombstone import holds, names_pattern, without
from followguard.privacy.store import opening_may_name, receipt_may_name
from followguard.store.tables import accounts, batches, items, log, log_openings, paid_profiles, people, runs
from followguard.store.tables.of_one_person import owned_rows
from followguard.store.work import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNote:
    """An entry of the log that is about them, with what it commits to."""

    seq: int
    at: str
    kind: str
    account: str
    actor: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptNote:
    """A run whose receipt names them."""

    account: str
    kind: str
    started_at: datetime


class Disclosing(Queries):
    """Everything held about one follower; our people appear by pseudonym."""

    def rows(self, follower_id: str) -> dict[str, list[dict[str, Any]]]:
        """Maps each table to its rows about them, each with `account`; `features` are bytes, reasons JSON."""
        handles = {row.id: row.handle for row in self._connection.execute(select(accounts))}
        pseudonyms = {row.id: row.pseudonym for row in self._connection.execute(select(people))}
        found: dict[str, list[dict[str, Any]]] = {}
        for table, column, among in [
            *reversed(owned_rows(follower_id)),
            (paid_profiles, paid_profiles.c.follower_id, None),
        ]:
            about = column.in_(among) if among is not None else column == follower_id
            query = select(table).where(about).order_by(*table.primary_key.columns)
            found[table.name] = [
                _plain(table, row._mapping, handles, pseudonyms) for row in self._connection.execute(query)
            ]
        theirs = select(items.c.batch_id).where(items.c.follower_id == follower_id)
        shared = select(batches).where(batches.c.id.in_(theirs))
        found["batches"] = [
            _plain(batches, row._mapping, handles, pseudonyms) for row in self._connection.execute(shared)
        ]
        return found

    def log(self, follower_id: str) -> list[LogNote]:
        """Returns the log's entries about them, the oldest first."""
        query = select(log, log_openings.c.payload).join(log_openings, log_openings.c.seq == log.c.seq)
        rows = self._connection.execute(query.where(opening_may_name(follower_id)).order_by(log.c.seq))
        return [
            LogNote(seq=r.seq, at=r.at, kind=r.kind, account=r.account, actor=r.actor, payload=r.payload)
            for r in rows
            if holds(r.payload, follower_id)
        ]

    def receipts(self, follower_id: str, usernames: tuple[str, ...]) -> list[ReceiptNote]:
        """Returns the runs whose receipts name them, the oldest first."""
        query = select(runs, accounts.c.handle).join(accounts, accounts.c.id == runs.c.account_id)
        query = query.where(receipt_may_name(follower_id, usernames))
        pattern = names_pattern(follower_id, usernames)
        return [
            ReceiptNote(account=row.handle, kind=row.kind, started_at=row.started_at)
            for row in self._connection.execute(query.order_by(runs.c.id))
            if without(row.receipt, pattern, usernames) != row.receipt
        ]

    def names_of_people(self) -> dict[str, str]:
        """Maps the name of everybody who ever decided here to their pseudonym: notes on cards name them."""
        return {row.name: row.pseudonym for row in self._connection.execute(select(people))}


def _plain(table: Table, row: Any, handles: dict[int, str], pseudonyms: dict[int, str]) -> dict[str, Any]:
    """Returns a row with the account's handle and people's pseudonyms in the place of their numbers."""
    plain = {}
    for name, value in row.items():
        targets = {key.column.table.name for key in table.c[name].foreign_keys}
        if name == "account_id":
            plain["account"] = handles.get(value, value)
        elif targets == {"people"}:
            plain[name.removesuffix("_id")] = pseudonyms.get(value, value)
        elif name != "follower_id":
            plain[name] = value
    return plain
