"""Figures of one account's night: its receipts added up, and how its scores are spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat
from typing import Any

from followguard.domain.policy import Band, Cutoffs
from followguard.domain.run import Run
from followguard.reports.receipt import COUNTS, FOLLOW_COUNTS, QUEUE_COUNTS

BARS = 20
NEVER = "never"
NOT_TONIGHT = "not tonight"
UNFINISHED = "unfinished"
TOLD = (*COUNTS, "scored", "cost_usd", "forecast_usd")
"""What each run of a day did. The other counts say how things stood after it, so the last one's hold."""
STANDING_ORDERS = ("open", "parked")


@dataclass(frozen=True, slots=True)
class NightError:
    """An error of the night, with its next step in the message."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NightFigures:
    """One account's night, over all its runs of that UTC day. Money in USD.

    `status` is the last run's: done | partial | failed | later | unfinished | not tonight | never. `queued` counts
    cards as they stood after the last run that ended; `orders` what became of follow orders.
    """

    status: str
    runs: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    told: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(TOLD, 0))
    queued: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(QUEUE_COUNTS, 0))
    orders: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(FOLLOW_COUNTS, 0))
    errors: tuple[NightError, ...] = ()
    not_ours: tuple[str, ...] = ()
    model: str | None = None
    policy_hash: str | None = None
    log_head: str | None = None
    drift: Mapping[str, Any] | None = None


def figures_of(runs: Sequence[Run], *, ever: bool) -> NightFigures:
    """Adds up the runs of one day, from old to new. `ever`: the account has had a night before or since."""
    if not runs:
        return NightFigures(status=NOT_TONIGHT if ever else NEVER)
    ended = [run for run in runs if run.receipt is not None]
    receipts = [run.receipt or {} for run in ended]
    last = receipts[-1] if receipts else {}
    return NightFigures(
        status=runs[-1].status or UNFINISHED,
        runs=len(runs),
        started_at=runs[0].started_at,
        finished_at=runs[-1].finished_at,
        told={name: sum(receipt.get(name, 0) for receipt in receipts) for name in TOLD},
        queued={name: last.get(name, 0) for name in QUEUE_COUNTS},
        orders=_orders(receipts),
        errors=tuple(NightError(error["code"], error["message"]) for error in last.get("errors", ())),
        not_ours=tuple(dict.fromkeys(name for receipt in receipts for name in receipt.get("not_ours", ()))),
        model=last.get("model"),
        policy_hash=last.get("policy_hash") or None,
        log_head=last.get("log_head") or None,
        drift=last.get("drift"),
    )


def _orders(receipts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counts = [receipt.get("follow_back", {}) for receipt in receipts]
    last = counts[-1] if counts else {}
    return {
        name: last.get(name, 0) if name in STANDING_ORDERS else sum(count.get(name, 0) for count in counts)
        for name in FOLLOW_COUNTS
    }


@dataclass(frozen=True, slots=True)
class Bar:
    """Scores from `low` up to but not including `high` (the last bar includes 1), by band."""

    low: float
    high: float
    counts: Mapping[Band, int]

    @property
    def total(self) -> int:
        """All three bands."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """How p_spam is spread, with the cutoffs of today's policy."""

    bars: tuple[Bar, ...]
    cutoffs: Cutoffs

    @property
    def total(self) -> int:
        """How many scores."""
        return sum(bar.total for bar in self.bars)

    def of(self, band: Band) -> int:
        """Counts the scores in a band."""
        return sum(bar.counts[band] for bar in self.bars)


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A score in [0, 1], and whether the card has a look mark."""

    p_spam: float
    look: bool = False


def distribution(scores: Sequence[ShownScore], cutoffs: Cutoffs) -> Distribution:
    """Scores in `BARS` bars of equal width, each with the band that its card has."""
    counts = [dict.fromkeys(Band, 0) for _ in repeat(None, BARS)]
    for each in scores:
        band = cutoffs.band_of(each.p_spam, look=each.look)
        counts[min(BARS - 1, int(each.p_spam * BARS + 1e-9))][band] += 1
    bars = tuple(Bar(place / BARS, (place + 1) / BARS, count) for place, count in enumerate(counts))
    return Distribution(bars=bars, cutoffs=cutoffs)
