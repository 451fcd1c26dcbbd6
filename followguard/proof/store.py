"""The whole history as it is stored, for `followguard prove`, and the little of it that each night reads."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Text, cast, func, select, text

from followguard.proof.finding import ProofFinding
from followguard.proof.schema_store import schema_findings
from followguard.proof.stored import Skeleton, Stored
from followguard.store.hashchain import RESTORE, Entry, Opening, holds
from followguard.store.seals import BEGINNING, COVERED, RawRow, all_rows, spelt
from followguard.store.tables import items, log, log_openings, metadata, runs, scores, seals
from followguard.store.work import Queries

STRANGERS = (
    "SELECT o.id FROM orders o LEFT JOIN followers f ON f.account_id = o.account_id AND f.follower_id = o.follower_id"
    " WHERE f.follower_id IS NULL"
)

GOING = frozenset({"ledger"})
"""A call that wasn't made after all gives its reserved row back; every other row goes only with an erasure."""


class Proving(Queries):
    """The whole history as it is stored."""

    def read(self) -> Stored:
        """Reads everything as it is stored, once."""
        connection = self._connection
        stored = read_log(connection)
        for table, key in COVERED.items():
            for row in all_rows(connection, metadata.tables[table]):
                name = spelt(row[key])
                stored.raw[table, name] = row
                stored.rows[table][name] = {
                    column: None if row[column] is None else spelt(row[column]) for column in row
                }
        stored.strangers = {spelt(each) for each in connection.execute(text(STRANGERS)).scalars()}
        stored.models, stored.receipts = self._models(), self._receipts()
        stored.items, stored.drawn = self._items(), self._drawn()
        stored.findings = [*schema_findings(connection), *stored.findings]
        return stored

    def skeleton(self) -> Skeleton:
        """Reads what the quick part of a proof asks: the chain, the restores, and covered rows beside the index."""
        connection = self._connection
        query = select(log_openings).join(log, log.c.seq == log_openings.c.seq).where(log.c.kind == RESTORE)
        restores = {row.seq: Opening(row.salt, row.payload, row.rows) for row in connection.execute(query)}
        entries = read_entries(connection)
        odd = [*schema_findings(connection), *_unopened(connection, entries), *_odd(connection, bool(entries))]
        return Skeleton(entries=entries, restores=restores, odd=odd)

    def _items(self) -> dict[int, str]:
        rows = self._connection.execute(select(items.c.id, items.c.follower_id))
        return {int(row.id): str(row.follower_id) for row in rows}

    def _drawn(self) -> dict[str, dict[int, str]]:
        shown = {"audit": (items.c.audit, items.c.audit_day), "sample": (items.c.sample, items.c.sample_day)}
        found: dict[str, dict[int, str]] = {}
        for by, (flag, day) in shown.items():
            rows = self._connection.execute(select(items.c.id, day.label("day")).where(flag, day.is_not(None)))
            found[by] = {int(row.id): str(row.day) for row in rows}
        return found

    def _receipts(self) -> list[tuple[int, str]]:
        query = select(runs.c.id, runs.c.receipt).where(runs.c.receipt.is_not(None)).order_by(runs.c.id)
        rows = self._connection.execute(query)
        heads = [(row.id, str(row.receipt.get("log_head") or "")) for row in rows if isinstance(row.receipt, dict)]
        return [(run, head) for run, head in heads if head]

    def _models(self) -> dict[str, tuple[int, int]]:
        query = select(scores.c.model, func.count(), func.min(scores.c.id)).group_by(scores.c.model)
        return {str(model): (number, first) for model, number, first in self._connection.execute(query)}


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
        for keys, told in ((unnamed, "no entry of the log wrote this row"), (missing, "this row is missing")):
            if keys:
                yield ProofFinding(rule="row", row=f"{table} {min(keys)}", text=f"{told} ({len(keys)} such)")


def read_entries(connection: Connection) -> list[Entry]:
    """Reads the chain alone, in stored order."""
    return [_entry(row) for row in all_rows(connection, log)]


def read_log(connection: Connection) -> Stored:
    """Reads the log strictly: a payload in another spelling than the program's is a finding."""
    found = Stored(entries=read_entries(connection))
    for row in all_rows(connection, log_openings):
        try:
            found.openings[_number(row["seq"])] = _opening(row)
        except (ValueError, TypeError, KeyError, IndexError):
            text = "the payload isn't spelt as it was written"
            found.findings.append(ProofFinding(rule="payload", row=f"log {spelt(row['seq'])}", text=text))
            found.openings.setdefault(_number(row["seq"]), Opening("", {}))
    for row in all_rows(connection, seals):
        found.seals.add((spelt(row["table_name"]), spelt(row["row_key"]), _number(row["seq"])))
    return found


def _entry(row: RawRow) -> Entry:
    values: dict[str, Any] = {name: spelt(row[name]) for name in Entry.__slots__}
    return Entry(**values | {"seq": _number(row["seq"])})


def _opening(row: RawRow) -> Opening:
    """Raises ValueError for any other spelling than the program's own."""
    salt, payload, rows = (_text(row[name]) for name in ("salt", "payload", "rows"))
    if bytes.fromhex(salt).hex() != salt:
        raise ValueError("salt")
    told, said = json.loads(payload), json.loads(rows)
    if json.dumps(told) != payload or json.dumps(said) != rows:
        raise ValueError("spelling")
    for each in said:
        if not (isinstance(each[0], str) and isinstance(each[1], str) and len(each) > 2):
            raise ValueError("rows")
    return Opening(salt, dict(told), list(said))


def _text(value: Any) -> str:
    """Decodes text, which comes as bytes from SQLite and as it is from PostgreSQL."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _number(value: Any) -> int:
    """Reads a number; -1 for what isn't one: no entry has that place."""
    try:
        return int(spelt(value))
    except ValueError:
        return -1
