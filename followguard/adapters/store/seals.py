"""One row against the log: the newest entry that names it, and whether that entry is the log's."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, func, select

from followguard.adapters.store.raw import rows_of
from followguard.adapters.store.rows import chunks
from followguard.adapters.store.tables import log, log_openings, metadata, seals
from followguard.domain.covered import fits
from followguard.domain.hashchain import Entry, Opening, commit, entry_hash

NO_ENTRY: list[str] = []
"""What a row that no entry names is compared with; nothing fits it."""


def said_of(connection: Connection, table: str, key: str) -> list[str] | None:
    """The digests that the newest entry about a row commits to; None where it says that the row was deleted.

    Nothing at all where no entry names the row, or where the entry isn't what was written.
    """
    query = (
        select(log, log_openings.c.salt, log_openings.c.payload, log_openings.c.rows)
        .select_from(seals.join(log, log.c.seq == seals.c.seq).join(log_openings, log_openings.c.seq == seals.c.seq))
        .where(seals.c.table_name == table, seals.c.row_key == key)
        .order_by(seals.c.seq.desc())
        .limit(1)
    )
    try:
        found = connection.execute(query).one_or_none()
        return NO_ENTRY if found is None else _said(found._mapping, table, key)
    except (ValueError, TypeError, json.JSONDecodeError):  # an opening that was edited
        return NO_ENTRY


def _said(found: Any, table: str, key: str) -> list[str] | None:
    entry = Entry(**{name: found[name] for name in Entry.__slots__})
    opening = Opening(found["salt"], found["payload"], found["rows"])
    if entry_hash(entry) != entry.hash or commit(opening) != entry.commitment:
        return NO_ENTRY
    said = next((row for row in opening.rows if row[:2] == [table, key]), None)
    return NO_ENTRY if said is None else digests_in(said)


def digests_in(said: list[Any]) -> list[str] | None:
    """The digests in one of an entry's rows; None: the row was deleted."""
    return None if said[2] is None else [each for each in said[2:] if isinstance(each, str)]


def is_proved(connection: Connection, table: str, key: Any) -> bool:
    """Whether a row stands as the newest entry about it says."""
    said = said_of(connection, table, str(key))
    return said is not None and fits(table, rows_of(connection, metadata.tables[table], [str(key)]).get(str(key)), said)


def unproved(connection: Connection, table: str, keys: Collection[str]) -> set[str]:
    """Those of many rows that don't stand as their newest entries say."""
    found: set[str] = set()
    for part in chunks(list(keys)):
        newest = (
            select(func.max(seals.c.seq).label("seq"))
            .where(seals.c.table_name == table, seals.c.row_key.in_(part))
            .group_by(seals.c.row_key)
            .subquery()
        )
        said = _said_of_entries(connection, select(newest.c.seq), table)
        rows = rows_of(connection, metadata.tables[table], part)
        found |= {key for key in part if not fits(table, rows.get(key), said.get(key, NO_ENTRY))}
    return found


def _said_of_entries(connection: Connection, wanted: Select[Any], table: str) -> dict[str, list[str] | None]:
    """Key -> digests, by the entries wanted, the newer ones winning; an entry that was edited says nothing."""
    query = (
        select(log, log_openings.c.salt, log_openings.c.payload, log_openings.c.rows)
        .join(log_openings, log_openings.c.seq == log.c.seq)
        .where(log.c.seq.in_(wanted))
        .order_by(log.c.seq)
    )
    said: dict[str, list[str] | None] = {}
    for row in connection.execute(query):
        entry = Entry(**{name: getattr(row, name) for name in Entry.__slots__})
        if entry_hash(entry) == entry.hash and commit(Opening(row.salt, row.payload, row.rows)) == entry.commitment:
            said |= {each[1]: digests_in(each) for each in row.rows if each[0] == table}
    return said
