"""The keys of the desk come from one table, and prompt, help and deeds follow a change of it."""

from pathlib import Path
from typing import Any

import pytest

from followguard.domain.desk_keys import DEFAULT_KEYS, key_table
from followguard.domain.labels import Kind, RejectReason
from followguard.review.desk.keys import HELP, DeskKeys, prompt_text
from tests.builders.desk import typed

CHANGED = DeskKeys(key_table({"spam": "x", "reject_all": "z", "competitor": "7", "not_relevant": "k"}))


def test_a_changed_key_decides_and_the_old_one_does_nothing() -> None:
    """A capital adds that the account is real; spam and digits have none."""
    assert CHANGED.reason("x") == (RejectReason.SPAM, False)
    assert CHANGED.reason("r") is None
    assert CHANGED.reason("K") == (RejectReason.NOT_RELEVANT, True)
    assert CHANGED.reason("X") is None
    assert CHANGED.reason("7") == (RejectReason.COMPETITOR, False)
    assert CHANGED.real(tuple(RejectReason)) == ["K", "B", "P"]


def test_prompt_and_help_name_the_keys_in_force() -> None:
    """Reasons stand there in words."""
    prompt = prompt_text(CHANGED.card_prompt(Kind.APPROVE))
    assert prompt.startswith("a approve | x spam | i impersonation | k not relevant | e other reason\n")
    assert "x  reject: spam" in CHANGED.help(HELP)
    assert "K B P  the same" in CHANGED.help()


@pytest.mark.parametrize(("approval", "words"), [(Kind.PROPOSE, "a propose | "), (None, "r spam | ")])
def test_what_a_person_may_not_do_is_not_offered(approval: Kind | None, words: str) -> None:
    """A first voice of two proposes; who may not approve sees no such key."""
    assert prompt_text(DeskKeys(DEFAULT_KEYS).card_prompt(approval)).startswith(words)


def test_other_reasons_are_asked_in_words(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`e`, then the reason; on one line where piped; a capital adds that it is real."""
    typed(monkeypatch, "e", "c", "eP", "e", "z", "b", "q")
    done = desk("review", "--by", "Ann")
    assert "c competitor | b risk for the brand | p private person" in done.out
    told = ("a competitor.", "a private person, a real account.", "Not rejected.", "a risk for the brand.")
    assert all(words in done.out for words in told), done.out
    assert "Ann decided: 3 reject." in done.out


def test_keys_of_the_configuration_count_at_the_desk(
    desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spam on `x`: it is shown, it rejects, and `r` is no key any more."""
    config = tmp_path / "followguard.toml"
    config.write_text(config.read_text() + '[desk.keys]\nspam = "x"\nreject_all = "z"\n')
    typed(monkeypatch, "r", "x", "q")
    done = desk("review", "--by", "Ann")
    assert "x spam" in done.out
    assert done.out.count("No such key") == 1
    assert "Ann decided: 1 reject." in done.out
