"""The figures of the drift bench as tables, and whether they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import stats

from benchmarks.pages import table
from followguard.learning.drift_scan import Whole

MOST_ALARMS, LEAST_CAUGHT = 1.0, 0.95
TARGET = "independent"


@dataclass(frozen=True, slots=True)
class Alarms:
    """False alarms begun in each quarter, and the share of nights on which one stood."""

    arrival: str
    size: str
    reference: int
    begun: Whole
    stood: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, exact for Poisson counts; widened by how much more the quarters differ than such counts would."""
        total, quarters = float(self.begun.sum()), len(self.begun)
        wider = max(1.0, float(self.begun.var()) / max(float(self.begun.mean()), 1e-9)) if total else 1.0
        events = total / wider
        low = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
        return float(low * wider / quarters), float(stats.chi2.ppf(0.975, 2 * events + 2) / 2 * wider / quarters)

    @property
    def kept(self) -> bool:
        """At most one a quarter, with its interval."""
        return self.interval[1] <= MOST_ALARMS


@dataclass(frozen=True, slots=True)
class Caught:
    """In each run the night after the change on which the alarm came, 0 for none within the time or one before it."""

    arrival: str
    nights: int
    first: Whole

    @property
    def share(self) -> float:
        """Of the runs."""
        return float((self.first > 0).mean())

    @property
    def interval(self) -> tuple[float, float]:
        """Exact 95 % of a share (Clopper and Pearson)."""
        found = stats.binomtest(int((self.first > 0).sum()), len(self.first)).proportion_ci()
        return float(found.low), float(found.high)

    @property
    def verdict(self) -> str:
        """Only followers who come one by one were asked for."""
        if self.arrival != TARGET:
            return ""
        return "kept" if self.share >= LEAST_CAUGHT else "LOST"


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was measured, when and by which command."""

    alarms: Sequence[Alarms]
    caught: Sequence[Caught]
    source: str
    day: date
    command: str


def lost(found: Found) -> bool:
    """Whether a target is."""
    return not all(each.kept for each in found.alarms) or any(each.verdict == "LOST" for each in found.caught)


def page_part(found: Found) -> str:
    """Both tables."""
    quarters, runs = len(found.alarms[0].begun), len(found.caught[0].first)
    return "\n\n".join(
        (
            f"Measured on {found.day} by `{found.command}`: {found.source}; {quarters} quarters for each kind of "
            f"nights without drift, {runs} runs for each with drift.",
            "### False alarms in a quarter of 91 nights, all that is watched together (asked for: at most 1)",
            _alarms(found.alarms),
            "### Spam goes from 15 % to 45 % at 50 followers a night (asked for: caught within five nights in 95 %)",
            _caught(found.caught),
        )
    )


def _alarms(rows: Sequence[Alarms]) -> str:
    heads = ["nights are", "followers a night", "nights before", "false alarms (95 %)", "nights with one", "verdict"]
    return table(
        heads,
        [
            [
                each.arrival,
                each.size,
                str(each.reference),
                "{:.2f} ({:.2f}-{:.2f})".format(each.begun.mean(), *each.interval),
                f"{each.stood:.2%}",
                "kept" if each.kept else "LOST",
            ]
            for each in rows
        ],
    )


def _caught(rows: Sequence[Caught]) -> str:
    heads = ["nights are", "nights on record", "caught (95 %)", "by night 3", "by night 4", "verdict"]
    return table(
        heads,
        [
            [
                each.arrival,
                str(each.nights),
                "{:.3f} ({:.3f}-{:.3f})".format(each.share, *each.interval),
                *(f"{float(np.mean((each.first > 0) & (each.first <= night))):.3f}" for night in (3, 4)),
                each.verdict,
            ]
            for each in rows
        ],
    )
