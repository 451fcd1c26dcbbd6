"""What the quick part of a proof reads."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, String, Table, and_, cast, exists, func, select

from followguard.adapters.store.tables import log, log_openings, metadata, seals
from followguard.adapters.store.whole_log import read_entries
from followguard.domain.covered import COVERED
from followguard.domain.hashchain import Opening
from followguard.domain.proof.finding import Finding
from followguard.domain.proof.heads import RESTORE
from followguard.domain.proof.quick import Skeleton
from followguard.domain.proof.vouching import BEGINNING

KEPT = ("people", "roles", "decisions", "orders", "attempts", "models", "model_moves", "tombstones", "settings")
"""Tables whose rows go only with an erasure, which takes them out of the index as well."""


def read_skeleton(connection: Connection) -> Skeleton:
    """The chain, the restores, and covered rows beside the index."""
    query = select(log_openings).join(log, log.c.seq == log_openings.c.seq).where(log.c.kind == RESTORE)
    restores = {row.seq: Opening(row.salt, row.payload, row.rows) for row in connection.execute(query)}
    entries = read_entries(connection)
    odd = [*_unnamed(connection, bool(entries)), *_missing(connection)]
    return Skeleton(entries=entries, restores=restores, odd=odd)


def _unnamed(connection: Connection, begun: bool) -> Iterator[Finding]:
    """Rows that no entry names, counted by table."""
    for name in COVERED:
        table = metadata.tables[name]
        query = select(func.count(), func.min(_key(table))).where(~exists().where(_of(table)))
        number, first = connection.execute(query).one()
        if number and (begun or (name, first) != BEGINNING):
            yield Finding(rule="row", row=f"{name} {first}", text=f"no entry of the log wrote this row ({number} such)")


def _missing(connection: Connection) -> Iterator[Finding]:
    """Rows that an entry names and that aren't there, counted by table."""
    for name in KEPT:
        table = metadata.tables[name]
        query = select(func.count(seals.c.row_key.distinct()), func.min(seals.c.row_key))
        query = query.where(seals.c.table_name == name, ~exists().where(_key(table) == seals.c.row_key))
        number, first = connection.execute(query).one()
        if number:
            yield Finding(rule="row", row=f"{name} {first}", text=f"this row is missing ({number} such)")


def _of(table: Table) -> ColumnElement[bool]:
    return and_(seals.c.table_name == table.name, seals.c.row_key == _key(table))


def _key(table: Table) -> ColumnElement[str]:
    return cast(table.c[COVERED[table.name]], String)
