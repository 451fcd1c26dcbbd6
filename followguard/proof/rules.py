"""One proof: every rule over what was read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from followguard.proof.calibrations import check_calibrations
from followguard.proof.draws import DrawCheck
from followguard.proof.finding import ProofFinding
from followguard.proof.follows import Follows, check_models
from followguard.proof.head import Head, HeadCheck
from followguard.proof.store import Proving
from followguard.proof.stored import Stored
from followguard.proof.vouching import Vouched, check_index, check_openings, check_rows
from followguard.store.hashchain import GENESIS, Opening, verify
from followguard.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What comes from elsewhere: a head somebody kept, heads that nights wrote, names of base models we know."""

    expect_head: str | None = None
    heads: Sequence[Head] = ()
    base: Iterable[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of it. `warnings` accuse nobody."""

    head: str
    checked: dict[str, Any]
    findings: list[ProofFinding] = field(default_factory=list)
    warnings: list[ProofFinding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def check_log(stored: Stored) -> tuple[Vouched, list[ProofFinding]]:
    """Checks the chain, and rows against entries both ways. A payload that was changed speaks for nothing."""
    broken = verify(stored.entries, stored.openings)
    silent = {each.seq: Opening("", {}) for each in broken if each.seq in stored.openings}
    entries = {entry.seq: entry for entry in stored.entries}
    vouched = Vouched(entries=entries, openings={**stored.openings, **silent})
    chain = [ProofFinding(rule="chain", row=f"log {each.seq}", text=each.text) for each in broken]
    sides = [*check_openings(vouched), *check_index(vouched, stored.seals)]
    return vouched, [*stored.findings, *chain, *sides, *check_rows(vouched, stored.raw, stored.rows)]


def prove(store: Store, against: Against) -> Proof:
    """Reads everything in one transaction, then holds it against the log and the rules. Changes nothing."""
    with store.begin() as work:
        stored = Proving(work).read()
    return prove_stored(stored, against)


def prove_stored(stored: Stored, against: Against) -> Proof:
    """Applies all rules to what was read."""
    (vouched, findings), warnings = check_log(stored), list[ProofFinding]()
    follows = Follows(rows=stored.rows, vouched=vouched, strangers=stored.strangers)
    findings += follows.check()
    findings += check_models(stored.rows, stored.models, against.base)
    draws = DrawCheck(stored.rows, vouched, stored.items)
    findings += draws.check(stored.drawn)
    warnings += draws.warnings
    findings += check_calibrations(stored.rows, vouched)
    heads = HeadCheck(vouched, findings, warnings)
    heads.receipts(stored.receipts)
    heads.check(against.heads)
    if against.expect_head is not None:
        heads.expect(against.expect_head)
    head = stored.entries[-1].hash if stored.entries else GENESIS
    checked = {
        "entries": len(stored.entries),
        "rows": dict(Counter(table for table, _ in stored.raw)),
        "follows": len(follows.acts),
        "scores": sum(number for number, _ in stored.models.values()),
        "draws": draws.number,
        "heads": len(against.heads) + len(stored.receipts),
    }
    return Proof(head=head, checked=checked, findings=findings, warnings=warnings)
