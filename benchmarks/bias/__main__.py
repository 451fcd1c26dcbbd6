"""Whether the audit's estimate is right, and holding back earned rightly: `python -m benchmarks bias [--write]`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import mean, median

import numpy as np

from benchmarks.asking import parser
from benchmarks.bias.desk import Past, Told, Town, live, told
from benchmarks.pages import DOCS, table, write_part
from followguard.screening.audit import AuditDraw, audit_draws
from followguard.screening.audit_interval import effective_number, held_back_share

PAGE = DOCS / "audit.md"
COVERED = 0.93
"""The share of desks whose truth the weighted estimate's 95 % interval was asked to hold."""
RUNS = 150
TOWNS = {
    "steady 2 %": Town(real=lambda _: 0.02),
    "from 5 % down to 0": Town(real=lambda passed: 0.05 * (1.0 - passed)),
    "from 1 % up to 5 %": Town(real=lambda passed: 0.01 + 0.04 * passed),
    "busy: 15 a night": Town(real=lambda _: 0.02, surely_spam=15.0),
    "200 bought at a time": Town(real=lambda _: 0.02, attack=0.04),
}
SHARES = (0.01, 0.02, 0.03, 0.05, 0.06, 0.08, 0.10)
LONG = 90
TURN, AFTER = 0.5, 0.15
CUTS = (10.0, 20.0, 50.0, float("inf"))
"""Weights are cut to these; the last leaves them as they are."""
CUT_TOWNS = ("busy: 15 a night", "200 bought at a time")


@dataclass(frozen=True, slots=True)
class Covered:
    """One town: how often each interval holds the truth, and how far off each estimate is on average."""

    name: str
    runs: int
    weighted: float
    naive: float
    weighted_off: float
    naive_off: float
    bound_holds: float
    bound: float


@dataclass(frozen=True, slots=True)
class Earning:
    """One true share: how often holding back was earned, when at the median, and on which part of the nights."""

    share: float
    runs: int
    ever: float
    night: float | None
    nights_held: float


def coverage(name: str, town: Town, runs: int) -> Covered:
    """Runs a town's desk again and again; desks on which nobody was held back say nothing and aren't counted."""
    pairs = [found for seed in range(runs) if (found := told(live(town, seed))) is not None]
    weighted, naive = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Covered(
        name=name,
        runs=len(pairs),
        weighted=mean(each.covers for each in weighted),
        naive=mean(each.covers for each in naive),
        weighted_off=_off(weighted),
        naive_off=_off(naive),
        bound_holds=mean(each.truth <= each.bound for each in weighted),
        bound=mean(each.bound for each in weighted),
    )


def _off(estimates: Sequence[Told]) -> float:
    return mean(each.share - each.truth for each in estimates)


@dataclass(frozen=True, slots=True)
class Cut:
    """One town with weights cut at `most`: draws, how many equal ones they are worth, and how the estimate fares."""

    name: str
    most: float
    draws: float
    worth: float
    off: float
    covers: float


def cuts(name: str, runs: int) -> list[Cut]:
    """Cuts the weights of the same desks in each way."""
    pasts = [past for seed in range(runs) if audit_draws((past := live(TOWNS[name], seed)).evidence)]
    found = []
    for most in CUTS:
        draws = [[_cut(each, most) for each in audit_draws(past.evidence)] for past in pasts]
        shares = [held_back_share(each) for each in draws]
        pairs = list(zip(shares, pasts, strict=True))
        found.append(
            Cut(
                name=name,
                most=most,
                draws=mean(len(each) for each in draws),
                worth=mean(effective_number(np.array([1.0 / one.probability for one in each])) for each in draws),
                off=mean((share.share or 0.0) - past.truth for share, past in pairs),
                covers=mean(share.low <= past.truth <= share.high for share, past in pairs),
            )
        )
    return found


def _cut(draw: AuditDraw, most: float) -> AuditDraw:
    return AuditDraw(draw.real, max(draw.probability, 1.0 / most))


def earning(share: float, runs: int) -> Earning:
    """Runs desks of a constant true share under earned holding back over `LONG` nights."""
    town = Town(real=lambda _: share, nights=LONG)
    pasts = [live(town, seed) for seed in range(runs)]
    firsts = [past.allowed.index(True) + 1 for past in pasts if any(past.allowed)]
    held = mean(mean(past.allowed) for past in pasts)
    return Earning(share, runs, len(firsts) / runs, median(firsts) if firsts else None, held)


