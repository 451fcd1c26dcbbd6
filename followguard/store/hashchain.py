"""The log as a hash chain: each entry names the one before, so that none can be changed, dropped or moved unseen.

An entry holds only a commitment to its payload: sha256 over a random salt and the payload. Erasing salt and payload
makes the payload unguessable and leaves the chain whole.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

GENESIS = "0" * 64
SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as stored. `seq` counts from 1 without gaps; `at` is ISO 8601 UTC; `prev` is the hash before it."""

    seq: int
    at: str
    kind: str
    account: str
    actor: str
    commitment: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The parts that a commitment was made from. `salt` is hex; `rows` name what the entry wrote, with its digests."""

    salt: str
    payload: dict[str, Any]
    rows: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain doesn't hold. `code`: changed | missing | reordered | payload."""

    seq: int
    code: str
    text: str


def canonical(value: Any) -> bytes:
    """Encodes equal JSON in one way: sorted keys, no spaces, ASCII only. Raises ValueError for NaN and infinities."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def commit(opening: Opening) -> str:
    """Returns the sha256 (hex) over salt, canonical payload and what the entry says about the rows it wrote, if any."""
    said = canonical(opening.payload) + (b"\n" + canonical(opening.rows) if opening.rows else b"")
    return hashlib.sha256(bytes.fromhex(opening.salt) + said).hexdigest()


def entry_hash(entry: Entry) -> str:
    """Returns the sha256 (hex) over everything in the entry but its own hash."""
    fields = [entry.prev, entry.seq, entry.at, entry.kind, entry.account, entry.actor, entry.commitment]
    return hashlib.sha256(canonical(fields)).hexdigest()


def link(prev: Entry | None, *, at: str, kind: str, account: str, actor: str, commitment: str) -> Entry:
    """Makes the entry that follows `prev` (None: the first)."""
    fields = {"at": at, "kind": kind, "account": account, "actor": actor, "commitment": commitment}
    seq, before = (1, GENESIS) if prev is None else (prev.seq + 1, prev.hash)
    bare = Entry(seq=seq, prev=before, hash="", **fields)
    return Entry(seq=seq, prev=before, hash=entry_hash(bare), **fields)


def verify(entries: Iterable[Entry], openings: Mapping[int, Opening] | None = None) -> list[Break]:
    """Lists where the chain, given in stored order, doesn't hold.

    `openings` are the payloads not yet erased, by `seq`. A chain cut at its end looks whole from inside: only a head
    that was seen earlier gives the cut away (`domain.proof.heads`).
    """
    breaks: list[Break] = []
    before: Entry | None = None
    for entry in entries:
        breaks += _place(before, entry)
        breaks += _content(entry, (openings or {}).get(entry.seq))
        before = entry
    return breaks


def holds(entry: Entry, opening: Opening) -> bool:
    """Tells whether an entry and its payload are what was written."""
    return not _content(entry, opening)


def _place(before: Entry | None, entry: Entry) -> list[Break]:
    """Finds where the entry doesn't follow the one before it."""
    expected, prev = (1, GENESIS) if before is None else (before.seq + 1, before.hash)
    if entry.seq > expected:
        gap = (
            f"entry {expected} is missing"
            if entry.seq == expected + 1
            else f"entries {expected} to {entry.seq - 1} are missing"
        )
        return [Break(expected, "missing", gap)]
    if entry.seq < expected:
        return [Break(entry.seq, "reordered", f"entry {entry.seq} stands where {expected} belongs")]
    if entry.prev != prev:
        return [Break(entry.seq, "changed", f"entry {entry.seq} doesn't follow the entry before it")]
    return []


def _content(entry: Entry, opening: Opening | None) -> list[Break]:
    """Finds where the entry or its payload isn't what was written."""
    if entry_hash(entry) != entry.hash:
        return [Break(entry.seq, "changed", f"entry {entry.seq} was changed")]
    if opening is not None and not _opens(entry, opening):
        return [Break(entry.seq, "payload", f"the payload of entry {entry.seq} was changed")]
    return []


def _opens(entry: Entry, opening: Opening) -> bool:
    try:
        return commit(opening) == entry.commitment
    except (ValueError, TypeError):  # another kind of value stands in its place
        return False


RESTORE = "db.restore"
SHORT = 16
"""Hex digits of each superseded entry's hash that a restore writes down."""


def superseded(hashes: Iterable[str]) -> Iterator[str]:
    """Shortens hashes as a restore writes them down."""
    return (found[:SHORT] for found in hashes)
