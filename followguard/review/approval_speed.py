"""How fast one person may approve: ten within twenty seconds are a loop or keys typed ahead, and no ten looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

MOST = 10
WITHIN = timedelta(seconds=20)
REST = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approval or proposal as recorded. `stands`: it wasn't taken back; that doesn't make it slower."""

    decision_id: int
    person: str
    account: str
    item: int
    follower_id: str
    at: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class Hurry:
    """Approvals of one person, in the order they were made, of which any ten in a row came within twenty seconds."""

    approvals: tuple[Approval, ...]

    @property
    def person(self) -> str:
        """Names who made them."""
        return self.approvals[0].person

    @property
    def at(self) -> datetime:
        """When the first of them was made."""
        return self.approvals[0].at

    @property
    def words(self) -> str:
        """`12 approvals by Ann within 18 seconds (2026-01-05 09:00 UTC)`."""
        seconds = round(passed([each.at for each in self.approvals]).total_seconds())
        within = f"{len(self.approvals)} approvals by {self.person} within {seconds} seconds"
        return f"{within} ({self.at:%Y-%m-%d %H:%M} UTC)"


def resumes_at(times: Sequence[datetime], now: datetime) -> datetime | None:
    """Returns when the person may approve again, None for now; `times` of their newest approvals, newest last.

    Approvals that were taken back count too. A clock that went back doesn't end the pause: it lasts until the clock has
    come past its end again.
    """
    last = times[-MOST:]
    if len(last) < MOST or passed(last) > WITHIN:
        return None
    end = last[-1] + REST
    return end if now < end else None


def passed(times: Sequence[datetime]) -> timedelta:
    """Returns how long they took, as recorded: where times go back, the least that can be.

    A clock that is set back adds no time. Processes that ran side by side are recorded in another order than their
    clocks were read; no more time went by than lies between the earliest and the latest.
    """
    steps = (later - earlier for earlier, later in pairwise(times))
    return min(sum((max(step, timedelta()) for step in steps), timedelta()), max(times) - min(times))


def hurries(approvals: Sequence[Approval]) -> list[Hurry]:
    """Returns where ten or more approvals of one person came too fast, the oldest first, as recorded."""
    by_person: dict[str, list[Approval]] = {}
    for each in approvals:
        by_person.setdefault(each.person, []).append(each)
    found = [hurry for own in by_person.values() for hurry in _of_one(own)]
    return sorted(found, key=lambda hurry: hurry.approvals[0].decision_id)


def _of_one(own: Sequence[Approval]) -> list[Hurry]:
    """Returns one person's hurries; windows of ten that overlap are one."""
    spans: list[tuple[int, int]] = []
    for start in range(len(own) - MOST + 1):
        end = start + MOST
        if passed([each.at for each in own[start:end]]) > WITHIN:
            continue
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [Hurry(tuple(own[start:end])) for start, end in spans]
