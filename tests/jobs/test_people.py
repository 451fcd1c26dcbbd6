"""Who lets whom in, and what a missing role says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from followguard.adapters.store import tables as t
from followguard.adapters.store.accounts import Accounts
from followguard.adapters.store.log import Log
from followguard.adapters.store.orders import Orders
from followguard.adapters.store.people import People
from followguard.domain.hashchain import verify
from followguard.errors import MissingRole, UnknownPerson, UsageError
from followguard.jobs.people import (
    Appointment,
    add_person,
    list_people,
    require_role,
    set_role,
    withdraw_person,
)

NOW = datetime(2026, 8, 22, 3, tzinfo=UTC)


def add(store: Any, name: str, role: str, account: str | None = None, by: str | None = None) -> Any:
    """Adds somebody in a transaction of its own."""
    with store.begin() as work:
        return add_person(work, Appointment(name, role, account), by, NOW, f"p-{name}")


def withdraw(store: Any, name: str, account: str | None = None, by: str | None = None) -> Any:
    """Withdraws somebody in a transaction of its own."""
    with store.begin() as work:
        return withdraw_person(work, name, account, by, NOW)


def held(store: Any, name: str) -> tuple[tuple[str, str | None], ...]:
    """The roles that stand."""
    with store.begin() as work:
        return next(each.roles for each in list_people(work) if each.person.name == name)


def require(store: Any, name: str | None, role: str, account: str | None) -> Any:
    """Asks for a role."""
    with store.begin() as work:
        return require_role(work, name, role, account)


def test_the_first_person_becomes_owner_of_everything(store: Any) -> None:
    """Whatever role was asked: somebody must be able to add the next one."""
    added = add(store, "Olga", "viewer", "acme")
    assert (added.role, added.account) == ("owner", None)
    assert held(store, "Olga") == (("owner", None),)


def test_only_an_owner_adds(store: Any) -> None:
    """An approver can't, a stranger can't, and nobody in particular can't."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", "acme", by="Olga")
    with pytest.raises(MissingRole, match="Ann isn't an owner"):
        add(store, "Bob", "viewer", "acme", by="Ann")
    with pytest.raises(UnknownPerson, match="Carl"):
        add(store, "Bob", "viewer", "acme", by="Carl")
    with pytest.raises(UnknownPerson, match="--by"):
        add(store, "Bob", "viewer", "acme")
    with store.begin() as work:
        assert [each.name for each in People(work).all()] == ["Olga", "Ann"]


def test_an_owner_of_one_account_adds_there_only(store: Any) -> None:
    """Not for another account, not for all."""
    add(store, "Olga", "owner")
    add(store, "Ann", "owner", "acme", by="Olga")
    add(store, "Bob", "approver", "acme", by="Ann")
    for account in ("beta", None):
        with pytest.raises(MissingRole):
            add(store, "Bob", "approver", account, by="Ann")
    assert held(store, "Bob") == (("approver", "acme"),)


def test_a_person_gets_further_roles(store: Any) -> None:
    """Adding a known name adds a role, not a person."""
    add(store, "Olga", "owner")
    for account in ("acme", "beta", "acme"):
        add(store, "Ann", "reviewer", account, by="Olga")
    assert held(store, "Ann") == (("reviewer", "acme"), ("reviewer", "beta"))


@pytest.mark.parametrize("name", ["", "   ", "Ann\nBob", "An\u202en", "x" * 101])
def test_a_name_must_be_readable(store: Any, name: str) -> None:
    """Neither empty nor with signs that can't be seen."""
    with pytest.raises(UsageError, match="can't be a name"):
        add(store, name, "viewer")


def test_a_name_has_one_spelling(store: Any) -> None:
    """A composed and a decomposed é, and a stray space, are the same person."""
    add(store, "Zoe\u0301 ", "owner")
    assert require(store, " Zo\u00e9", "owner", None).name == "Zo\u00e9"


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


