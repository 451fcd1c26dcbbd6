"""One transaction, over which each noun's queries are built, and the rows that it writes for the log to vouch for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Row, Table, Update, select

from followguard.store.seals import COVERED, Said, digests, rows_of, spelt, unproved
from followguard.store.tables import metadata


@dataclass(slots=True)
class Touched:
    """The rows a transaction has written and no entry has named yet. `at`: the newest time that came with one.

    `rows`: (table, key) -> the erased entries that the row's next entry stands for.
    """

    rows: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    erased: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None

    def add(self, table: str, key: Any, now: datetime | None = None, since: list[int] | None = None) -> None:
        """Notes a row that the next entry names."""
        self.rows.setdefault((table, spelt(key)), []).extend(since or [])
        self.at = now or self.at

    def take(self, connection: Connection) -> list[Said]:
        """Returns what the next entry says about its rows; from here on they are named."""
        by_table: dict[str, list[str]] = {}
        for table, key in self.rows:
            by_table.setdefault(table, []).append(key)
        said: list[Said] = []
        for table, keys in by_table.items():
            found = rows_of(connection, metadata.tables[table], keys)
            for key in keys:
                since = self.rows[table, key]
                row = [*digests(table, found[key])] if key in found else [None]
                said.append([table, key, *row] + ([since] if since else []))
        self.rows.clear()
        return said


class Covered:
    """Inserts, updates and deletes rows of covered tables."""

    def __init__(self, connection: Connection, touched: Touched) -> None:
        self._connection = connection
        self._touched = touched

    def insert(self, statement: Insert, now: datetime | None = None) -> Row[Any] | None:
        """Inserts a row and returns it with all its columns; None where it gave way to one that was there."""
        table = _table_of(statement)
        row = self._connection.execute(statement.returning(*table.columns)).one_or_none()
        if row is not None:
            self._touched.add(table.name, getattr(row, COVERED[table.name]), now)
        return row

    def update(self, statement: Update, now: datetime | None = None) -> int:
        """Updates rows; returns how many were changed."""
        return self._change(statement, now)

    def delete(self, statement: Delete, now: datetime | None = None) -> int:
        """Deletes rows; returns how many went."""
        return self._change(statement, now)

    def has_written(self, table: Table, key: Any) -> bool:
        """Tells whether this transaction wrote the row, and no entry has named it yet."""
        return (table.name, spelt(key)) in self._touched.rows

    def _change(self, statement: Update | Delete, now: datetime | None) -> int:
        table = _table_of(statement)
        key = table.c[COVERED[table.name]]
        before = select(key)
        if statement.whereclause is not None:
            before = before.where(statement.whereclause)
        sound = self._sound(table, [spelt(each) for each in self._connection.execute(before).scalars()])
        changed = self._connection.execute(statement.returning(key)).scalars().all()
        for each in changed:
            if spelt(each) in sound:
                self._touched.add(table.name, each, now)
        return len(changed)

    def _sound(self, table: Table, keys: list[str]) -> set[str]:
        """Returns those that are as their newest entry says, or that this transaction has written."""
        written = {key for key in keys if (table.name, key) in self._touched.rows}
        rest = [key for key in keys if key not in written]
        return set(keys) - unproved(self._connection, table.name, rest)


def made(row: Row[Any] | None) -> Row[Any]:
    """Returns the row of an insert that gives way to nothing."""
    if row is None:
        raise RuntimeError("nothing was inserted")
    return row


def _table_of(statement: Insert | Update | Delete) -> Table:
    table = statement.table
    if not isinstance(table, Table) or table.name not in COVERED:
        raise TypeError(f"no entry of the log vouches for rows of {table}")
    return table


class Work:
    """One transaction. It is committed by leaving `Store.begin()` normally, else it never happened."""

    def __init__(self, connection: Connection, token_bytes: Callable[[int], bytes]) -> None:
        self.connection = connection
        self.token_bytes = token_bytes
        self.touched = Touched()
        self.covered = Covered(connection, self.touched)


class Queries:
    """A noun's queries within one transaction."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._connection = work.connection
        self._covered = work.covered
