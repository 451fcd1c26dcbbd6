"""Rows against the log: the newest entry that names each, and whether that entry is the log's."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Float, LargeBinary, Table, func, select, text

from followguard.store.hashchain import Entry, Opening, holds
from followguard.store.tables import log, log_openings, metadata, seals
from followguard.store.values import UtcTime, chunks

Raw = int | float | str | bytes | None
"""A value as stored: text as bytes, everything that isn't text, number or NULL as a str."""
Said = list[Any]
"""One of an entry's rows: table, key, sha256 of the row (None: deleted), sha256 of what may be cleared, and which
earlier entries it stands for since they were erased; the last two may be left out."""
COVERED: Mapping[str, str] = MappingProxyType(
    {
        "settings": "name",
        "accounts": "id",
        "people": "id",
        "roles": "id",
        "distrusts": "id",
        "ledger": "id",
        "decisions": "id",
        "decision_evidence": "decision_id",
        "orders": "id",
        "attempts": "id",
        "unfollows": "decision_id",
        "notes": "id",
        "routings": "id",
        "models": "id",
        "model_moves": "id",
        "tombstones": "digest",
        "blind_tests": "id",
        "blind_cards": "id",
        "blind_answers": "card_id",
        "sign_in_links": "id",
        "sessions": "id",
    }
)
"""Table -> the column that is its key."""
CLEARED: Mapping[str, tuple[str, ...]] = MappingProxyType({"decision_evidence": ("shown",), "notes": ("text",)})
"""Columns with a digest of their own: retention may empty them, and the rest of the row stays proved."""


def digest(table: str, row: Iterable[tuple[str, Raw]]) -> str:
    """Returns the sha256 (hex) over the table and each column with its value. NULL counts as no column at all."""
    said = hashlib.sha256(table.encode() + b"\n")
    for name, value in row:
        if value is not None:
            tag, body = _spelt(value)
            said.update(b"%s %s %d:%s\n" % (name.encode(), tag, len(body), body))
    return said.hexdigest()


def digests(table: str, row: Mapping[str, Raw]) -> list[str]:
    """Returns a row's digest and, where the table has columns that may be cleared, theirs."""
    cleared = CLEARED.get(table, ())
    kept = digest(table, ((name, value) for name, value in row.items() if name not in cleared))
    if not cleared:
        return [kept]
    return [kept, digest(table, ((name, row[name]) for name in cleared))]


def digests_in(said: Said) -> list[str] | None:
    """Returns the digests in one of an entry's rows; None: the row was deleted."""
    return None if said[2] is None else [each for each in said[2:] if isinstance(each, str)]


def earlier_in(said: Said) -> list[int]:
    """Lists the erased entries that one of an entry's rows stands for."""
    return said[-1] if isinstance(said[-1], list) else []


def fits(table: str, row: Mapping[str, Raw] | None, said: list[str] | None) -> bool:
    """Tells whether a row (None: there is none) is what an entry says (None: that it was deleted)."""
    if row is None or not said:
        return row is None and said is None
    found = digests(table, row)
    nothing = CLEARED.get(table) and all(row[name] is None for name in CLEARED[table])
    return found[0] == said[0] and (found == said or bool(nothing))


def _spelt(value: int | float | str | bytes) -> tuple[bytes, bytes]:
    """Returns a type's tag and the value in bytes, no two values alike."""
    match value:
        case bytes():
            return b"t", value
        case str():
            return b"x", value.encode()
        case float():
            return b"f", value.hex().encode()
        case _:
            return b"i", str(value).encode()


BEGINNING = ("settings", "seed")
"""The row that a database begins with; the first entry of all names it."""


RawRow = Mapping[str, Raw]


def all_rows(connection: Connection, table: Table) -> Iterator[RawRow]:
    """Yields every row, in the order of the key as it is stored."""
    keys = ", ".join(f'{table.name}."{column.name}"' for column in table.primary_key.columns)
    return _read(connection, table, f"ORDER BY {keys}", {})


def rows_of(connection: Connection, table: Table, keys: Collection[str]) -> dict[str, RawRow]:
    """Maps keys to rows, for those that are there. The table has a key of one column."""
    (key,) = table.primary_key.columns
    number = key.type.python_type is int
    found: dict[str, RawRow] = {}
    for part in chunks(list(keys)):
        names = {f"k{place}": int(each) if number else each for place, each in enumerate(part)}
        where = f'WHERE "{key.name}" IN ({", ".join(f":{name}" for name in names)})'
        found |= {spelt(row[key.name]): row for row in _read(connection, table, where, names)}
    return found


def spelt(value: Raw) -> str:
    """Returns a key as text."""
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)


def _read(connection: Connection, table: Table, rest: str, values: dict[str, Any]) -> Iterator[RawRow]:
    names = [column.name for column in table.columns]
    for row in connection.execute(text(f"{_select(connection.dialect.name, table)} {rest}"), values):
        yield dict(zip(names, row, strict=True))


@cache
def _select(dialect: str, table: Table) -> str:
    wanted = _sqlite if dialect == "sqlite" else _postgresql
    return f"SELECT {', '.join(wanted(column) for column in table.columns)} FROM {table.name}"


def _sqlite(column: Column[Any]) -> str:
    """Selects text as bytes, so that the reading goes on past bytes that aren't text; bytes come as hex."""
    name = f'"{column.name}"'
    return f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) WHEN 'blob' THEN hex({name}) ELSE {name} END"


def _postgresql(column: Column[Any]) -> str:
    """Selects as text that depends on no setting of the session."""
    name = f'"{column.name}"'
    match column.type:
        case UtcTime() | DateTime():
            return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24-MI-SS.US BC')"
        case Float():
            return f"encode(float8send({name}), 'hex')"
        case LargeBinary():
            return f"encode({name}, 'hex')"
        case _:
            return f"CAST({name} AS text)"


NO_ENTRY: list[str] = []
"""Stands for the digests of a row without an entry, or whose newest entry was edited; no row fits it."""


def is_proved(connection: Connection, table: str, key: Any) -> bool:
    """Tells whether a row is there, and stands as the newest entry about it says."""
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
