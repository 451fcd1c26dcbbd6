"""Roles: what each contains, where it counts, and how one takes the place of another."""

from typing import Any

import pytest

from followguard.accounts.store import People
from followguard.errors import MissingRole, UnknownPerson, UsageError
from followguard.store import tables as t
from followguard.store.hashchain import verify
from followguard.store.log import Log
from tests.builders.people import NOW, add, held, require, seed_order, set_to, withdraw


def test_an_unknown_role_is_refused(store: Any) -> None:
    """The message names those that there are."""
    with pytest.raises(UsageError, match="viewer, reviewer, approver, owner"):
        add(store, "Ann", "boss")


@pytest.mark.parametrize(
    ("granted", "allowed"),
    [
        ("viewer", {"viewer"}),
        ("reviewer", {"viewer", "reviewer"}),
        ("approver", {"viewer", "reviewer", "approver"}),
        ("owner", {"viewer", "reviewer", "approver", "owner"}),
    ],
)
def test_a_role_contains_the_lower_ones(sqlite_store: Any, granted: str, allowed: set[str]) -> None:
    """viewer < reviewer < approver < owner."""
    add(sqlite_store, "Olga", "owner")
    add(sqlite_store, "Ann", granted, "acme", by="Olga")
    for role in ("viewer", "reviewer", "approver", "owner"):
        if role in allowed:
            assert require(sqlite_store, "Ann", role, "acme").name == "Ann"
        else:
            with pytest.raises(MissingRole):
                require(sqlite_store, "Ann", role, "acme")


def test_a_role_for_all_accounts_counts_for_each(store: Any) -> None:
    """Even for an account that has no row yet; a role for one account counts there only."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", None, by="Olga")
    add(store, "Bob", "approver", "acme", by="Olga")
    assert require(store, "Ann", "approver", "beta").name == "Ann"
    with pytest.raises(MissingRole, match="@beta"):
        require(store, "Bob", "approver", "beta")


def test_a_new_role_takes_the_place_of_the_old_one(store: Any) -> None:
    """Up or down, by adding or by setting: never two for the same accounts."""
    add(store, "Olga", "owner")
    add(store, "Rita", "reviewer", by="Olga")
    assert add(store, "Rita", "viewer", by="Olga").before == (("reviewer", None),)
    assert held(store, "Rita") == (("viewer", None),)
    assert set_to(store, "Rita", "approver").before == (("viewer", None),)
    assert set_to(store, "Rita", "viewer", "acme").beside == (("approver", None),)
    assert held(store, "Rita") == (("approver", None), ("viewer", "acme"))


def test_an_accounts_own_role_counts_there(store: Any) -> None:
    """Lower or higher than the one for every account; elsewhere that one counts."""
    add(store, "Olga", "owner")
    add(store, "Rita", "approver", by="Olga")
    set_to(store, "Rita", "viewer", "acme")
    add(store, "Sam", "viewer", by="Olga")
    set_to(store, "Sam", "approver", "acme")
    assert require(store, "Rita", "approver", "beta").name == "Rita"
    assert require(store, "Sam", "approver", "acme").name == "Sam"
    for name, account in (("Rita", "acme"), ("Sam", "beta"), ("Rita", None), ("Sam", None)):
        with pytest.raises(MissingRole, match=f"{name} isn't an approver"):
            require(store, name, "approver", account)


def test_a_role_for_every_account_ends_the_others(store: Any) -> None:
    """Lowering somebody leaves no account out; the roles that ended are told."""
    add(store, "Olga", "owner")
    for account in ("acme", "beta"):
        add(store, "Rita", "approver", account, by="Olga")
    assert set_to(store, "Rita", "viewer").before == (("approver", "acme"), ("approver", "beta"))
    assert held(store, "Rita") == (("viewer", None),)


def test_adding_leaves_the_roles_for_other_accounts(store: Any) -> None:
    """Roles for other accounts are told, since an account's own role counts there."""
    add(store, "Olga", "owner")
    add(store, "Rita", "approver", "acme", by="Olga")
    assert add(store, "Rita", "viewer", by="Olga").beside == (("approver", "acme"),)
    assert require(store, "Rita", "approver", "acme").name == "Rita"


def test_the_same_role_again_changes_nothing(store: Any) -> None:
    """No second row and no log entry."""
    add(store, "Olga", "owner")
    add(store, "Rita", "viewer", "acme", by="Olga")
    with store.begin() as work:
        head = Log(work).head()
    assert set_to(store, "Rita", "viewer", "acme").before == ()
    assert add(store, "Rita", "viewer", "acme", by="Olga").before == ()
    with store.begin() as work:
        assert Log(work).head() == head


def test_setting_a_role_is_an_owners_act_and_logged(store: Any) -> None:
    """The log has it under pseudonyms, with the roles before; somebody unknown or withdrawn gets no role."""
    add(store, "Olga", "owner")
    add(store, "Rita Roe", "reviewer", "acme", by="Olga")
    with pytest.raises(MissingRole):
        set_to(store, "Rita Roe", "approver", "acme", by="Rita Roe")
    set_to(store, "Rita Roe", "viewer", "acme")
    with store.begin() as work:
        entries, openings = list(Log(work).entries()), Log(work).openings()
    last = entries[-1]
    assert (last.kind, last.account, last.actor) == ("person.role", "acme", "p-Olga")
    assert openings[len(entries)].payload == {
        "person": "p-Rita Roe",
        "role": "viewer",
        "before": [["reviewer", "acme"]],
        "voided": 0,
    }
    assert verify(entries, openings) == []
    with pytest.raises(UnknownPerson, match="Did you mean Rita Roe"):
        set_to(store, "Rita", "viewer", "acme")
    withdraw(store, "Rita Roe", by="Olga")
    with pytest.raises(UsageError, match="person add lets them in"):
        set_to(store, "Rita Roe", "viewer", "acme")


@pytest.mark.parametrize("account", [None, "acme"])
def test_an_owner_of_every_account_stays(store: Any, account: str | None) -> None:
    """The last owner can't be set lower, added lower or lowered for one account, and nothing changes."""
    add(store, "Olga", "owner")
    add(store, "Omar", "owner", "acme", by="Olga")
    for attempt in (set_to, add):
        with pytest.raises(UsageError, match="last owner"):
            attempt(store, "Olga", "viewer", account, by="Olga")
    assert held(store, "Olga") == (("owner", None),)
    set_to(store, "Omar", "owner")
    assert set_to(store, "Olga", "viewer", account).role == "viewer"


def test_lowering_below_approver_voids_what_was_approved(store: Any) -> None:
    """Approvals for that account are void, and only once the right to approve is gone."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", by="Olga")
    seed_order(store, 1, "acme", "Ann")
    seed_order(store, 2, "beta", "Ann")
    assert set_to(store, "Ann", "owner", "acme").voided == 0
    assert set_to(store, "Ann", "reviewer", "acme").voided == 1
    with store.engine.connect() as connection:
        rows = connection.execute(t.orders.select().order_by(t.orders.c.id)).all()
    assert [row.state for row in rows] == ["void", "queued"]
    assert "Ann" in rows[0].why
    assert add(store, "Ann", "viewer", by="Olga").voided == 1


def test_the_database_holds_one_role_each(store: Any) -> None:
    """A second standing role for the same accounts is refused, whoever writes it."""
    from followguard.errors import StoreFailed

    add(store, "Olga", "owner")
    with store.begin() as work:
        olga = People(work).by_name("Olga").id
    with pytest.raises(StoreFailed, match="breaks a rule"), store.begin() as work:
        People(work).grant(olga, "viewer", None, None, NOW)
