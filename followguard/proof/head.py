"""Heads of the log that were seen before: what a cut or a rewritten chain can't have kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from followguard.proof.finding import ProofFinding
from followguard.proof.vouching import Vouched
from followguard.store.hashchain import GENESIS, RESTORE, SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a night wrote down: number, hash and time of the last entry, and its own day. `source`: the file."""

    seq: int
    hash: str
    at: str
    day: str
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        """Returns what a file in the folder of heads holds."""
        return {"seq": self.seq, "hash": self.hash, "at": self.at, "day": self.day}


@dataclass(frozen=True, slots=True)
class Restore:
    """A backup that took the database's place: entries after `kept` were superseded at `at`."""

    seq: int
    at: str
    backup: str
    kept: int
    superseded: frozenset[str] | None

    def explains(self, seq: int | None, found: str) -> bool:
        """Tells whether that head belongs to the history it put aside; where that couldn't be read, by its number."""
        if self.superseded is None:
            return seq is not None and seq > self.kept
        return found[:SHORT] in self.superseded


def restores_of(vouched: Vouched) -> list[Restore]:
    """Returns every restore on record."""
    found = []
    for seq, entry in vouched.entries.items():
        opening = vouched.openings.get(seq)
        if entry.kind == RESTORE and opening is not None and "new" in opening.payload:
            told: Mapping[str, Any] = opening.payload
            gone = None if told.get("superseded") is None else frozenset(told["superseded"])
            found.append(Restore(seq, entry.at, str(told.get("backup")), int(told["new"]["seq"]), gone))
    return found


class HeadCheck:
    """Sorts heads into those that hold, findings and warnings."""

    def __init__(self, vouched: Vouched, findings: list[ProofFinding], warnings: list[ProofFinding]) -> None:
        self._vouched = vouched
        self._hashes = {GENESIS} | {entry.hash for entry in vouched.entries.values()}
        self._restores = restores_of(vouched)
        self._findings = findings
        self._warnings = warnings

    def check(self, heads: Iterable[Head]) -> None:
        """Checks each head at its place in the chain."""
        for head in heads:
            entry = self._vouched.entries.get(head.seq)
            if not (entry and entry.hash == head.hash) and (head.seq, head.hash) != (0, GENESIS):
                what = f"the head that the night of {head.day} wrote there isn't in the log"
                self._tell(head.seq, head.hash, head.source, what)

    def expect(self, found: str) -> None:
        """Checks a head that somebody wrote down; the head of an empty log always holds."""
        if found not in self._hashes:
            entries = len(self._vouched.entries)
            accused = f": the log, now of {entries} entries, was cut or rewritten"
            self._tell(None, found, "log", f"no entry has the expected hash {found}", accused)

    def receipts(self, receipts: Iterable[tuple[int, str]]) -> None:
        """Checks the heads that the nights' own receipts name."""
        for run, found in receipts:
            if found not in self._hashes:
                what = f"its receipt names the head {found[:SHORT]}..., which isn't in the log"
                self._tell(None, found, f"runs {run}", what)

    def _tell(self, seq: int | None, found: str, row: str, what: str, accused: str = "") -> None:
        for restore in self._restores:
            if restore.explains(seq, found):
                text = f"{what}: it was superseded at {restore.at}, when {restore.backup} was restored"
                self._warnings.append(ProofFinding(rule="head", row=row, text=text))
                return
        self._findings.append(ProofFinding(rule="head", row=row, text=what + accused))
