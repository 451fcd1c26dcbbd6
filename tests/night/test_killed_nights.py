"""A night that is killed after any of its transactions, and run again, ends as if nothing had happened."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.cli.opened import clock_of, load_installation, open_store
from followguard.domain.labels import Kind
from followguard.followers.expectation import outlook
from followguard.followers.store import Followers
from followguard.night.context import night_context
from followguard.night.nightly import run_nightly
from followguard.review.decide import Choice, Hand, decide
from followguard.sandbox import AccountPlan, Attack, SandboxPlan, serve
from followguard.sandbox.plan import START
from followguard.screening.queue_store import Queue
from followguard.setup.appointments import Appointment, add_person
from tests.builders.mortal_store import Killed, MortalStore
from tests.builders.sandboxes import point_at

CONFIG = """
max_usd_per_month = 500.0
backups = 1
[accounts.acme]
training_basis = "none"
[accounts.acme.policy]
max_cards_per_day = 25
holding_back = "on"
"""
STATE = (
    "SELECT follower_id, ordinal > 0, left_at IS NULL FROM followers ORDER BY follower_id",
    """SELECT i.follower_id, i.state, i.due, i.held_back, i.audit, i.audit_probability, i.audit_day, i.audit_missed,
       i.note, i.closed_why, b.alike, b.size, b.day FROM items i LEFT JOIN batches b ON b.id = i.batch_id
       ORDER BY i.follower_id""",
    "SELECT follower_id, count(*), max(p_spam) FROM scores GROUP BY follower_id ORDER BY follower_id",
    "SELECT day, alike, size FROM batches ORDER BY alike, size",
    "SELECT follower_id, state, due, why FROM orders ORDER BY follower_id",
    "SELECT day, follower_id FROM paid_profiles ORDER BY day, follower_id",
)


class Town:
    """An installation on a sandbox, put back to the evening before the night as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database, self.seconds = folder, folder / "followguard.db", 0.0
        (folder / "followguard.toml").write_text(CONFIG, encoding="utf-8")

    def open(self) -> None:
        """Reads the configuration, once the sandbox's address is in the environment."""
        self.installation = load_installation(self.folder / "followguard.toml")

    def night(self, last: int | None = None) -> int:
        """Runs it, killed after transaction `last`; how many transactions it made. X's rate limit may recover."""
        self.seconds += 20.0
        with open_store(self.installation) as opened:
            store = MortalStore(opened, last)
            means = night_context(self.installation, store, lambda _: None)  # type: ignore[arg-type]
            try:
                (receipt,) = run_nightly(means, self.installation.chosen())
                assert receipt.status == "done", receipt.errors
            except Killed:
                assert store.made == last
        return store.made

    def go_back_to(self, evening: Path) -> None:
        """Puts the file back, without what a killed run may have left beside it for SQLite to replay."""
        for suffix in ("-wal", "-shm"):
            self.database.with_name(f"{self.database.name}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(evening, self.database)

    def state(self) -> list[Any]:
        """Gathers all that must be the same: followers in their order, cards, orders, the next night's expectations."""
        with closing(sqlite3.connect(self.database)) as database:
            found: list[Any] = [database.execute(query).fetchall() for query in STATE]
        now = clock_of(self.installation)() + timedelta(days=1)
        with open_store(self.installation) as store, store.begin() as work:
            ahead = outlook(work, 1, now, None)
            assert ahead is not None
            found += [Followers(work).head(1, 10**6, 10**6), ahead.usual, ahead.expected]
        return found


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> Iterator[Town]:
    """A first night, decisions in the morning, a second night with bought followers, and a lagging count."""
    plan = AccountPlan(handle="acme", followers=150, mean_new=40, attacks=(Attack(2, 60),))
    town = Town(tmp_path)
    with serve(SandboxPlan(accounts=(plan,), seed=5), elapsed=lambda: town.seconds) as sandbox:
        shutil.copyfile(sqlite_template, tmp_path / "followguard.db")
        point_at(sandbox, monkeypatch, START)
        town.open()
        for night in (0, 1, 2):
            if night:
                monkeypatch.setenv("FOLLOWGUARD_NOW", (START + timedelta(days=night)).isoformat())
                sandbox.next_night(START + timedelta(days=night))
            if night < 2:
                town.night()
        _decide(town)
        sandbox.set_faults([{"on": "me", "fault": "count_lags", "times": 0}])
        yield town


def _decide(town: Town) -> None:
    """Approves two and puts one off until the night."""
    now = START + timedelta(days=1)
    with open_store(town.installation) as store:
        with store.begin() as work:
            add_person(work, Appointment("Ann", "owner"), None, now, "p1")
            ids = [card.follower_id for card in Queue(work).undecided(1, now) if card.due and not card.held_back][:3]
        hand = Hand(store=store, accounts=town.installation.accounts, by="Ann", now=now)
        until = (now + timedelta(days=1)).date().isoformat()
        for follower_id, kind in zip(ids, (Kind.APPROVE, Kind.APPROVE, Kind.LATER), strict=True):
            decide(hand, follower_id, Choice(kind=kind, until=until if kind is Kind.LATER else None))


def test_killed_after_any_transaction_the_next_run_ends_the_same(town: Town) -> None:
    """Each of the night's transactions in turn is its last; the run after it leaves what an undisturbed night does."""
    evening = town.folder / "evening.db"
    shutil.copyfile(town.database, evening)
    transactions = town.night()
    undisturbed = town.state()
    assert undisturbed[3], "no batch in this night: nothing to tell"
    for last in range(1, transactions):
        town.go_back_to(evening)
        town.night(last)
        town.night()
        for found, wanted in zip(town.state(), undisturbed, strict=True):
            assert found == wanted, f"killed after transaction {last} of {transactions}"
