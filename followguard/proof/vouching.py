"""Rows against entries, both ways: each row as its newest entry says, each entry's rows there, nothing else missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from followguard.proof.finding import ProofFinding, Rows, person_of
from followguard.store.hashchain import Entry, Opening
from followguard.store.seals import BEGINNING, Raw, digests_in, earlier_in, fits

Named = tuple[str, str]
"""Table and key of a row."""


@dataclass(slots=True, kw_only=True)
class Vouched:
    """What the entries say: about each row the newest word and every `seq` at which it was written; and what may lack.

    `openings` are those of the chain's entries; `erased_rows` name the entry that says so.
    """

    entries: Mapping[int, Entry]
    openings: Mapping[int, Opening]
    newest: dict[Named, list[str] | None] = field(default_factory=dict)
    written: dict[Named, list[int]] = field(default_factory=dict)
    named: set[tuple[str, str, int]] = field(default_factory=set)
    erased_openings: set[int] = field(default_factory=set)
    erased_rows: dict[Named, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for seq in sorted(self.openings):
            self._read(seq, self.openings[seq])

    def _read(self, seq: int, opening: Opening) -> None:
        erased: Mapping[str, list[Any]] = opening.payload.get("erased") or {}
        self.erased_openings.update(erased.get("openings", ()))
        self.erased_rows.update({(table, str(key)): seq for table, key in erased.get("rows", ())})
        for said in opening.rows:
            named = (said[0], said[1])
            self.newest[named] = digests_in(said)
            self.named.add((*named, seq))
            self.written.setdefault(named, []).extend(earlier_in(said) or [seq])

    def first(self, table: str, key: str | None) -> int | None:
        """Returns the entry by which a row was made."""
        return min(self.written.get((table, key or ""), ()), default=None)

    def last(self, table: str, key: str | None) -> int | None:
        """Returns the entry by which a row was written last; one that only stands for an erased one doesn't count."""
        return max(self.written.get((table, key or ""), ()), default=None)


def check_openings(vouched: Vouched) -> Iterable[ProofFinding]:
    """Finds payloads that are missing without an erasure that says so."""
    for seq, entry in vouched.entries.items():
        if seq not in vouched.openings and seq not in vouched.erased_openings:
            text = f"the payload of this entry ({entry.kind}, {entry.at}) is missing, and no erasure took it"
            yield ProofFinding(rule="payload", row=f"log {seq}", text=text)
    for seq in sorted(vouched.openings.keys() - vouched.entries.keys()):
        yield ProofFinding(rule="chain", row=f"log {seq}", text="the entry of this payload is missing")


def check_index(vouched: Vouched, seals: set[tuple[str, str, int]]) -> Iterable[ProofFinding]:
    """Finds where the index of entries by row isn't what the entries say."""
    for table, key, seq in sorted(vouched.named - seals):
        yield ProofFinding(rule="index", row=f"seals {table} {key}", text=f"entry {seq} isn't in the index of this row")
    for table, key, seq in sorted(seals - vouched.named):
        yield ProofFinding(rule="index", row=f"seals {table} {key}", text=f"the index names entry {seq}, which doesn't")


def check_rows(vouched: Vouched, stored: Mapping[Named, Mapping[str, Raw]], rows: Rows) -> Iterable[ProofFinding]:
    """Finds rows that aren't as the log has them, and rows of the log that lack."""
    for (table, key), row in stored.items():
        if not vouched.entries and (table, key) == BEGINNING:
            continue
        said = vouched.newest.get((table, key), [])
        if not fits(table, row, said):
            text = _what(said, (table, key) in vouched.newest)
            yield ProofFinding(rule="row", row=f"{table} {key}", text=text, person=person_of(rows, table, key))
    for named, said in vouched.newest.items():
        if said is not None and named not in stored and named not in vouched.erased_rows:
            seq = vouched.last(*named)
            text = f"this row is missing: entry {seq} wrote it, and none deleted it"
            yield ProofFinding(rule="row", row=" ".join(named), text=text)


def _what(said: list[str] | None, named: bool) -> str:
    if said is None:
        return "this row was deleted by the program, and stands here again"
    if named:
        return "this row was changed past the log: it isn't what its newest entry wrote"
    return "no entry of the log wrote this row"
