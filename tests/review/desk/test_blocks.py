"""Look-alikes at the desk: one block, rejected by one key, approved by none."""

from typing import Any

import pytest

from tests.builders.desk import typed


def test_a_block_is_rejected_by_one_key_and_approved_by_none(attacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the ordinary cards: what they share, the first five; another key does nothing, `x` rejects all twelve."""
    typed(monkeypatch, *["s"] * 4, "z", "u", "x")
    done = attacked("review", "--by", "Ann")
    for words in (
        "12 look-alikes (batch 1)",
        "look generated",
        "and 7 more",
        "No such key",
        "12 of 12 rejected as spam",
    ):
        assert words in done.out, words
    assert "no decision that stands" in done.err
    states = sorted(row["state"] for row in attacked("review", "list", "--all", "--json").json)
    assert states == ["rejected"] * 12 + ["waiting"] * 6


def test_a_block_shows_its_keys_and_can_be_taken_back_(attacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`?` shows them; after `x` `u` takes all twelve back, and the way goes on."""
    typed(monkeypatch, *["s"] * 4, "?", "x", "u", "x", "u", "s", "s", "s", "n")
    done = attacked("review", "--by", "Ann")
    assert "o  go through them one by one" in done.out
    assert done.out.count("Taken back: 12 decisions of @acme.") == 2
    assert "Ann decided: nothing." in done.out
    typed(monkeypatch, *["s"] * 4, "x", "s", "s", "")
    assert "Ann decided: 12 reject." in attacked("review", "--by", "Ann").out


def test_a_block_one_by_one_and_undone(attacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo at the block brings the last card back and offers the block again; then one by one, then skip the rest."""
    typed(monkeypatch, "r", *["s"] * 3, "u", "r", "o", "r", "r", "q", "n")
    done = attacked("review", "--by", "Ann")
    assert done.code == 0
    assert done.out.count("@acme: 12 look-alikes (batch 1)") == 2
    assert "Ann decided: 3 reject." in done.out
