"""Reading the whole list: who left, whom the nights missed, what it may cost."""

from datetime import timedelta
from typing import Any

from followguard.accounts.budget import Spending
from followguard.domain.policy import AccountSettings, Policy, Prices
from followguard.errors import PlatformDown
from followguard.followers.reconcile import Reconcile
from followguard.followers.store import Followers
from followguard.testing import START, ListReader

IDS = [f"{9000 - i}" for i in range(300)]


def job(store: Any, reader: ListReader, nights: int = 0) -> Reconcile:
    """A job for @acme, `nights` days after the start."""
    settings = AccountSettings(handle="acme", training_basis="none", policy=Policy())
    reader.now = START + timedelta(days=nights)
    return Reconcile(
        store=store,
        reader=reader,
        settings=settings,
        spending=Spending.under(settings, Prices(), 50.0),
        clock=lambda: START + timedelta(days=nights),
        say=str,
    )


def test_the_price_is_said_first(store: Any) -> None:
    """Three hundred followers at a cent each."""
    forecast = job(store, ListReader("acme", IDS.copy())).forecast()
    assert (forecast.followers, forecast.usd) == (300, 3.0)


def test_who_left_is_found(store: Any) -> None:
    """After a second whole reading those who aren't in the list any more have left."""
    reader = ListReader("acme", IDS.copy())
    assert job(store, reader).run(None).tally.new == 300
    del reader.ids[10:15]
    result = job(store, reader, nights=1).run(None)
    assert (result.tally.new, result.left) == (0, 5)
    with store.begin() as work:
        gone = {i for i, presence in Followers(work).presence(1, IDS).items() if presence.left_at}
    assert gone == set(IDS[10:15])


def test_a_limit_stops_it_and_the_next_run_goes_on(store: Any) -> None:
    """One dollar reads a hundred; two more read the rest, and nobody counts as gone before the end."""
    reader = ListReader("acme", IDS.copy())
    first = job(store, reader).run(1.0)
    assert (first.tally.reads, first.left) == (100, 0)
    assert first.later is not None
    second = job(store, reader, nights=1).run(2.5)
    assert (second.tally.reads, second.later) == (200, None)


def test_a_platform_that_goes_down_loses_nothing(store: Any) -> None:
    """Pages read before the failure are kept, and reading goes on below them."""

    def down() -> None:
        raise PlatformDown("down")

    reader = ListReader("acme", [str(100_000 - i) for i in range(1500)], before_page=[str, down])
    first = job(store, reader).run(None)
    assert (first.tally.new, type(first.later)) == (1000, PlatformDown)
    assert job(store, reader).run(None).tally.new == 500
