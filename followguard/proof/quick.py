"""The quick part of a proof, which each night runs before it follows anybody: the chain, counts, heads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from followguard.proof.finding import ProofFinding
from followguard.proof.head import Head, HeadCheck
from followguard.proof.vouching import Vouched
from followguard.store.hashchain import GENESIS, Entry, Opening, verify

MOST_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """The chain without payloads, but for those of restores; `odd`: covered rows that no entry names, or that lack."""

    entries: list[Entry]
    restores: dict[int, Opening]
    odd: list[ProofFinding] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickProof:
    """What came of it."""

    entries: int
    head: str
    findings: list[ProofFinding]

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """`proof` in the receipt of a night."""
        told = [each.sentence for each in self.findings[:MOST_TOLD]]
        return {"ok": self.ok, "entries": self.entries, "head": self.head, "findings": told}


def prove_skeleton(skeleton: Skeleton, heads: Sequence[Head]) -> QuickProof:
    """Applies the rules that need no payload."""
    entries = skeleton.entries
    findings = [ProofFinding(rule="chain", row=f"log {each.seq}", text=each.text) for each in verify(entries)]
    vouched = Vouched(entries={entry.seq: entry for entry in entries}, openings=skeleton.restores)
    HeadCheck(vouched, findings, []).check(heads)
    head = entries[-1].hash if entries else GENESIS
    return QuickProof(entries=len(entries), head=head, findings=findings + skeleton.odd)
