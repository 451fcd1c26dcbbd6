"""Reads an account's whole follower list: who left, and whom the nights missed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from followguard.domain.counting import counted
from followguard.domain.mark import Row
from followguard.domain.money import micro, usd
from followguard.domain.page_size import LONGEST
from followguard.domain.policy import AccountSettings
from followguard.domain.ports import FollowerReader
from followguard.domain.stores.accounts import Account
from followguard.domain.stores.work import Store
from followguard.errors import PartlyDone, TryLater
from followguard.jobs.budget import Clock, Spending
from followguard.jobs.ingest import identify
from followguard.jobs.list_reading import ListReading, Tally

MOST_GONE = 20
"""Up to so many may be gone at once, however short the list."""


@dataclass(slots=True)
class WholeList:
    """Every page to the end of the list."""

    seen: int = 0

    def next_size(self) -> int:
        """Always a full page: each follower is paid for anyway."""
        return LONGEST

    def take(self, rows: Sequence[tuple[str, Row]]) -> None:
        """Counts followers that this pass hadn't met."""
        self.seen += sum(row is not Row.AGAIN for _, row in rows)

    def missing(self) -> list[str]:
        """A whole list tells who left; nobody is merely missing."""
        return []

    def as_json(self) -> dict[str, Any]:
        """For the checkpoint."""
        return {"seen": self.seen}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a whole reading will take. `followers` is None where X doesn't say how many there are."""

    followers: int | None
    already_read: int
    usd: float | None


@dataclass(slots=True)
class Reconciled:
    """What came of it. `later` says why it isn't finished yet, None when it is."""

    left: int = 0
    tally: Tally = field(default_factory=Tally)
    later: TryLater | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """One account's reconciliation; an unfinished one goes on where it stopped."""

    store: Store
    reader: FollowerReader
    settings: AccountSettings
    spending: Spending
    clock: Clock
    say: Callable[[str], None]

    def forecast(self) -> Forecast:
        """Asks X how many followers there are: one call. Raises `XError`."""
        account, followers = self._account()
        with self.store.begin() as work:
            reading = work.reading.open_pass(account.id, "reconcile")
        seen = 0 if reading is None else int(reading.progress["seen"])
        cost = None if followers is None else usd(max(0, followers - seen) * self.spending.list_price)
        return Forecast(followers=followers, already_read=seen, usd=cost)

    def run(self, max_usd: float | None) -> Reconciled:
        """Reads to the end of the list, or as far as `max_usd` goes in this run, the month's budget in any case.

        Followers that the whole list doesn't show any more have left. Raises `XError` that isn't for later.
        """
        account, _ = self._account()
        result = Reconciled()
        with self.store.lock(account.handle):
            try:
                result.left = self._read(account, max_usd, result.tally)
            except TryLater as later:
                result.later = later
        return result

    def _read(self, account: Account, max_usd: float | None, tally: Tally) -> int:
        with self.store.begin() as work:
            reading = work.reading.open_pass(account.id, "reconcile")
            if reading is None:
                reading = work.reading.start_pass(account.id, "reconcile", WholeList().as_json(), self.clock())
        course = WholeList(seen=int(reading.progress["seen"]))
        ListReading(
            store=self.store,
            reader=self.reader,
            account=account,
            x_id=account.x_id or "",
            spending=self.spending,
            clock=self.clock,
            say=self.say,
            tally=tally,
            run_limit=self.spending.month_limit if max_usd is None else micro(max_usd),
        ).run(reading, course)
        return self._part_with(account, reading.id, course.seen)

    def _part_with(self, account: Account, pass_id: int, seen: int) -> int:
        with self.store.begin() as work:
            gone = work.reading.unseen_since(account.id, pass_id)
            if len(gone) > MOST_GONE and len(gone) > seen:
                raise PartlyDone(
                    f"@{account.handle}: X's list ended after {counted(seen, 'follower')}; {len(gone)} weren't in it.",
                    "That is too many to believe at once, so nobody was taken for gone; run reconcile again tomorrow.",
                )
            work.reading.mark_left(account.id, gone, self.clock())
        return len(gone)

    def _account(self) -> tuple[Account, int | None]:
        with self.store.begin() as work:
            account = work.accounts.ensure(self.settings.handle, self.clock())
        me = identify(self.store, self.reader, account, self.clock)
        with self.store.begin() as work:
            return work.accounts.ensure(self.settings.handle, self.clock()), me.followers_count
