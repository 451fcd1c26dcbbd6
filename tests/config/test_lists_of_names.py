"""Names in never_follow and never_hold_back: told apart, or refused with what to write."""

import json
from pathlib import Path

import pytest

from followguard.domain.policy import is_named
from followguard.errors import ConfigurationError
from tests.builders.configuration import ACME, load

POLICY = f"{ACME}[accounts.acme.policy]\n"


@pytest.mark.parametrize("key", ["never_follow", "never_hold_back"])
@pytest.mark.parametrize(
    "entry",
    [
        *("", " ", "\t", "@", "@@acme", "acme*", "ac?me", "a.b", "rival-brand", "two words", "rival,brand", "#spam"),
        *("sixteen_letters_", "a" * 200, "https://x.com/rival", "x.com/rival", "émile", "\uff11\uff12", "007", "0"),
        *("item:3", "1.2e10", "123456789012345678901", "@12345678901234567890", "rival\u200b", "[rival]", "/rival/"),
    ],
)
def test_an_entry_that_can_match_nobody_is_refused(tmp_path: Path, key: str, entry: str) -> None:
    """The key and the place are named, and what to write; nobody believes in a protection that isn't there."""
    listed = json.dumps(["fine", entry])
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, f"{POLICY}{key} = {listed}\n")
    assert f"accounts.acme.policy.{key}[1]" in refused.value.message
    assert "can match nobody" in refused.value.message
    assert refused.value.next_step


@pytest.mark.parametrize("entry", ["https://x.com/Rival_1", "http://www.twitter.com/@Rival_1?s=20", "x.com/Rival_1/"])
def test_an_address_in_a_list_of_names_says_the_name(tmp_path: Path, entry: str) -> None:
    """The next step names the username that was meant."""
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, f"{POLICY}never_follow = ['{entry}']\n")
    assert '"Rival_1"' in refused.value.next_step


def test_names_and_ids_are_told_apart(tmp_path: Path) -> None:
    """Digits alone are an id; with @ they are a username; case, @ and spaces round a name don't count."""
    entries = ["@Rival", " plain_name ", "12", "@12", "a", "123456789_12345"]
    found = load(tmp_path, f"{POLICY}never_follow = {json.dumps(entries)}\n")
    names = found.accounts["acme"].policy.never_follow
    assert names == ("rival", "plain_name", "12", "@12", "a", "123456789_12345")
    assert is_named("12", "x", frozenset(names))
    assert is_named("99", "12", frozenset({"@12"}))
    assert not is_named("99", "12", frozenset({"12"}))
    assert not is_named("99", None, frozenset(names))
