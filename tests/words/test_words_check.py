"""`followguard words check` says what the lists find in a text, without a database."""

from pathlib import Path

from tests.builders.command_line import SMALL, Cli

WORDS = """[accounts.acme.policy]
own_names = ["Contoso Cloud"]
[[accounts.acme.words]]
name = "resellers"
any_of = ["reseller*"]
says = "spam"
"""


def test_the_built_in_kinds_need_no_configuration(cli: Cli) -> None:
    """Disguises undone, in JSON and in words."""
    found = cli("words", "check", "s e n d 1 BTC, get 2 b\u0430ck on T.ME/x", "--json").json
    assert [mark["code"] for mark in found["look"]] == ["words_giveaway", "words_contact"]
    assert found["words"][:3] == ["send", "1", "btc"]
    told = cli("words", "check", "send 1 BTC get 2 back")
    assert told.code == 0
    assert "look twice (words_giveaway): the bio offers a giveaway" in told.out


def test_an_account_adds_its_own_words_and_names(cli: Cli, tmp_path: Path) -> None:
    """A list with its weight, and who imitates us."""
    (tmp_path / "followguard.toml").write_text(SMALL + WORDS, encoding="utf-8")
    found = cli("words", "check", "Resellers wanted", "--account", "acme", "--json").json
    assert [(reason["code"], reason["weight"]) for reason in found["reasons"]] == [("own_words:resellers", 0.7)]
    for text in ("contoso cloud support", "official support for @acme"):
        found = cli("words", "check", text, "--account", "acme", "--json").json
        assert found["look"][0]["code"] == "imitates_us"


def test_a_harmless_text_says_so(cli: Cli) -> None:
    """Nothing found is an answer; an empty text is none to choke on."""
    for text in ("Gardens and maps", "", "\x1b[31m\u202e🙂"):
        told = cli("words", "check", text)
        assert told.code == 0
        assert "\x1b" not in told.out
        assert "nothing" in told.out.lower() or "No word list" in told.out


def test_an_unknown_account_is_refused(cli: Cli, tmp_path: Path) -> None:
    """With the accounts there are."""
    (tmp_path / "followguard.toml").write_text(SMALL, encoding="utf-8")
    assert cli("words", "check", "x", "--account", "nobody").code == 2
