"""People: who adds whom, under which name, and what the log keeps of it."""

from typing import Any

import pytest

from followguard.accounts.store import People
from followguard.errors import MissingRole, UnknownPerson, UsageError
from followguard.store.hashchain import verify
from followguard.store.log import Log
from tests.builders.people import add, held, require, withdraw


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
    """An owner of one account adds nobody for another account or for all."""
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
    """A name is refused if it is empty or has signs that can't be seen."""
    with pytest.raises(UsageError, match="can't be a name"):
        add(store, name, "viewer")


def test_a_name_has_one_spelling(store: Any) -> None:
    """A composed and a decomposed é, and a stray space, are the same person."""
    add(store, "Zoe\u0301 ", "owner")
    assert require(store, " Zo\u00e9", "owner", None).name == "Zo\u00e9"


def test_every_change_is_in_the_log_under_pseudonyms(store: Any) -> None:
    """The log names the one who did it by pseudonym only, and the chain verifies."""
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
