"""A human pace: so many follow-backs a UTC day, and time between two of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from followguard.domain.order import Order
from followguard.domain.units import day_of

HORIZON_DAYS = 366
"""An order isn't put further off than this, however many wait."""


def first_day_with_room(today: str, taken: Mapping[str, int], per_day: int) -> str:
    """Returns the first ISO day from `today` on with fewer than `per_day` places taken."""
    start = date.fromisoformat(today)
    days = ((start + timedelta(days=ahead)).isoformat() for ahead in range(HORIZON_DAYS))
    last = (start + timedelta(days=HORIZON_DAYS)).isoformat()
    return next((day for day in days if taken.get(day, 0) < per_day), last)


def due_day(taken: Mapping[str, int], per_day: int, now: datetime) -> str:
    """Returns the day that a new order gets. `taken`: the account's places, by ISO day from `now`'s on."""
    return first_day_with_room(day_of(now), taken, per_day)


def next_due_day(taken: Mapping[str, int], per_day: int, now: datetime) -> str:
    """Returns the day for an order that is put off: tomorrow at the earliest. `taken` as for `due_day`."""
    return first_day_with_room(day_of(now + timedelta(days=1)), taken, per_day)


def days_ahead(waiting: Sequence[Order], used_today: int, per_day: int, now: datetime) -> dict[int, str]:
    """Maps order ids to the ISO day on which each queued order will go if every day is used."""
    today = day_of(now)
    taken = {today: used_today}
    days: dict[int, str] = {}
    for order in sorted(waiting, key=lambda one: (one.due, one.id)):
        day = first_day_with_room(max(order.due, today), taken, per_day)
        taken[day] = taken.get(day, 0) + 1
        days[order.id] = day
    return days


def slow_words(last: str, today: str, per_day: int, lapses_days: int) -> str:
    """Says that our own pace puts a follow off for longer than an approval lasts; empty for a nearer day.

    The approval doesn't lapse meanwhile: waiting for our pace isn't counted. The profile may change, which voids it.
    """
    if per_day == 0:
        return "Nobody is followed while max_follow_backs_per_day is 0."
    days = (date.fromisoformat(last) - date.fromisoformat(today)).days
    if days <= lapses_days:
        return ""
    when = "in a year or later" if days >= HORIZON_DAYS else f"in {days} days"
    return (
        f"That is {when}, at max_follow_backs_per_day = {per_day}. Approvals don't lapse while they wait for our own "
        f"pace, but whoever changes their profile by then has to be approved again."
    )


@dataclass(frozen=True, slots=True)
class Spacing:
    """Seconds between two follow calls, drawn evenly from `least` to `most`.

    X allows 50 calls in 15 minutes, one every 18 seconds; the default stays well below it.
    """

    least: float = 20.0
    most: float = 60.0

    def draw(self, rng: Random) -> float:
        """Draws the next wait."""
        return rng.uniform(self.least, self.most)


AT_ONCE = Spacing(0.0, 0.0)
"""For a stand-in on this machine."""
