"""One proof: every rule over what was read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from followguard.domain.hashchain import GENESIS, verify
from followguard.domain.proof.finding import Finding
from followguard.domain.proof.follows import Follows, check_models
from followguard.domain.proof.heads import Head, HeadCheck
from followguard.domain.proof.stored import Stored
from followguard.domain.proof.vouching import Vouched, check_index, check_openings, check_rows


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
    findings: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def vouched_of(stored: Stored) -> Vouched:
    """What the log says about rows."""
    return Vouched(entries={entry.seq: entry for entry in stored.entries}, openings=stored.openings)


def check_log(stored: Stored, vouched: Vouched) -> list[Finding]:
    """The chain, and rows against entries both ways."""
    broken = [Finding(rule="chain", row=f"log {b.seq}", text=b.text) for b in verify(stored.entries, stored.openings)]
    sides = [*check_openings(vouched), *check_index(vouched, stored.seals)]
    return [*stored.findings, *broken, *sides, *check_rows(vouched, stored.raw, stored.rows)]


def prove(stored: Stored, against: Against) -> Proof:
    """All rules."""
    vouched = vouched_of(stored)
    findings, warnings = check_log(stored, vouched), list[Finding]()
    follows = Follows(rows=stored.rows, vouched=vouched, strangers=stored.strangers)
    findings += follows.check()
    findings += check_models(stored.rows, stored.models, against.base)
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
        "heads": len(against.heads) + len(stored.receipts),
    }
    return Proof(head=head, checked=checked, findings=findings, warnings=warnings)
