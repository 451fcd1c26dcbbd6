"""Next steps for somebody without the role: the command that adds the least, and never an owner."""

from typing import Any

import pytest

from followguard.errors import MissingRole, UnknownPerson
from tests.builders.people import add, require, withdraw


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


@pytest.mark.parametrize("typed", ["ann example", "Ann Exampel", "ANN EXAMPLE", "An Example"])
def test_a_slip_in_a_name_is_told_as_a_slip(store: Any, typed: str) -> None:
    """A slip isn't offered the way to add somebody who is there already; a name that is no slip is."""
    add(store, "Ann Example", "owner")
    with pytest.raises(UnknownPerson) as slip:
        require(store, typed, "reviewer", None)
    assert slip.value.next_step == 'Did you mean Ann Example? Say: --by "Ann Example"'
    with pytest.raises(UnknownPerson, match="person add"):
        require(store, "Benjamin", "reviewer", None)


def test_nobody_is_told_to_make_an_owner(store: Any) -> None:
    """Owners are named instead, for a slip, a stranger, somebody known and somebody withdrawn."""
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


def test_a_new_person_with_nearly_a_known_name_is_told(store: Any) -> None:
    """A slip in `person add` makes a second person; somebody known, or quite another name, is no slip."""
    add(store, "Ann Example", "owner")
    assert add(store, "Ann Exampel", "viewer", by="Ann Example").near == ("Ann Example",)
    assert add(store, "Ann Exampel", "reviewer", by="Ann Example").near == ()
    assert add(store, "Bob", "viewer", by="Ann Example").near == ()
