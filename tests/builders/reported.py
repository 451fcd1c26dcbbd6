"""Installation whose nights are written straight into the store."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts, People
from followguard.domain.installation import Installation, RetentionPeriods
from followguard.domain.policy import AccountSettings, Policy, Prices
from followguard.followers.passes_store import Passes
from followguard.followers.store import Followers
from followguard.reports.gather import night_page
from followguard.reports.page import AccountPage, NightPage
from followguard.reports.receipt import Receipt
from followguard.review.decide import Choice, Hand, decide
from followguard.screening.lookalikes import Lookalikes
from followguard.screening.queue import queue_account
from followguard.screening.queue_store import Queue
from followguard.screening.score import score_account
from followguard.screening.store import Scoring
from followguard.setup.appointments import Appointment, add_person
from followguard.testing import START, RuleScorer, made_up_profile


class House:
    """An installation whose nights are written straight into the store."""

    def __init__(self, store: Any, folder: Path, *handles: str, **policy: Any) -> None:
        self.store, self.now = store, START
        accounts = {h: AccountSettings(handle=h, training_basis="none", policy=Policy(**policy)) for h in handles}
        self.installation = Installation(
            config_path=folder / "followguard.toml",
            database_url="sqlite://",
            models_dir=folder / "models",
            backups=1,
            x_api_url="http://127.0.0.1:1",
            on_loopback=True,
            max_usd_per_month=50.0,
            prices=Prices(),
            retention=RetentionPeriods(),
            accounts=accounts,
        )

    def night(self, scores: dict[str, float], handle: str = "acme", alike: Sequence[str] = (), **receipt: Any) -> None:
        """Lives one whole night: reads, scores, batches, queues, and writes its receipt."""
        settings = self.installation.account(handle)
        with self.store.begin() as work:
            account = Accounts(work).ensure(handle, self.now)
            run = Runs(work).start(account.id, "nightly", self.now)
            first = not Passes(work).past_nights(account.id, 1)
            reading = Passes(work).start_pass(account.id, "night", {"first": first, "read": 0}, self.now)
            Followers(work).record(reading, [made_up_profile(each, self.now) for each in scores], self.now)
            Passes(work).finish_pass(reading.id, "done", self.now)
        scorer = RuleScorer(lambda profile: scores[profile.id], "base-1")
        score_account(self.store, account, settings.policy, scorer, self.now)
        if alike:
            with self.store.begin() as work:
                found = Lookalikes(members=tuple(alike), alike="the same bio")
                batch = Scoring(work).add_batch(account.id, found, self.now.date().isoformat(), self.now)
                Queue(work).open(account.id, alike, batch, self.now)
        counts = queue_account(self.store, account, settings.policy, self.now, 0)
        told = {"new": len(scores), "scored": len(scores), "reads": len(scores), "listed": counts.listed, **receipt}
        written = Receipt(account=handle, policy_hash=settings.policy.hash(), model="base-1", **told)
        with self.store.begin() as work:
            Runs(work).finish(run, written.status, written.as_json(), self.now)

    def tomorrow(self) -> None:
        """A day later."""
        self.now += timedelta(days=1)

    def decide(self, follower: str, choice: Choice) -> None:
        """Decides as Ann, who owns everything."""
        with self.store.begin() as work:
            add_person(work, Appointment("Ann", "owner"), "Ann" if People(work).all() else None, self.now, "p1")
        decide(Hand(store=self.store, accounts=self.installation.accounts, by="Ann", now=self.now), follower, choice)

    def page(self, day: str | None = None, now: datetime | None = None) -> NightPage:
        """The page as it would be written now."""
        return night_page(self.store, self.installation, day, now or self.now)

    def only(self, day: str | None = None) -> AccountPage:
        """The one account's part of it."""
        (account,) = self.page(day).accounts
        return account


@pytest.fixture
def house(store: Any, tmp_path: Path) -> House:
    """One account, no night yet."""
    return House(store, tmp_path, "acme")
