"""`followguard person`: roles go up and down by an owner's word."""

from pathlib import Path

import pytest

INIT = ("init", "--account", "@Acme", "--training-basis", "own-decisions")


def test_roles_go_up_and_down(installed) -> None:
    """One role for the same accounts; what it took the place of is told, and a withdrawal tells what was there."""
    installed("person", "add", "Cy", "--role", "approver", "--by", "Ann")
    done = installed("person", "role", "Cy", "viewer", "--account", "acme", "--by", "Ann")
    assert "Cy is now viewer of @acme." in done.out
    assert "Also, as before: approver of every account." in done.out
    done = installed("person", "role", "Cy", "reviewer", "--by", "Ann", "--json").json
    assert done["before"] == [{"role": "approver", "account": None}, {"role": "viewer", "account": "acme"}]
    assert (
        "before: reviewer of every account" in installed("person", "add", "Cy", "--role", "viewer", "--by", "Ann").out
    )
    assert installed("person", "role", "Ann", "viewer", "--by", "Ann").code == 2
    assert installed("person", "role", "Cy", "boss", "--by", "Ann").code == 2
    installed("person", "role", "Cy", "approver", "--account", "acme", "--by", "Ann")
    gone = installed("person", "withdraw", "Cy", "--by", "Ann")
    assert gone.out == "Cy is no longer viewer of every account, approver of @acme.\n"


def test_the_first_person_becomes_owner(cli, tmp_path: Path) -> None:
    """Whatever role was asked for, somebody must be able to add the next."""
    cli(*INIT)
    assert cli("person", "add", "Ann", "--role", "viewer", "--json").json == {
        "name": "Ann",
        "role": "owner",
        "account": None,
    }


def test_only_an_owner_adds_people(installed) -> None:
    """Nobody named, somebody unknown, somebody without the role: each exit 2, with who may."""
    assert installed("person", "add", "Bob", "--role", "viewer").code == 2
    assert installed("person", "add", "Bob", "--role", "viewer", "--by", "Eve").code == 2
    assert installed("person", "add", "Bob", "--role", "viewer", "--by", "Ann").code == 0
    done = installed("person", "add", "Eve", "--role", "viewer", "--by", "Bob")
    assert done.code == 2
    assert "Only an owner may do that; ask one of them (Ann)." in done.err


@pytest.mark.parametrize(
    ("command", "role"),
    [
        (("review", "approve", "12"), "approver"),
        (("review", "reject", "12", "--reason", "spam"), "reviewer"),
        (("review", "overrule", "12"), "approver"),
        (("review", "undo"), "reviewer"),
        (("review", "--plain"), "reviewer"),
        (("follow-back", "mark", "12", "--as", "followed"), "approver"),
        (("account", "pause"), "approver"),
        (("account", "resume"), "approver"),
    ],
)
def test_what_is_offered_to_a_stranger_is_the_least(installed, command: tuple[str, ...], role: str) -> None:
    """The role that the command takes, for the account that is meant: a viewer elsewhere gets no more either."""
    installed("person", "add", "Vic", "--role", "viewer", "--account", "acme", "--by", "Ann")
    way_in = f"--role {role} --account acme --by"
    assert way_in in installed(*command, "--by", "Eve").err
    if command[1] in ("--plain", "pause", "resume"):
        assert way_in in installed(*command, "--by", "Vic").err


def test_people_are_listed_and_withdrawn(installed, monkeypatch) -> None:
    """The list shows roles by account; a withdrawn person keeps a row and no role."""
    monkeypatch.setenv("FOLLOWGUARD_PERSON", "Ann")
    installed("person", "add", "Bob", "--role", "approver", "--account", "acme")
    people = installed("person", "list", "--json").json["people"]
    assert [(each["name"], each["roles"]) for each in people] == [
        ("Ann", [{"role": "owner", "account": None}]),
        ("Bob", [{"role": "approver", "account": "acme"}]),
    ]
    assert installed("person", "withdraw", "Bob").code == 0
    assert installed("person", "list", "--json").json["people"][1]["roles"] == []


def test_quotes_round_a_person_or_a_configuration_are_no_part_of_them(installed, tmp_path: Path, monkeypatch) -> None:
    """An --env-file quotes them as it quotes secrets."""
    monkeypatch.setenv("FOLLOWGUARD_PERSON", '"Ann"')
    monkeypatch.setenv("FOLLOWGUARD_CONFIG", f"'{tmp_path / 'followguard.toml'}'")
    monkeypatch.chdir(tmp_path.parent)
    assert installed("person", "add", "Bob", "--role", "viewer").code == 0
    monkeypatch.setenv("FOLLOWGUARD_PERSON", '""')
    assert "No person was named" in installed("person", "add", "Cy", "--role", "viewer").err
