"""What the quick part of a proof reads."""

from collections.abc import Iterator

from sqlalchemy import Connection, Text, cast, select

from followguard.proof.finding import ProofFinding
from followguard.proof.log_store import read_entries
from followguard.proof.quick import Skeleton
from followguard.proof.schema_store import schema_findings
from followguard.store.hashchain import RESTORE, Entry, Opening, holds
from followguard.store.seals import BEGINNING, COVERED, spelt
from followguard.store.tables import log, log_openings, metadata, seals

GOING = frozenset({"ledger"})
"""A call that wasn't made after all gives its reserved row back; every other row goes only with an erasure."""


def read_skeleton(connection: Connection) -> Skeleton:
    """Reads the chain, the restores, and covered rows beside the index."""
    query = select(log_openings).join(log, log.c.seq == log_openings.c.seq).where(log.c.kind == RESTORE)
    restores = {row.seq: Opening(row.salt, row.payload, row.rows) for row in connection.execute(query)}
    entries = read_entries(connection)
    odd = [*schema_findings(connection), *_unopened(connection, entries), *_odd(connection, bool(entries))]
    return Skeleton(entries=entries, restores=restores, odd=odd)


def _unopened(connection: Connection, entries: list[Entry]) -> Iterator[ProofFinding]:
    """Finds entries that lost their payload without an erasure: what they wrote could be turned back unnoticed."""
    opened = set(connection.execute(select(log_openings.c.seq)).scalars())
    bare = {entry.seq: entry for entry in entries if entry.seq not in opened}
    if not bare:
        return
    by_seq = {entry.seq: entry for entry in entries}
    telling = select(log_openings).where(cast(log_openings.c.payload, Text).like('%"erased"%'))
    for row in connection.execute(telling):
        opening = Opening(row.salt, row.payload, row.rows)
        if row.seq in by_seq and holds(by_seq[row.seq], opening):
            for seq in (opening.payload.get("erased") or {}).get("openings", ()):
                bare.pop(seq, None)
    if bare:
        text = f"the payload of this entry is missing, and no erasure took it ({len(bare)} such)"
        yield ProofFinding(rule="payload", row=f"log {min(bare)}", text=text)


def _odd(connection: Connection, begun: bool) -> Iterator[ProofFinding]:
    """Finds rows that no entry names, and rows that an entry names and that aren't there; one finding a table."""
    named: dict[str, set[str]] = {table: set() for table in COVERED}
    for table, key in connection.execute(select(seals.c.table_name, seals.c.row_key).distinct()):
        named.setdefault(table, set()).add(key)
    for table, key in COVERED.items():
        column = metadata.tables[table].c[key]
        stored = {spelt(each) for each in connection.execute(select(column)).scalars()}
        unnamed = stored - named[table] - (set() if begun or table != BEGINNING[0] else {BEGINNING[1]})
        missing = set() if table in GOING else named[table] - stored
        for keys, text in ((unnamed, "no entry of the log wrote this row"), (missing, "this row is missing")):
            if keys:
                yield ProofFinding(rule="row", row=f"{table} {min(keys)}", text=f"{text} ({len(keys)} such)")
