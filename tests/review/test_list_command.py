"""`review list` and `review show`: keys, filters, tables, and text that can't steer the terminal."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import Terminal, typed

KEYS = {
    "item", "account", "follower_id", "username", "name", "bio", "band", "p_spam", "state", "held_back", "audit",
    "batch", "due", "reasons", "base_logit", "profile_url", "first_seen_at", "model", "sample", "provisional",
}  # fmt: skip


def test_list_has_every_key_of_the_design(desk: Any) -> None:
    """One JSON document and nothing else; genuine before unsure before spam."""
    done = desk("review", "list", "--json")
    assert (done.code, done.err) == (0, "")
    assert [row["follower_id"] for row in done.json] == ["11", "11", "21", "12", "13", "14"]
    assert all(set(row) >= KEYS for row in done.json)
    first = done.json[0]
    assert (first["band"], first["state"], first["held_back"], first["audit"]) == ("genuine", "waiting", False, False)
    assert first["reasons"] == [
        {"code": "rule", "text": "what the test says", "weight": pytest.approx(-3.89, abs=0.01)}
    ]
    assert first["profile_url"] == "https://x.com/person_11"
    assert first["first_seen_at"].endswith("Z")


def test_list_filters(desk: Any) -> None:
    """Account, band, state and limit; an unknown word is exit 2 with the choices."""
    assert len(desk("review", "list", "--json", "--account", "beta").json) == 2
    assert [r["follower_id"] for r in desk("review", "list", "--json", "--band", "spam").json] == ["14"]
    assert desk("review", "list", "--json", "--state", "rejected").json == []
    assert len(desk("review", "list", "--json", "--limit", "3").json) == 3
    assert len(desk("review", "list", "--json", "--limit", "0", "--all").json) == 6
    for wrong in (("--band", "nice"), ("--state", "open"), ("--account", "gamma"), ("--limit", "-1")):
        done = desk("review", "list", *wrong)
        assert (done.code, done.out) == (2, "")
        assert len(done.err.strip().splitlines()) == 1


def test_text_from_x_cannot_steer_the_terminal(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escape sequences, overrides and what is invisible never reach the screen raw."""
    typed(monkeypatch, "q")
    shown = [desk("review", "list"), desk("review", "show", "13"), desk("review", "--by", "Ann")]
    for done in shown:
        assert not any(letter in done.out for letter in "\x1b\u202e\u200b")
    assert "␛[31mRed" in shown[1].out


def test_show_tells_everything(desk: Any) -> None:
    """Profile, reasons with weights, routes, history, order and the other account."""
    desk("review", "approve", "12", "--by", "Ann")
    done = desk("review", "show", "@PERSON_12")
    for words in ("follower 12 of @acme", "Gardens", "genuine, 5 % spam", "tell: press", "Ann approved", "order"):
        assert words in done.out, words
    full = desk("review", "show", "item:1", "--json").json
    assert (full["routes"], full["elsewhere"][0]["account"]) == (["press"], "beta")
    assert desk("review", "show", "12", "--json").json["history"][0]["by"] == "Ann"


def test_second_look_lists_where_people_differ(desk: Any) -> None:
    """Ann approved whom Ben rejected on another account's card: one row for each card, and what to do about it."""
    assert desk("review", "second-look", "--json").json == []
    assert "No decision looks like a slip." in desk("review", "second-look").out
    desk("person", "add", "Ben", "--role", "approver", "--by", "Ann")
    desk("review", "approve", "11", "--account", "acme", "--by", "Ann")
    desk("review", "reject", "11", "--account", "beta", "--reason", "spam", "--by", "Ben")
    rows = desk("review", "second-look", "--json").json
    assert {(row["account"], row["label"], row["by"]) for row in rows} == {
        ("acme", "genuine", "Ann"),
        ("beta", "spam", "Ben"),
    }
    assert {why["code"] for row in rows for why in row["why"]} == {"people_disagree"}
    assert [row["account"] for row in desk("review", "second-look", "--account", "beta", "--json").json] == ["beta"]
    done = desk("review", "second-look", "--limit", "1")
    assert "Ann said genuine" in done.out
    assert "review overrule item:1 --reason spam" in done.err


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_the_list_is_a_table_as_wide_as_the_terminal(desk: Any, tmp_path: Path, width: int) -> None:
    """A row a card, none longer than the terminal, each username in one piece."""
    shown = Terminal(tmp_path, "review", "list", COLUMNS=str(width)).rest().decode()
    rows = [line for line in shown.splitlines() if "@person_" in line]
    assert len(rows) == 6
    assert all(len(line) <= width for line in rows)
    assert all(f"@person_{n}" in shown for n in (11, 12, 13, 14, 21))
    assert ("what the test says" in shown) == (width >= 80)


def test_a_list_longer_than_the_terminal_goes_through_the_pager(desk: Any, tmp_path: Path) -> None:
    """PAGER gets it, whole; with --no-pager, with room for it, or with nobody at the terminal, it is printed."""
    pager = {"PAGER": f"cat > {tmp_path / 'paged'}", "LINES": "6"}
    shown = Terminal(tmp_path, "review", "list", **pager).rest().decode()
    paged = (tmp_path / "paged").read_text(encoding="utf-8")
    assert paged.count("@person_") == 6
    assert "@person_" not in shown
    assert "followguard review" in shown
    for args, environment in ((("--no-pager",), pager), ((), pager | {"LINES": "40"})):
        (tmp_path / "paged").unlink(missing_ok=True)
        printed = Terminal(tmp_path, "review", "list", *args, **environment).rest().decode()
        assert printed.count("@person_") == 6
        assert not (tmp_path / "paged").exists()


def test_in_a_pipe_nothing_is_cut(desk: Any) -> None:
    """Each card is one line with its whole name and reason."""
    lines = desk("review", "list").out.splitlines()
    assert len(lines) == 7
    assert lines[0].split() == ["item", "follower", "band", "spam", "account", "tell", "why"]
    assert "@person_11 Name 11" in lines[1]
    assert "what the test says" in lines[1]
