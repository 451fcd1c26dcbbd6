"""The result of drift: whether the followers of the last nights are still like those of the nights before."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class DriftState(StrEnum):
    """How an account's followers compare. `failed`: it couldn't be computed; the night went on."""

    QUIET = "quiet"
    ALARM = "alarm"
    TOO_LITTLE = "too_little_history"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftSignal:
    """One thing that moved. `what` is a feature's name, `score` or `base_rate`; `aspect` level | missing |
    spread | base_rate.

    `since` is the ISO day of the first night of the move, `nights` how many nights it has lasted, `strength` in
    standard errors, negative for a fall. `before` and `now` are in the unit that `text` names.
    """

    what: str
    aspect: str
    since: str
    nights: int
    strength: float
    before: float | None
    now: float | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The drift of one account. `nights` are those on record that count, `recent` and `reference` those compared.

    `alarms_a_quarter`: at most so many false alarms in 91 nights are to be expected, all that is watched together.
    `moved` has the strongest first.
    """

    state: DriftState
    nights: int = 0
    needs_nights: int = 0
    recent: int = 0
    reference: int = 0
    alarms_a_quarter: float = 1.0
    moved: tuple[DriftSignal, ...] = ()
    why: str = ""

    @property
    def since(self) -> str | None:
        """Returns about when it began: the middle day of the moves, each of which is a night or two off."""
        return sorted(each.since for each in self.moved)[len(self.moved) // 2] if self.moved else None

    def next_step(self, handle: str) -> str:
        """Says what a person should do about it."""
        missing = f"{self.needs_nights} more night{'' if self.needs_nights == 1 else 's'}"
        return NEXT_STEPS[self.state].format(handle=handle, missing=missing)

    def as_json(self, handle: str) -> dict[str, Any]:
        """Returns the object in the JSON of `model drift`, and in a night's receipt."""
        return {**asdict(self), "moved": [asdict(each) for each in self.moved], "since": self.since,
                "next_step": self.next_step(handle)}  # fmt: skip


NEXT_STEPS = {
    DriftState.QUIET: "Nothing to do.",
    DriftState.ALARM: (
        "Look at these followers: followguard report. If they are what you want to learn from, decide some of their "
        "cards, then: followguard retrain --account {handle}"
    ),
    DriftState.TOO_LITTLE: "It needs {missing} with new followers.",
    DriftState.FAILED: "The night isn't affected. See: followguard model drift --account {handle}",
}


def alarm_lines(found: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Returns a sentence for each thing that moved, as a night's receipt tells it; empty without an alarm."""
    if not found or found.get("state") != DriftState.ALARM:
        return ()
    return tuple(str(each["text"]) for each in found.get("moved", ()))
