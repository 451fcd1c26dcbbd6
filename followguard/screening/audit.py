"""The audit of those held back: which decisions it rests on, and what it says."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from followguard.domain.labels import Label
from followguard.screening.holding_back import HoldEvidence
from followguard.screening.plan import PoolDraw


@dataclass(frozen=True, slots=True)
class AuditDraw:
    """Somebody held back whom the audit drew with this probability, in (0, 1], and a person decided about."""

    real: bool
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBackShare:
    """The share of real people among those held back: `real` of `drawn` in the audit, and what that says of all.

    `share` is the estimate, None without a draw; it lies between `low` and `high` in 95 % of cases (in 2.5 % below and
    in 2.5 % above), and in 95 % at or below `bound`.
    """

    drawn: int = 0
    real: int = 0
    share: float | None = None
    low: float = 0.0
    high: float = 1.0
    bound: float = 1.0


NOTHING_AUDITED = HeldBackShare()


def audit_draws(decisions: Iterable[HoldEvidence]) -> list[AuditDraw]:
    """Returns decisions about audited cards that say whether somebody is real.

    What was asked for has no known probability, and what was listed before holding back was earned wasn't held back:
    neither says anything about those who are.
    """
    return [
        AuditDraw(each.label is Label.GENUINE, each.draw_probability)
        for each in decisions
        if each.draw_probability is not None and each.label is not None
    ]


DRAW_ENTRY = "audit.draw"


def draw_payload(drawn: PoolDraw, day: str, seed: int) -> dict[str, Any]:
    """Returns what the log keeps of a draw of audit or sample: items, never followers. The seed stays where it is."""
    return {
        "day": day,
        "pool": list(drawn.pool),
        "wanted": drawn.wanted,
        "drawn": list(drawn.drawn),
        "seed_sha256": _hashed(str(seed)),
    }


def _hashed(seed: str) -> str:
    return hashlib.sha256(f"seed {seed}".encode()).hexdigest()
