"""Two accounts with approved followers, at work on a sandbox over real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from followguard.accounts.budget import Spending
from followguard.accounts.store import Accounts
from followguard.cli.opened import clock_of, load_installation, open_reader, open_store
from followguard.domain.units import day_of
from followguard.followers.list_reading import ReadingTally
from followguard.followers.store import Followers
from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve
from followguard.store.tables import items
from tests.builders.nights import read_the_list
from tests.builders.sandboxes import point_at

PLAN = SandboxPlan(
    accounts=tuple(
        AccountPlan(handle=handle, followers=5, mean_new=0, churn=QUIET, already_following=0)
        for handle in ("acme", "acme_labs")
    )
)
CONFIG = """
[accounts.acme]
training_basis = "none"
executor = "{executor}"
[accounts.acme_labs]
training_basis = "none"
"""


@dataclass
class Office:
    """Two accounts with approved followers: two of @acme, one of @acme_labs."""

    cli: Callable[..., Any]
    sandbox: Sandbox
    monkeypatch: pytest.MonkeyPatch
    folder: Path
    ids: list[str]
    labs: str
    now: Any = PLAN.start

    def executor(self, name: str) -> None:
        (self.folder / "followguard.toml").write_text(CONFIG.format(executor=name), encoding="utf-8")

    def without_credentials(self) -> None:
        for name in self.sandbox.environment():
            if name != "FOLLOWGUARD_X_API_URL":
                self.monkeypatch.delenv(name)

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.sandbox.set_clock(self.now)
        self.monkeypatch.setenv("FOLLOWGUARD_NOW", self.now.isoformat())

    def acme(self, *args: str) -> Any:
        done = self.cli("follow-back", "--account", "acme", "--json", *args)
        return done.code, done.json["accounts"][0]

    @property
    def followed(self) -> list[str]:
        truth: Any = self.sandbox.state()
        return list(truth["accounts"]["acme"]["following"])


@pytest.fixture
def office(installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Read by the real ingest, approved by Ann on the command line; everything happens at the sandbox's time."""
    with serve(PLAN) as sandbox:
        point_at(sandbox, monkeypatch, PLAN.start)
        one = Office(installed, sandbox, monkeypatch, tmp_path, [], "")
        one.executor("handoff")
        read = {handle: first_night(tmp_path / "followguard.toml", handle) for handle in ("acme", "acme_labs")}
        one.ids += read["acme"][:2]
        one.labs = next(i for i in read["acme_labs"] if i not in read["acme"])
        for follower_id, handle in [(i, "acme") for i in one.ids] + [(one.labs, "acme_labs")]:
            done = installed("review", "approve", follower_id, "--account", handle, "--by", "Ann", "--json")
            assert done.code == 0, done.err
        yield one


def first_night(config: Path, handle: str) -> list[str]:
    """Reads the account's followers and makes a card for each; returns those who aren't protected."""
    installation = load_installation(config)
    clock, settings = clock_of(installation), installation.account(handle)
    reader = open_reader(installation, handle, clock)
    with open_store(installation) as store:
        spending = Spending.under(settings, installation.prices, installation.max_usd_per_month)
        read_the_list(store, reader, settings, spending, clock, ReadingTally())
        with store.begin() as work:
            account = Accounts(work).ensure(handle, clock())
            known = Followers(work).head(account.id, 99, 10)
            looks = Followers(work).latest(account.id, known)
            for follower_id in known:
                row = {"account_id": account.id, "follower_id": follower_id, "state": "waiting", "held_back": False}
                row |= {"audit": False, "updated_at": clock(), "due": day_of(clock())}
                work.connection.execute(insert(items).values(row))
    return [follower_id for follower_id in known if looks[follower_id].protected is not True]
