"""The nightly reading: who newly follows an account, at as few paid profiles as the list's order allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from math import ceil
from typing import Any

from followguard.domain.counting import counted
from followguard.domain.mark import RUN, Mark, Row
from followguard.domain.page_size import FIRST_GUESS, LONGEST, Arrivals, PagePlan, expected_new
from followguard.domain.policy import AccountSettings
from followguard.domain.ports import FollowerReader, Me
from followguard.domain.stores.accounts import Account
from followguard.domain.stores.reading import PastPass, ReadingPass
from followguard.domain.stores.runs import Call
from followguard.domain.stores.work import Store, Work
from followguard.errors import OrderChanged, WrongCredentials
from followguard.jobs.budget import Clock, Spending
from followguard.jobs.list_reading import ListReading, Tally

HEAD = 2000
"""How many of the newest known followers the mark is looked for among."""
NIGHTS = 14
"""How many past nights tell the pace."""
DAY = 86_400.0


@dataclass(slots=True, kw_only=True)
class FirstNight:
    """Reads the newest `limit` followers of an account that was never read, and takes them as the mark."""

    limit: int
    read: int = 0
    followers_count: int | None = None

    def next_size(self) -> int:
        """What is left of the limit."""
        return min(LONGEST, max(0, self.limit - self.read))

    def take(self, rows: Sequence[tuple[str, Row]]) -> None:
        """Every row counts but those read before in this pass."""
        self.read += sum(row is not Row.AGAIN for _, row in rows)

    def missing(self) -> list[str]:
        """Nobody was known before."""
        return []

    def as_json(self) -> dict[str, Any]:
        """For the checkpoint."""
        return {"first": True, "read": self.read, "followers_count": self.followers_count}


@dataclass(slots=True, kw_only=True)
class ToTheMark:
    """Reads from the top until the followers of earlier nights begin."""

    head: Sequence[str]
    mark: Mark = field(default_factory=Mark)
    burst: int = 0
    expected: float | None = None
    growth: int | None = None
    followers_count: int | None = None
    _ranks: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._ranks = {follower_id: rank for rank, follower_id in enumerate(self.head)}

    def next_size(self) -> int:
        """0 once the mark is met."""
        if self.mark.met(len(self.head)):
            return 0
        return PagePlan(expected=self.expected, burst=self.burst).next_size(self.mark.new, self.mark.still_needed)

    def take(self, rows: Sequence[tuple[str, Row]]) -> None:
        """Moves the mark, and notices a burst: pages wholly new though no more were expected."""
        self.mark.see(rows, self._ranks)
        wholly_new = bool(rows) and all(row is not Row.KNOWN for _, row in rows)
        self.burst = self.burst + 1 if wholly_new and self.mark.new > (self.expected or 0) else 0

    def missing(self) -> list[str]:
        """Those above the mark who weren't there."""
        return [self.head[rank] for rank in self.mark.missing()]

    def as_json(self) -> dict[str, Any]:
        """For the checkpoint."""
        return {
            "mark": self.mark.as_json(),
            "burst": self.burst,
            "expected": self.expected,
            "growth": self.growth,
            "followers_count": self.followers_count,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """What the nightly reading of one account needs. `say` gets a line of progress for each page."""

    store: Store
    reader: FollowerReader
    settings: AccountSettings
    spending: Spending
    clock: Clock
    say: Callable[[str], None]

    def run(self, account: Account, me: Me, tally: Tally) -> None:
        """Reads the account's new followers into `tally`.

        An unfinished pass of an earlier run goes on where it stopped; if it began on an earlier day and ends with
        budget to spare, a new one begins at the top. Raises `XError`, `BudgetUsedUp`; all that was read is saved.
        """
        started = self.clock()
        reading, course = self._resume(account, me)
        self._read(account, me, reading, course, tally)
        if reading.started_at.date() < started.date():
            reading, course = self._resume(account, me)
            self._read(account, me, reading, course, tally)

    def _read(
        self, account: Account, me: Me, reading: ReadingPass, course: FirstNight | ToTheMark, tally: Tally
    ) -> None:
        lister = ListReading(
            store=self.store,
            reader=self.reader,
            account=account,
            x_id=me.id,
            spending=self.spending,
            clock=self.clock,
            say=self.say,
            tally=tally,
        )
        try:
            lister.run(reading, course)
        finally:
            if isinstance(course, ToTheMark):
                tally.errors.extend(doubts_of_order(account.handle, course, finished=tally.finished))

    def _resume(self, account: Account, me: Me) -> tuple[ReadingPass, FirstNight | ToTheMark]:
        now = self.clock()
        with self.store.begin() as work:
            work.accounts.set_followers_count(account.id, me.followers_count)
            past = work.reading.past_nights(account.id, NIGHTS)
            reading = work.reading.open_pass(account.id, "night")
            if reading is None:
                course = self._new_course(past, me, now)
                reading = work.reading.start_pass(account.id, "night", course.as_json(), now)
            head = work.reading.head(account.id, reading.id, HEAD)
        return reading, self._course_of(reading.progress, head)

    def _new_course(self, past: Sequence[PastPass], me: Me, now: datetime) -> FirstNight | ToTheMark:
        if not past:
            return FirstNight(limit=self.settings.policy.first_night, followers_count=me.followers_count)
        growth = growth_since(past[-1], me.followers_count)
        days = (now - past[-1].started_at).total_seconds() / DAY
        expected = expected_new(arrivals_of(past), days, growth)
        return ToTheMark(head=(), expected=expected, growth=growth, followers_count=me.followers_count)

    def _course_of(self, progress: dict[str, Any], head: Sequence[str]) -> FirstNight | ToTheMark:
        if progress.get("first"):
            count = progress.get("followers_count")
            limit = self.settings.policy.first_night
            return FirstNight(limit=limit, read=progress["read"], followers_count=count)
        return ToTheMark(
            head=head,
            mark=Mark.from_json(progress["mark"]),
            burst=progress["burst"],
            expected=progress["expected"],
            growth=progress["growth"],
            followers_count=progress["followers_count"],
        )


def identify(store: Store, reader: FollowerReader, account: Account, clock: Clock) -> Me:
    """Asks X whose credentials these are and stores the account's id on the first night.

    Raises `WrongCredentials` when they belong to another account than the one configured.
    """
    me = reader.me()
    handle = account.handle
    if me.username.lower() != handle.lower() or account.x_id not in {None, me.id}:
        expected = f", but @{handle} has been id {account.x_id} since its first night" if account.x_id else ""
        raise WrongCredentials(
            f"The credentials of @{handle} belong to @{me.username} (id {me.id}){expected}.",
            f"Put the four secrets of @{handle} in their place, then run: followguard doctor --online",
        )
    with store.begin() as work:
        work.runs.charge(account.id, Call(name="me", requests=1), 0, clock())
        if account.x_id is None:
            work.accounts.set_x_id(account.id, me.id)
    return me


def growth_since(last: PastPass, followers_count: int | None) -> int | None:
    """By how much X's count of our followers rose since that pass began, None where X didn't say both times."""
    before = last.progress.get("followers_count")
    return None if before is None or followers_count is None else followers_count - before


def arrivals_of(past: Sequence[PastPass]) -> list[Arrivals]:
    """The pace of past nights; the first one is no night of news."""
    nights: list[Arrivals] = []
    for before, one in pairwise(past):
        days = (one.started_at - before.started_at).total_seconds() / DAY
        if "mark" in one.progress:
            nights.append(Arrivals(new=one.progress["mark"]["new"], days=days, growth=one.progress["growth"]))
    return nights


def forecast_reads(
    work: Work, account_id: int, settings: AccountSettings, now: datetime, followers_count: int | None = None
) -> int:
    """How many list reads tonight will take: `first_night` on the first, then as far as the nights before tell.

    With X's count of our followers at hand, as far as that tells.
    """
    past = work.reading.past_nights(account_id, NIGHTS)
    if not past:
        return settings.policy.first_night
    days = (now - past[-1].started_at).total_seconds() / DAY
    expected = expected_new(arrivals_of(past), days, growth_since(past[-1], followers_count))
    return FIRST_GUESS if expected is None else ceil(expected) + RUN


def doubts_of_order(handle: str, course: ToTheMark, *, finished: bool) -> list[OrderChanged]:
    """What speaks against "newest first" after this reading: at most one error, with what to do."""
    mark, expected = course.mark, course.expected or 0.0
    reconcile = f"Run `followguard reconcile --account {handle}` to find whom the nights missed."
    if mark.order_changed:
        what = f"@{handle}: known followers came in another order than before: X's list isn't newest first any more."
        return [OrderChanged(what, reconcile)]
    if course.head and not mark.reached and not mark.ranks and mark.new > 5 * expected + 200:
        what = f"@{handle}: {counted(mark.new, 'profile')} read, and none known: a burst, or X changed the order."
        return [OrderChanged(what, f"If the list shows no burst: {reconcile}")]
    if finished and course.growth is not None and course.growth >= 20 and mark.new < course.growth // 5:
        what = f"@{handle}: X counts {counted(course.growth, 'more follower')}, but only {mark.new} new on top."
        return [OrderChanged(what, reconcile)]
    return []