def test_the_next_step_is_the_command_that_would_add_them(store: Any) -> None:
    """With the name of an owner, once there is one; names are quoted for a shell."""
    with pytest.raises(UnknownPerson) as nobody:
        require(store, "Ann", "approver", "acme")
    assert nobody.value.next_step == 'Run: followguard person add "Ann" --role approver --account acme'
    add(store, "Olga P", "owner")
    with pytest.raises(UnknownPerson) as unknown:
        require(store, "Ann", "approver", "acme")
    command = 'followguard person add "Ann" --role approver --account acme --by "Olga P"'
    assert unknown.value.next_step == f"An owner can run: {command}"
    add(store, "Ann", "viewer", "acme", by="Olga P")
    with pytest.raises(MissingRole) as missing:
        require(store, "Ann", "approver", "acme")
    command = 'followguard person add "Ann" --role approver --account acme --by "Olga P"'
    assert missing.value.next_step == f"An owner can run: {command}"
    with pytest.raises(UnknownPerson) as odd:
        require(store, "$(Ann)", "viewer", "acme")
    assert "add '$(Ann)' --role viewer --account acme --by" in odd.value.next_step


def test_the_last_owner_stays(store: Any) -> None:
    """Of two owners one can go, and then no more; an owner of one account doesn't count."""
    add(store, "Olga", "owner")
    add(store, "Omar", "owner", None, by="Olga")
    add(store, "Ann", "owner", "acme", by="Olga")
    assert withdraw(store, "Olga", by="Omar").roles == ("owner",)
    with pytest.raises(UsageError, match="last owner"):
        withdraw(store, "Omar", by="Omar")
    with pytest.raises(UnknownPerson, match="was withdrawn"):
        require(store, "Olga", "viewer", None)


def test_a_withdrawn_person_can_come_back(store: Any) -> None:
    """By an owner, as anybody else."""
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


def test_every_change_is_in_the_log_under_pseudonyms(store: Any) -> None:
    """Who did it stands there by pseudonym; no name does, and the chain verifies."""
    add(store, "Olga", "owner")
    add(store, "Ann", "approver", "acme", by="Olga")
    withdraw(store, "Ann", "acme", by="Olga")
    with store.begin() as work:
        entries, openings = list(Log(work).entries()), Log(work).openings()
    told = [(entry.kind, entry.account, entry.actor) for entry in entries]
    assert told == [
        ("person.add", "", "p-Olga"),
        ("person.add", "acme", "p-Olga"),
        ("person.withdraw", "acme", "p-Olga"),
    ]
    assert openings[2].payload == {"person": "p-Ann", "role": "approver"}
    assert verify(entries, openings) == []


def seed_order(store: Any, number: int, handle: str, name: str) -> None:
    """A follower of the account whom the person approved, with a queued order."""
    with store.begin() as work:
        account, person = Accounts(work).ensure(handle, NOW).id, People(work).by_name(name).id
        about = {"account_id": account, "follower_id": str(number)}
        put = work.connection.execute
        if number == 1:
            put(t.passes.insert(), {"id": 1, "account_id": account, "kind": "night", "started_at": NOW, "progress": {}})
        seen = {"ordinal": number, "pass_id": 1, "first_seen_at": NOW, "last_seen_at": NOW, "snapshot_id": number}
        put(t.followers.insert(), about | seen)
        put(t.items.insert(), about | {"id": number, "state": "approved", "updated_at": NOW})
        shown = {"shown_hash": "a" * 64, "shown_because": "listed", "at": NOW}
        put(
            t.decisions.insert(),
            about | shown | {"id": number, "item_id": number, "person_id": person, "kind": "approve"},
        )
        Orders(work).create(account, str(number), number, "a" * 64, "2026-08-22", NOW + timedelta(seconds=number))


def test_withdrawing_voids_what_was_approved_and_not_followed(store: Any) -> None:
    """For the account named, only that person's: links handed out too, calls that were made not."""
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
    """At the same moment: one of them is too late, and an owner remains."""
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


@pytest.mark.parametrize("typed", ["ann example", "Ann Exampel", "ANN EXAMPLE", "An Example"])
def test_a_slip_in_a_name_is_told_as_a_slip(store: Any, typed: str) -> None:
    """Not the way to add somebody whom there is already; a name that is no slip still gets it."""
    add(store, "Ann Example", "owner")
    with pytest.raises(UnknownPerson) as slip:
        require(store, typed, "reviewer", None)
    assert slip.value.next_step == 'Did you mean Ann Example? Say: --by "Ann Example"'
    with pytest.raises(UnknownPerson, match="person add"):
        require(store, "Benjamin", "reviewer", None)


