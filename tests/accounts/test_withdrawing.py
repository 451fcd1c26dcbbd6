"""Withdrawing a role: who may, who stays, and what becomes of the approvals."""

from typing import Any

import pytest

from followguard.accounts.store import People
from followguard.errors import MissingRole, UnknownPerson, UsageError
from followguard.store import tables as t
from tests.builders.people import add, held, require, seed_order, set_to, withdraw


def test_the_last_owner_stays(store: Any) -> None:
    """One of two owners can go, and then no more; an owner of one account doesn't count."""
    add(store, "Olga", "owner")
    add(store, "Omar", "owner", None, by="Olga")
    add(store, "Ann", "owner", "acme", by="Olga")
    assert withdraw(store, "Olga", by="Omar").roles == ("owner",)
    with pytest.raises(UsageError, match="last owner"):
        withdraw(store, "Omar", by="Omar")
    with pytest.raises(UnknownPerson, match="was withdrawn"):
        require(store, "Olga", "viewer", None)


def test_a_withdrawn_person_can_come_back(store: Any) -> None:
    """An owner can add a withdrawn person as anybody else."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", "acme", by="Olga")
    withdraw(store, "Ann", by="Olga")
    add(store, "Ann", "viewer", "acme", by="Olga")
    assert held(store, "Ann") == (("viewer", "acme"),)


def test_withdrawing_what_is_not_there_is_said(store: Any) -> None:
    """A role for all accounts isn't taken away by naming one; nobody by that name; no role left."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", None, by="Olga")
    with pytest.raises(UsageError, match="Leave out --account"):
        withdraw(store, "Ann", "acme", by="Olga")
    with pytest.raises(UnknownPerson, match="Carl"):
        withdraw(store, "Carl", by="Olga")
    withdraw(store, "Ann", by="Olga")
    with pytest.raises(UsageError, match="holds no role"):
        withdraw(store, "Ann", by="Olga")


def test_only_an_owner_withdraws(store: Any) -> None:
    """An approver can't send the owner away."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", None, by="Olga")
    with pytest.raises(MissingRole):
        withdraw(store, "Olga", by="Ann")


def test_withdrawing_voids_what_was_approved_and_not_followed(store: Any) -> None:
    """Orders of that person for the account named are void: links handed out too, calls that were made not."""
    add(store, "Olga", "owner")
    for handle in ("acme", "beta"):
        add(store, "Ann", "approver", handle, by="Olga")
    seed_order(store, 1, "acme", "Ann")
    seed_order(store, 2, "beta", "Ann")
    seed_order(store, 3, "acme", "Olga")
    states = {"4": "handed_off", "5": "sending", "6": "sent", "7": "parked"}
    for number, state in states.items():
        seed_order(store, int(number), "acme", "Ann")
        with store.engine.begin() as connection:
            connection.execute(t.orders.update().where(t.orders.c.follower_id == number).values(state=state))
    assert withdraw(store, "Ann", "acme", by="Olga").voided == 3
    with store.engine.connect() as connection:
        rows = connection.execute(t.orders.select().order_by(t.orders.c.id)).all()
        card = connection.execute(t.items.select().where(t.items.c.follower_id == "4")).one()
    assert [row.state for row in rows] == ["void", "queued", "queued", "void", "sending", "sent", "void"]
    assert "Ann" in rows[0].why
    assert (card.state, card.note) == ("waiting", rows[3].why)


def test_what_hangs_on_a_role_is_the_right_to_approve(store: Any) -> None:
    """Somebody who still may approve for the account by another role loses no approval with this one."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", None, by="Olga")
    add(store, "Ann", "owner", "acme", by="Olga")
    seed_order(store, 1, "acme", "Ann")
    assert withdraw(store, "Ann", "acme", by="Olga").voided == 0
    assert withdraw(store, "Ann", None, by="Olga").voided == 1


def test_a_role_for_all_accounts_voids_in_each(store: Any) -> None:
    """Withdrawn altogether: the orders of every account go."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", None, by="Olga")
    for number, handle in ((1, "acme"), (2, "beta")):
        seed_order(store, number, handle, "Ann")
    assert withdraw(store, "Ann", None, by="Olga").voided == 2


def test_two_owners_cannot_withdraw_each_other(store: Any) -> None:
    """Two owners withdraw each other at the same moment: one is too late, and an owner remains."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    add(store, "Olga", "owner")
    add(store, "Omar", "owner", None, by="Olga")
    start = Barrier(2)

    def attempt(pair: tuple[str, str]) -> bool:
        start.wait()
        try:
            withdraw(store, pair[0], by=pair[1])
        except (UsageError, UnknownPerson, MissingRole):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(attempt, [("Olga", "Omar"), ("Omar", "Olga")]))
    assert sorted(done) == [False, True]
    with store.begin() as work:
        assert len(People(work).owners()) == 1


def test_a_withdrawal_tells_the_roles_that_were_there(store: Any) -> None:
    """Each with its account, also when all of them go; and a withdrawal never gives more rights than there were."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", "acme", by="Olga")
    add(store, "Ann", "viewer", "beta", by="Olga")
    assert withdraw(store, "Ann", by="Olga").ended == (("approver", "acme"), ("viewer", "beta"))
    add(store, "Bob", "approver", by="Olga")
    set_to(store, "Bob", "viewer", "acme")
    with pytest.raises(UsageError, match="would count there then"):
        withdraw(store, "Bob", "acme", by="Olga")
    set_to(store, "Bob", "owner", "acme")
    assert withdraw(store, "Bob", "acme", by="Olga").ended == (("owner", "acme"),)
