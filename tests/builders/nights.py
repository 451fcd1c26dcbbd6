"""Nights of one account on a real store, against a follower list in memory that may end early."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from followguard.accounts.accounts import identify
from followguard.accounts.budget import Spending
from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.policy import AccountSettings, Policy, Prices
from followguard.followers.list_reading import ReadingTally
from followguard.followers.nightly_reading import Ingest
from followguard.followers.reconcile import Reconcile
from followguard.followers.store import Followers
from followguard.testing import START, ListReader
from followguard.x.contract import LookedUp, Me, Page


@dataclass
class LyingReader(ListReader):
    """A list that ends after `ends_after` rows, a count that may be `says` (0: none given), other look-ups."""

    ends_after: int | None = None
    says: int | None = None
    answer: Callable[[list[str]], LookedUp] | None = None

    def me(self) -> Me:
        """The account itself, with what X says of its followers."""
        told = ListReader.me(self)
        return told if self.says is None else Me(id=told.id, username=told.username, followers_count=self.says or None)

    def followers(self, account_id: str, max_results: int, token: str | None) -> Page:
        """Lists the followers, fewer than there are."""
        if self.ends_after is None:
            return ListReader.followers(self, account_id, max_results, token)
        whole, self.ids = self.ids, self.ids[: self.ends_after]
        try:
            return ListReader.followers(self, account_id, max_results, token)
        finally:
            self.ids = whole

    def look_up(self, follower_ids: list[str]) -> LookedUp:
        """Looks up truly, unless there is an `answer`."""
        return (self.answer or self.true_look_up)(follower_ids)

    def true_look_up(self, follower_ids: list[str]) -> LookedUp:
        """Looks up truly."""
        return ListReader.look_up(self, follower_ids)


def read_the_list(
    store: Any,
    reader: Any,
    settings: AccountSettings,
    spending: Spending,
    clock: Callable[[], datetime],
    tally: ReadingTally,
) -> ReadingTally:
    """Reads an account's new followers as the nightly job does."""
    with store.begin() as work:
        account = Accounts(work).ensure(settings.handle, clock())
    me = identify(store, reader, account, clock)
    job = Ingest(store=store, reader=reader, settings=settings, spending=spending, clock=clock, say=lambda _: None)
    job.run(account, me, tally)
    return tally


class Nights:
    """Nights of one account, one call each."""

    def __init__(self, store: Any, reader: LyingReader, **policy: Any) -> None:
        self.store, self.reader, self.now = store, reader, START
        self.settings = AccountSettings(handle="acme", training_basis="none", policy=Policy(**policy))
        self.max_usd_per_month = 50.0

    def run(self, tally: ReadingTally | None = None) -> ReadingTally:
        """Runs one night at `now`."""
        spending = Spending.under(self.settings, Prices(), self.max_usd_per_month)
        return read_the_list(self.store, self.reader, self.settings, spending, self.clock, tally or ReadingTally())

    def next(self, *new: str, days: int = 1) -> None:
        """The next night, with these on top of the list."""
        self.now += timedelta(days=days)
        self.reader.now = self.now
        self.reader.ids[:0] = new

    def clock(self) -> datetime:
        """The night's time."""
        return self.now

    def recorded(self) -> set[str]:
        """Ids of all recorded followers."""
        with self.store.begin() as work:
            return set(Followers(work).head(1, 10**6, 10**6))

    def spent(self) -> int:
        """Micro-dollars spent today."""
        with self.store.begin() as work:
            day = self.now.date().isoformat()
            return int(Runs(work).spent_micro(1, day, day))

    def reconcile(self, max_usd: float | None = None) -> Any:
        """The whole list, at `now`."""
        return self.reconciler().run(max_usd)

    def reconciler(self) -> Reconcile:
        """The reconciliation itself, for what it says beforehand."""
        return Reconcile(
            store=self.store,
            reader=self.reader,
            settings=self.settings,
            spending=Spending.under(self.settings, Prices(), self.max_usd_per_month),
            clock=self.clock,
            say=str,
        )

    def known(self) -> set[str]:
        """Everybody on record, whether a complete reading met them or not."""
        with self.store.begin() as work:
            return set(Followers(work).known(1, self.reader.ids))


def ids(number: int, first: int = 70_000) -> list[str]:
    """New followers, the newest first."""
    return [str(first + number - i) for i in range(number)]


def codes(tally: Any) -> list[str]:
    """Codes of the errors that the reading tells."""
    return [error.code for error in tally.errors]


def generous(nights: Nights, **policy: Any) -> Nights:
    """The same account with enough money."""
    policy = {"first_night": 100, "max_usd_per_night": 40.0} | policy
    nights.settings = AccountSettings(handle="acme", training_basis="none", policy=Policy(**policy))
    nights.max_usd_per_month = 400.0
    return nights


@pytest.fixture
def nights(store: Any) -> Nights:
    """An account with 300 followers, not yet read."""
    return Nights(store, LyingReader("acme", [f"{9000 - i}" for i in range(300)]), first_night=100)
