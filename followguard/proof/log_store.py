"""The log read as strictly as it is stored: a spelling that the program doesn't write is a finding, not a nuisance."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from followguard.proof.finding import ProofFinding
from followguard.store.hashchain import Entry, Opening
from followguard.store.seals import RawRow, all_rows, spelt
from followguard.store.tables import log, log_openings, seals


@dataclass(slots=True, kw_only=True)
class WholeLog:
    """The log: entries in stored order, openings by `seq`, the index; `findings`: what couldn't be read as written."""

    entries: list[Entry] = field(default_factory=list)
    openings: dict[int, Opening] = field(default_factory=dict)
    seals: set[tuple[str, str, int]] = field(default_factory=set)
    findings: list[ProofFinding] = field(default_factory=list)


def read_entries(connection: Connection) -> list[Entry]:
    """Reads the chain alone, in stored order."""
    return [_entry(row) for row in all_rows(connection, log)]


def read_whole_log(connection: Connection) -> WholeLog:
    """Reads everything that the log holds."""
    found = WholeLog(entries=read_entries(connection))
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
