"""Rows exactly as the database holds them, past every conversion of types."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, DateTime, Float, LargeBinary, Table, text

from followguard.store.columns import UtcTime
from followguard.store.covered_tables import Raw
from followguard.store.rows import chunks

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
    """Selects text as bytes, so that bytes which aren't text don't stop the reading; bytes come as hex."""
    name = f'"{column.name}"'
    return f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) WHEN 'blob' THEN hex({name}) ELSE {name} END"


def _postgresql(column: Column[Any]) -> str:
    """As text that depends on no setting of the session."""
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
