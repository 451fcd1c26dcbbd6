"""Rows that the log vouches for: which tables, and the digest of a row that an entry commits to.

A digest is taken over what the database holds, not over what the program makes of it: another type, another spelling
of the same time, a space in a JSON text are other rows.
"""

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

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
        "ledger": "id",
        "decisions": "id",
        "decision_evidence": "decision_id",
        "orders": "id",
        "attempts": "id",
        "unfollows": "decision_id",
        "models": "id",
        "model_moves": "id",
        "tombstones": "digest",
    }
)
"""Table -> the column that is its key."""
CLEARED: Mapping[str, tuple[str, ...]] = MappingProxyType({"decision_evidence": ("shown",)})
"""Columns with a digest of their own: retention may empty them, and the rest of the row stays proved."""


def digest(table: str, row: Iterable[tuple[str, Raw]]) -> str:
    """sha256 (hex) over the table and each column with its value. NULL counts as no column at all."""
    said = hashlib.sha256(table.encode() + b"\n")
    for name, value in row:
        if value is not None:
            tag, body = _spelt(value)
            said.update(b"%s %s %d:%s\n" % (name.encode(), tag, len(body), body))
    return said.hexdigest()


def digests(table: str, row: Mapping[str, Raw]) -> list[str]:
    """What an entry says about a row: its digest and, where the table has them, that of what may be cleared."""
    cleared = CLEARED.get(table, ())
    kept = digest(table, ((name, value) for name, value in row.items() if name not in cleared))
    if not cleared:
        return [kept]
    return [kept, digest(table, ((name, row[name]) for name in cleared))]


def digests_in(said: Said) -> list[str] | None:
    """The digests in one of an entry's rows; None: the row was deleted."""
    return None if said[2] is None else [each for each in said[2:] if isinstance(each, str)]


def earlier_in(said: Said) -> list[int]:
    """The erased entries that one of an entry's rows stands for."""
    return said[-1] if isinstance(said[-1], list) else []


def fits(table: str, row: Mapping[str, Raw] | None, said: list[str] | None) -> bool:
    """Whether a row, None where there is none, is what an entry says; None: that it was deleted."""
    if row is None or not said:
        return row is None and said is None
    found = digests(table, row)
    nothing = CLEARED.get(table) and all(row[name] is None for name in CLEARED[table])
    return found[0] == said[0] and (found == said or bool(nothing))


def _spelt(value: int | float | str | bytes) -> tuple[bytes, bytes]:
    """A type's tag and the value in bytes, no two values alike."""
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
"""What a database begins with; the first entry of all names it."""
