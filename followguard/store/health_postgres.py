"""A look over a PostgreSQL database: every row of every table is read, and every foreign key is followed.

The server checks a page's checksum whenever it reads one, where its cluster was made with checksums. A page of nothing
but zeros counts as empty to it; what was lost with one shows in rows that point at missing ones. Where the extension
amcheck is installed and may be used, the indexes are checked too.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, Engine, ForeignKeyConstraint, Table, text
from sqlalchemy.exc import DBAPIError

from followguard.domain.health import Health
from followguard.errors import DamagedDatabase
from followguard.store.errors import explained
from followguard.store.tables import metadata

_LONGEST = 86_400.0
"""Seconds that one statement may take where nothing else bounds it."""
CANCELED = "57014"
_INDEXES = """
SELECT c.oid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
WHERE i.indrelid = to_regclass(:name) AND a.amname = 'btree' AND i.indisvalid
AND has_function_privilege(to_regprocedure('bt_index_check(regclass)'), 'EXECUTE')
"""

Look = Callable[[Connection], list[str]]


def look_over(engine: Engine, names: Sequence[str], seconds: float) -> Health:
    """Finds what is damaged, and what time didn't suffice for."""
    deadline = time.monotonic() + seconds
    findings: list[str] = []
    unchecked: list[str] = []
    with engine.connect() as connection:
        for name, look in _looks(names):
            left = round(1000 * min(deadline - time.monotonic(), _LONGEST))
            if left <= 0 or not _within_time(connection, look, findings, left):
                unchecked.append(name)
    return Health(tuple(findings), tuple(unchecked))


def _looks(names: Sequence[str]) -> Iterator[tuple[str, Look]]:
    for name in names:
        yield name, partial(_rows, name=name)
    for name in names:
        yield f"keys of {name}", partial(_keys, table=metadata.tables[name])
    for name in names:
        yield f"indexes of {name}", partial(_indexes, name=name)


def _within_time(connection: Connection, look: Look, findings: list[str], left: int) -> bool:
    """Tells whether the look came to its end; what it saw, or what kept the server from reading, is added."""
    try:
        with connection.begin():
            connection.execute(text(f"SET LOCAL statement_timeout = {left}"))
            findings += look(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == CANCELED:
            return False
        known = explained(error)
        if not isinstance(known, DamagedDatabase):
            raise known from error
        findings.append(known.message)
    return True


def _rows(connection: Connection, name: str) -> list[str]:
    """Unfolds every value, also those that the server keeps apart from their rows."""
    connection.execute(text(f'SELECT sum(octet_length(CAST(every AS text))) FROM "{name}" AS every'))
    return []


def _keys(connection: Connection, table: Table) -> list[str]:
    found = []
    for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name)):
        lost = connection.execute(text(_orphans(table, key))).scalar_one()
        if lost:
            found.append(f"keys: {lost} of {table.name} point at a missing row of {key.referred_table.name}")
    return found


def _orphans(table: Table, key: ForeignKeyConstraint) -> str:
    pairs = [(each.parent.name, each.column.name) for each in key.elements]
    joined = " AND ".join(f'child."{own}" = parent."{other}"' for own, other in pairs)
    given = " AND ".join(f'child."{own}" IS NOT NULL' for own, _ in pairs)
    parent = f'SELECT 1 FROM "{key.referred_table.name}" AS parent WHERE {joined}'
    return f'SELECT count(*) FROM "{table.name}" AS child WHERE {given} AND NOT EXISTS ({parent})'


def _indexes(connection: Connection, name: str) -> list[str]:
    for oid in connection.execute(text(_INDEXES), {"name": name}).scalars().all():
        connection.execute(text("SELECT bt_index_check(:oid)"), {"oid": oid})
    return []
