"""What the log loses when a person is forgotten, and how it stays whole: salt and payload of every entry about them.

An entry may also have named rows that aren't about them. Those are named anew, as far as they were sound, in an entry
that says which earlier ones it stands for. The erasure's own entry lists what went: nothing else may be missing.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, select

from followguard.store.log import Log
from followguard.store.seals import earlier_in, is_proved, spelt
from followguard.store.tables import log_openings, seals
from followguard.store.values import chunks
from followguard.store.work import Work

Named = tuple[str, str]
"""Table and key of a row."""


def close_openings(work: Work, about: Collection[int], gone: Iterable[Named]) -> None:
    """Takes away the openings `about` a person and those that name the rows of theirs which will be `gone`."""
    connection = work.connection
    rows = set(gone)
    closed = set(about) | _naming(connection, rows)
    lost: dict[str, set[Any]] = {"openings": set(closed), "rows": {(table, int(key)) for table, key in rows}}
    survivors: dict[Named, set[int]] = {}
    for opening in _openings(connection, closed):
        _remember(lost, opening.payload.get("erased"))
        for said in opening.rows:
            if (said[0], said[1]) not in rows:
                survivors.setdefault((said[0], said[1]), set()).update({opening.seq, *earlier_in(said)})
    for (table, key), since in survivors.items():
        if is_proved(connection, table, key):
            work.touched.add(table, key, since=sorted(since))
    _delete(connection, closed)
    Log(work).seal()
    work.touched.erased = {name: sorted(each) for name, each in lost.items()}


def _naming(connection: Connection, rows: Collection[Named]) -> set[int]:
    """Returns the entries that name one of these rows."""
    by_table: dict[str, list[str]] = {}
    for table, key in rows:
        by_table.setdefault(table, []).append(spelt(key))
    found: set[int] = set()
    for table, keys in by_table.items():
        for part in chunks(keys):
            query = select(seals.c.seq).where(seals.c.table_name == table, seals.c.row_key.in_(part))
            found |= set(connection.execute(query).scalars())
    return found


def _openings(connection: Connection, closed: Collection[int]) -> Iterable[Any]:
    for part in chunks(sorted(closed)):
        yield from connection.execute(select(log_openings).where(log_openings.c.seq.in_(part))).all()


def _remember(lost: Mapping[str, set[Any]], erased: Mapping[str, list[Any]] | None) -> None:
    """Adds an earlier erasure's list, where its own entry loses its payload now."""
    if erased:
        lost["openings"].update(erased["openings"])
        lost["rows"].update((table, key) for table, key in erased["rows"])


def _delete(connection: Connection, closed: Collection[int]) -> None:
    for part in chunks(sorted(closed)):
        connection.execute(delete(seals).where(seals.c.seq.in_(part)))
        connection.execute(delete(log_openings).where(log_openings.c.seq.in_(part)))
