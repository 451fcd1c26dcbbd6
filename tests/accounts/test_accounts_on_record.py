"""Accounts and people on record, on each kind of database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from followguard.accounts.store import Accounts, People
from followguard.domain.person import Grant
from followguard.errors import StoreFailed
from followguard.store.store import open_store

NOW = datetime(2026, 8, 22, 3, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def test_an_account_gets_one_row(store: Any) -> None:
    """Asking twice gives the same account, with nothing known about it yet."""
    with store.begin() as work:
        first = Accounts(work).ensure("acme", NOW)
        assert Accounts(work).ensure("acme", LATER) == first
        assert (first.x_id, first.paused_at, first.handoff_since, first.followers_count) == (None,) * 4


def test_what_is_set_on_an_account_is_read_back(store: Any) -> None:
    """Times come back aware, in UTC, whatever zone they were given in."""
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    with store.begin() as work:
        made = Accounts(work).ensure("acme", NOW)
        Accounts(work).ensure("Beta", NOW)
        Accounts(work).set_x_id(made.id, "42")
        Accounts(work).set_followers_count(made.id, 7)
        Accounts(work).set_paused(made.id, tokyo)
        Accounts(work).set_handoff_since(made.id, NOW)
    with store.begin() as work:
        read = next(each for each in Accounts(work).all() if each.handle == "acme")
        assert read == replace(made, x_id="42", followers_count=7, paused_at=NOW, handoff_since=NOW)
        assert read.paused_at.tzinfo is UTC
        Accounts(work).set_paused(made.id, None)
        Accounts(work).set_handoff_since(made.id, None)
        assert [(each.paused_at, each.handoff_since) for each in Accounts(work).all()] == [(None, None)] * 2


def test_an_account_never_becomes_another(store: Any) -> None:
    """The id of the first night stays; the same id again is no news."""
    with store.begin() as work:
        made = Accounts(work).ensure("acme", NOW)
        Accounts(work).set_x_id(made.id, "42")
        Accounts(work).set_x_id(made.id, "42")
        with pytest.raises(StoreFailed, match="42"):
            Accounts(work).set_x_id(made.id, "43")


def test_a_time_without_a_zone_is_refused(store: Any) -> None:
    """A time without a zone is refused, since its zone would be a guess."""
    with pytest.raises(StoreFailed, match="without a zone"), store.begin() as work:
        Accounts(work).ensure("acme", NOW.replace(tzinfo=None))


def test_people_keep_their_order_and_their_case(store: Any) -> None:
    """`Ann` and `ann` are two people."""
    with store.begin() as work:
        added = [People(work).add(name, f"p-{name}", NOW) for name in ("Zoë", "Ann", "ann")]
        assert People(work).all() == added
        assert People(work).by_name("Ann") == added[1]
        assert People(work).by_name("ANN") is None


def test_the_same_grant_twice_is_one(store: Any) -> None:
    """The same grant twice is one, for one account and for all."""
    with store.begin() as work:
        acme = Accounts(work).ensure("acme", NOW).id
        ann = People(work).add("Ann", "p1", NOW).id
        for account in (acme, None, acme, None):
            People(work).grant(ann, "approver", account, None, NOW)
        assert People(work).grants(ann) == [
            Grant(person_id=ann, role="approver", account_id=account, granted_at=NOW) for account in (acme, None)
        ]


def test_withdrawing_one_account_leaves_the_rest(store: Any) -> None:
    """The person stays, and so do the other roles."""
    with store.begin() as work:
        acme, beta = (Accounts(work).ensure(handle, NOW).id for handle in ("acme", "beta"))
        ann = People(work).add("Ann", "p1", NOW).id
        for account in (acme, beta):
            People(work).grant(ann, "reviewer", account, None, NOW)
        People(work).withdraw(ann, acme, LATER)
        assert [grant.account_id for grant in People(work).grants(ann)] == [beta]
        assert People(work).by_name("Ann").withdrawn_at is None


def test_withdrawing_everywhere_ends_the_person_until_a_new_role(store: Any) -> None:
    """A person who comes back is the same person."""
    with store.begin() as work:
        ann = People(work).add("Ann", "p1", NOW)
        People(work).grant(ann.id, "reviewer", None, None, NOW)
        People(work).withdraw(ann.id, None, LATER)
        assert People(work).grants(ann.id) == []
        assert People(work).by_name("Ann") == replace(ann, withdrawn_at=LATER)
        People(work).grant(ann.id, "viewer", None, None, LATER)
        assert People(work).by_name("Ann") == ann


def test_owners_are_those_of_every_account(store: Any) -> None:
    """An owner of one account isn't one of them, and each is listed once."""
    with store.begin() as work:
        acme = Accounts(work).ensure("acme", NOW).id
        ann, bob, cem = (People(work).add(name, name, NOW) for name in ("Ann", "Bob", "Cem"))
        People(work).grant(bob.id, "owner", None, None, NOW)
        People(work).grant(ann.id, "owner", acme, None, NOW)
        People(work).grant(cem.id, "approver", None, None, NOW)
        assert People(work).owners() == [bob]


def test_two_runs_that_make_the_same_account_both_get_it(store_url: str) -> None:
    """The second run finds the first one's row."""
    from concurrent.futures import ThreadPoolExecutor

    def ensure(_: int) -> int:
        with open_store(store_url) as store, store.begin() as work:
            return int(Accounts(work).ensure("acme", NOW).id)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ensure, range(4)))) == 1
