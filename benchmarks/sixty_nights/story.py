"""The sixty nights in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

WEEK = 7


@dataclass(slots=True)
class Night:
    """One night: its receipt, the answers of new followers, counts of those hidden in the morning and of decisions.

    `tested`: somebody took a blind test in the morning.
    """

    number: int
    receipt: dict[str, Any]
    spam: Mapping[str, bool]
    hidden_spam: int = 0
    hidden_real: int = 0
    decided: dict[str, int] = field(default_factory=dict)
    tested: bool = False

    def __str__(self) -> str:
        told = {name: self.receipt[name] for name in ("status", "new", "listed", "held_back", "audit", "model")}
        return f"{told}, {self.hidden_real} real people hidden"


@dataclass(frozen=True, slots=True)
class Learned:
    """A retraining or a rollback in the morning after a night."""

    night: int
    what: str
    outcome: str
    why: str
    model: str
    labels: Mapping[str, int]
    gate: Mapping[str, Any]

    @classmethod
    def of(cls, night: int, what: str, told: Mapping[str, Any] | None) -> "Learned":
        """Reads what the command printed."""
        found = told or {}
        return cls(
            night=night,
            what=what,
            outcome=str(found.get("outcome", "done" if found.get("changed") else "failed")),
            why=str(found.get("why", "")),
            model=str(found.get("model", "")),
            labels=dict(found.get("labels", {})),
            gate=dict((found.get("challenger") or {}).get("gate", {})),
        )


@dataclass(slots=True)
class Story:
    """All nights, and what was learned in them.

    `p_spam` and `base_p` hold, by follower, the first score that served and the base model's own; `held` the answer of
    each follower who was held back on some night.
    """

    nights: list[Night]
    learned: list[Learned]
    kinds: Sequence[tuple[str, str]]
    attack: int
    seed: int
    command: str
    day: date
    base: str
    p_spam: dict[str, float] = field(default_factory=dict)
    base_p: dict[str, float] = field(default_factory=dict)
    held: dict[str, bool] = field(default_factory=dict)
    whatif: dict[str, Any] = field(default_factory=dict)
    checked: Any = None
    troubles: list[str] = field(default_factory=list)
    minutes: float = 0.0

    def weeks(self) -> list[Sequence[Night]]:
        """Cuts the nights into weeks; the last may be shorter."""
        return [self.nights[start : start + WEEK] for start in range(0, len(self.nights), WEEK)]

    def answers(self, nights: Sequence[Night]) -> tuple[list[bool], list[float], list[float]]:
        """Lists answers, served scores and the base model's scores of those first seen in these nights."""
        first = {who: spam for night in nights for who, spam in night.spam.items()}
        return list(first.values()), [self.p_spam[who] for who in first], [self.base_p[who] for who in first]
