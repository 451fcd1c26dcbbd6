"""The quick part of a proof, which each night runs before it follows anybody: the chain, counts, heads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from followguard.errors import NotProved, Tell
from followguard.proof.finding import ProofFinding
from followguard.proof.head import Head, HeadCheck
from followguard.proof.store import Proving
from followguard.proof.vouching import Vouched
from followguard.reports.receipt import Receipt
from followguard.store.hashchain import GENESIS, verify
from followguard.store.store import Store

MOST_TOLD = 20


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


def whole_log(store: Store, heads: Sequence[Head], receipt: Receipt, tell: Tell) -> bool:
    """Tells whether the night may follow: what the quick part of a proof found is in the receipt, and told."""
    proof = prove_quickly(store, heads)
    receipt.proof = proof.as_json()
    if not proof.ok:
        tell(_not_whole(proof, receipt.account))
    return proof.ok


def prove_quickly(store: Store, heads: Sequence[Head]) -> QuickProof:
    """Proves the chain without its payloads, rows beside its index, and the heads of earlier nights."""
    with store.begin() as work:
        skeleton = Proving(work).skeleton()
    entries = skeleton.entries
    findings = [ProofFinding(rule="chain", row=f"log {each.seq}", text=each.text) for each in verify(entries)]
    vouched = Vouched(entries={entry.seq: entry for entry in entries}, openings=skeleton.restores)
    HeadCheck(vouched, findings, []).check(heads)
    head = entries[-1].hash if entries else GENESIS
    return QuickProof(entries=len(entries), head=head, findings=findings + skeleton.odd)


def _not_whole(proof: QuickProof, account: str) -> NotProved:
    more = len(proof.findings) - 1
    said = proof.findings[0].sentence + (f"; {more} more" if more else "")
    return NotProved(
        f"@{account} follows nobody tonight: the log isn't whole ({said}).",
        "See what was changed, and where: followguard prove",
    )
