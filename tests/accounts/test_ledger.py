"""Runs and the ledger: a profile is paid for once on a UTC day."""

from datetime import UTC, datetime, timedelta, timezone
from time import process_time
from typing import Any

import pytest
from sqlalchemy import func, select

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.run import Call
from followguard.store.tables import ledger, paid_profiles

NOW = datetime(2026, 8, 22, 3, tzinfo=UTC)
TODAY = "2026-08-22"
PRICE = 10_000


def page(*ids: str) -> Call:
    """A page of the follower list."""
    return Call(name="followers", requests=1, ids=ids, returned=len(ids))


@pytest.fixture
def acme(store: Any) -> int:
    """The id of an account."""
    with store.begin() as work:
        return int(Accounts(work).ensure("acme", NOW).id)


def test_a_run_ends_with_its_receipt(store: Any, acme: int) -> None:
    """The newest first, each kind by itself."""
    with store.begin() as work:
        first = Runs(work).start(acme, "nightly", NOW)
        Runs(work).finish(first, "done", {"reads": 3, "cost_usd": 0.03}, NOW + timedelta(minutes=1))
        second = Runs(work).start(acme, "nightly", NOW + timedelta(days=1))
        Runs(work).start(acme, "reconcile", NOW)
    with store.begin() as work:
        newest, oldest = Runs(work).latest(acme, "nightly", 5)
        assert Runs(work).latest(acme, "nightly") == [newest]
    assert (newest.id, newest.status, newest.receipt, newest.finished_at) == (second, None, None, None)
    assert (oldest.id, oldest.status, oldest.receipt) == (first, "done", {"reads": 3, "cost_usd": 0.03})
    assert (oldest.day, oldest.started_at) == (TODAY, NOW)
    assert oldest.finished_at == NOW + timedelta(minutes=1)


def test_a_profile_costs_once_a_day(store: Any, acme: int) -> None:
    """Duplicates in a page, on the next page and in a look-up on the same UTC day cost nothing again."""
    with store.begin() as work:
        assert Runs(work).charge(acme, page("1", "2", "2"), PRICE, NOW) == 2 * PRICE
        assert Runs(work).charge(acme, page("2", "3"), PRICE, NOW) == PRICE
        lookup = Call(name="lookup", requests=1, ids=("1", "3"), returned=2)
        assert Runs(work).charge(acme, lookup, PRICE, NOW) == 0
        assert Runs(work).spent_micro(acme, TODAY, TODAY) == 3 * PRICE


def test_the_next_utc_day_costs_again(store: Any, acme: int) -> None:
    """The day is UTC's, not the caller's: half past eight in Tokyo is still yesterday."""
    midnight = datetime(2026, 8, 23, tzinfo=UTC)
    tokyo = (midnight - timedelta(minutes=30)).astimezone(timezone(timedelta(hours=9)))
    with store.begin() as work:
        Runs(work).charge(acme, page("1"), PRICE, NOW)
        assert Runs(work).charge(acme, page("1"), PRICE, tokyo) == 0
        assert Runs(work).charge(acme, page("1"), PRICE, midnight) == PRICE


def test_accounts_pay_for_themselves(store: Any, acme: int) -> None:
    """Two accounts with one follower in common pay one price each, and share the total."""
    with store.begin() as work:
        beta = Accounts(work).ensure("beta", NOW).id
        Runs(work).charge(acme, page("1"), PRICE, NOW)
        assert Runs(work).charge(beta, page("1"), 1000, NOW) == 1000
        assert Runs(work).spent_micro(beta, TODAY, TODAY) == 1000
        assert Runs(work).spent_micro(None, TODAY, TODAY) == PRICE + 1000


def test_calls_without_profiles_are_booked_too(store: Any, acme: int) -> None:
    """An empty page and a follow cost nothing and are in the ledger with their retries."""
    with store.begin() as work:
        assert Runs(work).charge(acme, page(), PRICE, NOW) == 0
        assert Runs(work).charge(acme, Call(name="follow", requests=3), 0, NOW) == 0
        assert work.connection.execute(select(func.sum(ledger.c.requests))).scalar() == 4


def test_spending_is_summed_over_days_both_included(store: Any, acme: int) -> None:
    """Spending is summed as the budget of a month needs it; nothing spent is zero."""
    with store.begin() as work:
        for day in range(5):
            Runs(work).charge(acme, page("1"), PRICE, NOW + timedelta(days=day))
        assert Runs(work).spent_micro(None, "2026-08-23", "2026-08-25") == 3 * PRICE
        assert Runs(work).spent_micro(acme, "2026-09-01", "2026-09-30") == 0


def test_a_step_that_fails_books_nothing(store: Any, acme: int) -> None:
    """A page and its cost are one transaction: what is read again is booked then."""

    def fails() -> None:
        with store.begin() as work:
            Runs(work).charge(acme, page("1"), PRICE, NOW)
            raise OSError("stop")

    with pytest.raises(OSError, match="stop"):
        fails()
    with store.begin() as work:
        assert Runs(work).charge(acme, page("1"), PRICE, NOW) == PRICE


def test_old_days_are_dropped_when_a_run_starts(store: Any, acme: int) -> None:
    """Payments from more than three days ago can't matter any more; their cost stays."""
    with store.begin() as work:
        for day in range(6):
            Runs(work).charge(acme, page("1", "2"), PRICE, NOW + timedelta(days=day))
        Runs(work).start(acme, "nightly", NOW + timedelta(days=5))
        days = work.connection.execute(select(paid_profiles.c.day).distinct().order_by(paid_profiles.c.day)).scalars()
        assert list(days) == ["2026-08-24", "2026-08-25", "2026-08-26", "2026-08-27"]
        assert Runs(work).spent_micro(acme, TODAY, "2026-08-27") == 12 * PRICE


def test_a_thousand_profiles_are_one_bulk_statement(store: Any, acme: int) -> None:
    """Pages of 1,000, half of it paid for already: no row-by-row traffic."""
    ids = tuple(str(number) for number in range(100_000, 101_500))
    with store.begin() as work:
        Runs(work).charge(acme, page(*ids[:1000]), PRICE, NOW)
        began = process_time()
        assert Runs(work).charge(acme, page(*ids[500:]), PRICE, NOW) == 500 * PRICE
        assert process_time() - began < 0.5