def losing(runs: int) -> tuple[int, float, float | None]:
    """Lets the true share jump from .01 to `AFTER` halfway.

    Returns how many desks held back then, the share that stopped in time, and after how many nights at the median.
    """
    town = Town(real=lambda passed: 0.01 if passed < TURN else AFTER, nights=LONG)
    turn = int(LONG * TURN)
    holding = [past for past in (live(town, seed) for seed in range(runs)) if past.allowed[turn]]
    ends = [end for past in holding if (end := _end(past, turn)) is not None]
    return len(holding), len(ends) / max(1, len(holding)), median(ends) if ends else None


def _end(past: Past, turn: int) -> int | None:
    """Counts the nights after the turn until holding back stopped."""
    return next((night - turn for night in range(turn, LONG) if not past.allowed[night]), None)


def page_part(
    covered: Sequence[Covered], cut: Sequence[Cut], earned: Sequence[Earning], lost: tuple[int, float, float | None]
) -> str:
    """Puts all tables together, with the command and the day."""
    holding, stopped, nights = lost
    return "\n\n".join(
        [
            f"Measured on {datetime.now(UTC).date()} by `python -m benchmarks bias --write`.",
            f"### The estimate\n\n{table([_covered(each) for each in covered])}",
            f"### Weights cut\n\n{table([_weights_cut(each) for each in cut])}",
            f"### Earned holding back, `max_wrong_hold` .05\n\n{table([_earned(each) for each in earned])}",
            f"The true share jumps from .01 to {AFTER} on night {int(LONG * TURN)}: of {holding} desks that held back "
            f"then, {stopped:.0%} stopped within {LONG - int(LONG * TURN)} nights, "
            + (f"half of those within {nights:g}." if nights is not None else "so none."),
        ]
    )


def _covered(found: Covered) -> dict[str, str]:
    return {
        "desk": found.name,
        "desks that held back": str(found.runs),
        "weighted covers": f"{found.weighted:.1%}",
        "naive covers": f"{found.naive:.1%}",
        "weighted is off by": f"{found.weighted_off:+.4f}",
        "naive is off by": f"{found.naive_off:+.4f}",
        "truth at or below the bound": f"{found.bound_holds:.1%}",
        "mean bound": f"{found.bound:.3f}",
    }


def _weights_cut(found: Cut) -> dict[str, str]:
    return {
        "desk": found.name,
        "weights cut at": "not at all" if found.most == CUTS[-1] else f"{found.most:g}",
        "draws": f"{found.draws:.0f}",
        "worth as many equal ones": f"{found.worth:.0f}",
        "estimate is off by": f"{found.off:+.4f}",
        "covers": f"{found.covers:.1%}",
    }


def _earned(found: Earning) -> dict[str, str]:
    return {
        "true share of real people": f"{found.share:.2f}",
        "desks": str(found.runs),
        f"ever earned in {LONG} nights": f"{found.ever:.1%}",
        "first on night (median)": "never" if found.night is None else f"{found.night:g}",
        "nights held back": f"{found.nights_held:.1%}",
    }


def main(arguments: Sequence[str] = ()) -> int:
    """Prints all tables; returns 1 when the weighted interval covers too rarely, or the naive one does well."""
    asked = parser("python -m benchmarks.bias", str(__doc__), "into docs/audit.md", {"runs": RUNS}, sets=False)
    asked.add_argument("--runs", type=int, help="simulated desks for each row")
    order = asked.parse_args(arguments)
    covered = [coverage(name, town, order.runs) for name, town in TOWNS.items()]
    fewer = max(1, order.runs * 2 // 3)
    earned = [earning(share, fewer) for share in SHARES]
    cut = [row for name in CUT_TOWNS for row in cuts(name, fewer)]
    part = page_part(covered, cut, earned, losing(fewer))
    print(part)
    if order.write:
        write_part(PAGE, "figures", part)
    naive = mean(each.naive for each in covered)
    return int(min(each.weighted for each in covered) < COVERED or naive >= COVERED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
