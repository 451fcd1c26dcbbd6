"""Own words and own names in the configuration: read as written, and refused where they would match everybody."""

import json
from pathlib import Path

import pytest

from followguard.domain.policy import Says, WordList
from followguard.errors import ConfigurationError
from tests.builders.configuration import ACME, load

LIST = "[[accounts.acme.words]]\n"


def words(any_of: list[str], name: str = "tokens", says: str = "spam") -> str:
    phrases = json.dumps(any_of, ensure_ascii=False)
    return f"{LIST}name = {json.dumps(name)}\nany_of = {phrases}\nsays = {json.dumps(says)}\n"


def test_lists_are_read_as_written(tmp_path: Path) -> None:
    """Each with its name, phrases and what it says; names of ours stand in the policy."""
    text = f"{ACME}[accounts.acme.policy]\nown_names = ['Nova', '3M', '微软']\n" + words(["airdrop*", "send wallet"])
    settings = load(tmp_path, text).account("acme")
    assert settings.words == (WordList("tokens", ("airdrop*", "send wallet"), Says.SPAM),)
    assert settings.policy.own_names == ("Nova", "3M", "微软")


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        " ",
        "a",
        "!!",
        "🙂",
        "\u200b",
        "*",
        "a*",
        "ab*",
        "air*drop",
        "**",
        "ok * ok",
        "\u3164\u3164",
        "x " * 13,
        ".",
        "é",
    ],
)
def test_a_phrase_that_matches_everything_or_nothing_is_refused(tmp_path: Path, phrase: str) -> None:
    """Key and place are named, with what to write instead."""
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, ACME + words(["fine", phrase]))
    assert "accounts.acme.words[0].any_of[1]" in refused.value.message
    assert refused.value.next_step


@pytest.mark.parametrize("name", ["", "x", "é", "...", "🙂", "\u200b", " a "])
def test_an_own_name_of_one_letter_is_refused(tmp_path: Path, name: str) -> None:
    """Everybody would imitate it."""
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, f"{ACME}[accounts.acme.policy]\nown_names = {json.dumps(['Nova', name], ensure_ascii=False)}\n")
    assert "accounts.acme.policy.own_names[1]" in refused.value.message
    assert refused.value.next_step


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (words([]), "accounts.acme.words[0].any_of"),
        (words(["fine"], says="maybe"), "accounts.acme.words[0].says"),
        (words(["fine"], name=""), "accounts.acme.words[0].name"),
        (words(["fine"]) + words(["other"]), "accounts.acme.words"),
        (words(["fine"]) + "weight = 2.0\n", "accounts.acme.words[0].weight"),
        (words(["fine"] * 1001), "accounts.acme.words[0].any_of"),
        (words(["fine" * 30]), "accounts.acme.words[0].any_of[0]"),
        ("[accounts.acme.words]\nname = 'x'\n", "accounts.acme.words"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str, named: str) -> None:
    """Empty, unknown, twice, too long: the key is named."""
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, ACME + text)
    assert named in refused.value.message
    assert refused.value.next_step
