"""The web desk over two accounts with followers: Ola owns all, Ada approves, Rea reviews, Vic looks, Bea is beta's."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts, People
from followguard.reports.receipt import Receipt
from tests.builders.configuration import load
from tests.builders.reviewing import House, a_house, ordinary
from tests.builders.web_desk import Browser, Web

TWO = """[accounts.acme]
training_basis = "none"
[[accounts.acme.routes]]
name = "press"
bio = ["journalist", "reporter"]
[accounts.beta]
training_basis = "none"
[[accounts.beta.routes]]
name = "press"
bio = ["journalist", "reporter"]
"""
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'


@dataclass
class Pages:
    """A house, and the desk over it."""

    house: House
    web: Web

    def browser(self, name: str = "Ola") -> Browser:
        """A browser in which the person is signed in."""
        self.web.now = self.house.now
        return self.web.signed_in(name)

    def path(self, follower_id: str, account: str = "acme") -> str:
        """The address of a follower's page."""
        return f"/follower/{self.house.card(follower_id, account).item}"

    def reads(self, follower_id: str, account: str = "acme", **looks: Any) -> None:
        """A new follower with these looks."""
        self.house.read(replace(ordinary(follower_id, self.house.now), **looks), account=account)


def night(pages: Any, handle: str, status: str = "done", errors: tuple[dict[str, str], ...] = ()) -> None:
    """A night on record for an account."""
    with pages.house.store.begin() as work:
        account = Accounts(work).ensure(handle, pages.house.now)
        receipt = Receipt(account=handle, new=4711, cost=890_000).as_json() | {"errors": list(errors)}
        runs = Runs(work)
        runs.finish(runs.start(account.id, "nightly", pages.house.now), status, receipt, pages.house.now)


def opened(store: Any, folder: Path) -> Pages:
    """Two accounts: `acme` with 101 to 103, `beta` with 201 and, as acme, 103."""
    house = a_house(store)
    installation = load(folder, TWO)
    house.settings = installation.accounts
    with store.begin() as work:
        for handle in ("acme", "beta"):
            Accounts(work).ensure(handle, house.now)
        beta = next(each.id for each in Accounts(work).all() if each.handle == "beta")
        bea = People(work).add("Bea", "p-bea", house.now)
        People(work).grant(bea.id, "approver", beta, None, house.now)
        everybody = {each.name: each for each in People(work).all()}
    house.read("101", "102", "103")
    house.read("201", "103", account="beta")
    for handle in ("acme", "beta"):
        house.night(handle)
    return Pages(house, Web(installation, store, now=house.now, people=everybody))


@pytest.fixture
def pages(store: Any, tmp_path: Path) -> Pages:
    """On each kind of database in turn."""
    return opened(store, tmp_path)


@pytest.fixture
def quick_pages(sqlite_store: Any, tmp_path: Path) -> Pages:
    """On SQLite, where the database makes no difference."""
    return opened(sqlite_store, tmp_path)
