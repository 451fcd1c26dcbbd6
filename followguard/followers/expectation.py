"""What a nightly reading may expect, from the nights before and X's own count of our followers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from math import ceil
from typing import Any

from followguard.domain.policy import AccountSettings
from followguard.followers.page_size import FIRST_GUESS, NightPace, a_day, expected_new
from followguard.followers.passes_store import Passes, PastPass
from followguard.followers.stop_rule import RUN
from followguard.store.work import Work

NIGHTS = 14
"""How many past nights tell the pace."""
DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The news since the last complete reading, `days` ago: by X's count (`growth`), by the pace (`usual`), in all."""

    days: float
    growth: int | None
    usual: float
    expected: float | None


def outlook(work: Work, account_id: int, now: datetime, followers_count: int | None) -> Outlook | None:
    """Returns what came since the last complete reading; None where no reading was ever complete."""
    last = Passes(work).last_complete(account_id)
    if last is None:
        return None
    nights = arrivals_of(Passes(work).past_nights(account_id, NIGHTS))
    days = (now - last.started_at).total_seconds() / DAY
    growth, pace = growth_since(last, followers_count), a_day(nights)
    usual = (FIRST_GUESS if pace is None else pace) * days
    return Outlook(days=days, growth=growth, usual=usual, expected=expected_new(nights, days, growth))


def growth_since(last: PastPass, followers_count: int | None) -> int | None:
    """Returns how far X's count of our followers rose since that pass began; None where X didn't say both times."""
    before = last.progress.get("followers_count")
    return None if before is None or followers_count is None else followers_count - before


def arrivals_of(past: Sequence[PastPass]) -> list[NightPace]:
    """Returns the pace of past nights, readings of one day as one; the first one is no night of news."""
    found = []
    for before, one in pairwise(past):
        if "mark" in one.progress:
            days = one.progress.get("days")
            span = (one.started_at - before.started_at).total_seconds() / DAY if days is None else days
            found.append((one.started_at.date(), _arrivals(one.progress, span)))
    return [_sum([each for _, each in group]) for _, group in groupby(found, key=lambda pair: pair[0])]


def _arrivals(progress: dict[str, Any], days: float) -> NightPace:
    mark = progress["mark"]
    return NightPace(new=mark["new"] + mark.get("unproven", 0), days=days, growth=progress["growth"])


def _sum(parts: Sequence[NightPace]) -> NightPace:
    growths = [each.growth for each in parts if each.growth is not None]
    return NightPace(
        new=sum(each.new for each in parts),
        days=sum(each.days for each in parts),
        growth=sum(growths) if len(growths) == len(parts) else None,
    )


def forecast_reads(
    work: Work, account_id: int, settings: AccountSettings, now: datetime, followers_count: int | None = None
) -> int:
    """Returns the list reads of tonight: `first_night` at first, then what the nights before tell.

    With X's count of our followers at hand, as far as that tells.
    """
    ahead = outlook(work, account_id, now, followers_count)
    if ahead is None:
        return settings.policy.first_night
    return FIRST_GUESS if ahead.expected is None else ceil(ahead.expected) + RUN
