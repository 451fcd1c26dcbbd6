"""Rows against the log: the newest entry that names each, and whether that entry is the log's."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select

from followguard.store.covered_tables import Said, digests_in, fits
from followguard.store.hashchain import Entry, Opening, holds
from followguard.store.raw import rows_of
from followguard.store.rows import chunks
from followguard.store.tables import log, log_openings, metadata, seals

NO_ENTRY: list[str] = []
"""What a row is compared with that no entry names, or whose newest entry isn't what was written; nothing fits it."""


def is_proved(connection: Connection, table: str, key: Any) -> bool:
    """Tells whether a row stands as the newest entry about it says; one that isn't there doesn't stand."""
    name = str(key)
    said = _said_of(connection, table, [name]).get(name, NO_ENTRY)
    return said is not None and fits(table, rows_of(connection, metadata.tables[table], [name]).get(name), said)


def unproved(connection: Connection, table: str, keys: Collection[str]) -> set[str]:
    """Returns those of the rows that don't stand as their newest entries say."""
    found: set[str] = set()
    for part in chunks(list(keys)):
        said = _said_of(connection, table, part)
        rows = rows_of(connection, metadata.tables[table], part)
        found |= {key for key in part if not fits(table, rows.get(key), said.get(key, NO_ENTRY))}
    return found


def _said_of(connection: Connection, table: str, keys: list[str]) -> dict[str, list[str] | None]:
    """Maps keys to the digests that the newest entry about the row commits to, None where it was deleted.

    Earlier entries don't count where the newest one is missing or was edited: a row could be turned back to theirs.
    """
    query = (
        select(func.max(seals.c.seq).label("seq"), seals.c.row_key)
        .where(seals.c.table_name == table, seals.c.row_key.in_(keys))
        .group_by(seals.c.row_key)
    )
    newest = {row.row_key: row.seq for row in connection.execute(query)}
    said: dict[str, list[str] | None] = {}
    for seq, row in _rows_of_entries(connection, table, set(newest.values())):
        if newest.get(row[1]) == seq:
            said[row[1]] = digests_in(row)
    return said


def _rows_of_entries(connection: Connection, table: str, seqs: Collection[int]) -> list[tuple[int, Said]]:
    """Returns what the entries say about rows of the table; one that was edited says nothing."""
    query = (
        select(log, log_openings.c.salt, log_openings.c.payload, log_openings.c.rows)
        .join(log_openings, log_openings.c.seq == log.c.seq)
        .where(log.c.seq.in_(seqs))
    )
    found: list[tuple[int, Said]] = []
    for row in connection.execute(query):
        entry = Entry(**{name: getattr(row, name) for name in Entry.__slots__})
        opening = Opening(row.salt, row.payload, row.rows)
        if holds(entry, opening):
            found += [(row.seq, each) for each in opening.rows if each[0] == table]
    return found