def set_to(store: Any, name: str, role: str, account: str | None = None, by: str | None = "Olga") -> Any:
    """Sets a role in a transaction of its own."""
    with store.begin() as work:
        return set_role(work, Appointment(name, role, account), by, NOW)


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
    """So that lowering somebody leaves no account out; the roles that ended are told."""
    add(store, "Olga", "owner")
    for account in ("acme", "beta"):
        add(store, "Rita", "approver", account, by="Olga")
    assert set_to(store, "Rita", "viewer").before == (("approver", "acme"), ("approver", "beta"))
    assert held(store, "Rita") == (("viewer", None),)


def test_adding_leaves_the_roles_for_other_accounts(store: Any) -> None:
    """They are told, since an account's own role counts there."""
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
    """Under pseudonyms, with the roles before; not for somebody unknown or withdrawn."""
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
    """Neither set lower, nor added lower, nor lowered for one account: and then nothing has changed."""
    add(store, "Olga", "owner")
    add(store, "Omar", "owner", "acme", by="Olga")
    for attempt in (set_to, add):
        with pytest.raises(UsageError, match="last owner"):
            attempt(store, "Olga", "viewer", account, by="Olga")
    assert held(store, "Olga") == (("owner", None),)
    set_to(store, "Omar", "owner")
    assert set_to(store, "Olga", "viewer", account).role == "viewer"


def test_lowering_below_approver_voids_what_was_approved(store: Any) -> None:
    """For that account only, and not while the right to approve stays."""
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


def test_nobody_is_told_to_make_an_owner(store: Any) -> None:
    """Neither for a slip, nor for a stranger, nor for somebody known or withdrawn: owners are named instead."""
    add(store, "Olga P", "owner")
    add(store, "Anna Example", "viewer", "acme", by="Olga P")
    add(store, "Gone", "viewer", "acme", by="Olga P")
    withdraw(store, "Gone", by="Olga P")
    for name, account in (("Ann", None), ("Zed", "acme"), ("Anna Example", "acme"), ("Gone", None)):
        with pytest.raises((UnknownPerson, MissingRole)) as refused:
            require(store, name, "owner", account)
        assert "--role owner" not in refused.value.next_step
        assert "role " not in refused.value.next_step
        assert ("Did you mean Anna Example?" if name == "Ann" else "Olga P") in refused.value.next_step


def test_what_is_offered_is_for_one_account(store: Any) -> None:
    """Where nobody said which, it has to be filled in; somebody known gets another role in the same way."""
    add(store, "Olga", "owner")
    add(store, "Ann", "viewer", by="Olga")
    with pytest.raises(UnknownPerson) as unknown:
        require(store, "Zed", "reviewer", None)
    assert unknown.value.next_step.endswith('person add "Zed" --role reviewer --account HANDLE --by "Olga"')
    with pytest.raises(MissingRole) as missing:
        require(store, "Ann", "reviewer", "acme")
    command = 'followguard person add "Ann" --role reviewer --account acme --by "Olga"'
    assert missing.value.next_step == f"An owner can run: {command}"


def test_the_database_holds_one_role_each(store: Any) -> None:
    """Whoever writes: a second standing role for the same accounts is refused."""
    from followguard.errors import StoreFailed

    add(store, "Olga", "owner")
    with store.begin() as work:
        olga = People(work).by_name("Olga").id
    with pytest.raises(StoreFailed, match="breaks a rule"), store.begin() as work:
        People(work).grant(olga, "viewer", None, None, NOW)


def test_a_new_person_with_nearly_a_known_name_is_told(store: Any) -> None:
    """A slip in `person add` makes a second person; somebody known, or quite another name, is no slip."""
    add(store, "Ann Example", "owner")
    assert add(store, "Ann Exampel", "viewer", by="Ann Example").near == ("Ann Example",)
    assert add(store, "Ann Exampel", "reviewer", by="Ann Example").near == ()
    assert add(store, "Bob", "viewer", by="Ann Example").near == ()
