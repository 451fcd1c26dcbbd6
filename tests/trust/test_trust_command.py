"""`followguard trust` and `trust test` as a person meets them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from followguard.testing import RuleScorer, made_up_profile, record_followers
from tests.builders.desk import EVIL, Terminal, typed

ABOVE = [str(n) for n in range(100, 112)]
BELOW = [str(n) for n in range(200, 220)]


@pytest.fixture
def town(installed: Any) -> Any:
    """Followers on both sides of the cutoff, one with a hostile name."""
    from followguard.cli.opened import load_installation, open_store
    from followguard.screening.queue import queue_account
    from followguard.screening.score import score_account

    assert installed("person", "add", "Rea", "--role", "reviewer", "--by", "Ann").code == 0
    now = datetime.now(UTC)
    profiles = [replace(made_up_profile(i, now), name=EVIL) for i in (*ABOVE, *BELOW)]
    installation = load_installation("followguard.toml")
    policy = installation.accounts["acme"].policy
    with open_store(installation) as store:
        account = record_followers(store, "acme", profiles, now)
        score_account(store, account, policy, RuleScorer(lambda p: 0.99 if p.id in ABOVE else 0.1), now)
        queue_account(store, account, policy, now, 0)
    return installed


def test_the_machine_and_people_are_told_with_the_base_rate(town: Any) -> None:
    """One of three called spam was real, a decision was turned by whoever made it, and all of it is in the JSON."""
    assert town("review", "reject", *ABOVE[:2], BELOW[0], "--reason", "spam", "--by", "Ann").code == 0
    assert town("review", "approve", ABOVE[2], "--by", "Ann").code == 0
    assert town("review", "undo", BELOW[0], "--by", "Ann").code == 0
    told = town("trust").out
    assert "3 cards decided, 67 % of them spam (the base rate)" in told
    assert "said spam of 3: a person said real of 1 (33 %; of all cards 33 % were real)" in told
    assert "of 4 decisions 1 were turned by whoever made them (25 %), 0 by somebody else" in told
    (account,) = town("trust", "--account", "acme", "--json").json["accounts"]
    assert account["machine"]["spam_was_real"] == {"said": 3, "wrong": 1, "share": pytest.approx(1 / 3)}
    assert (account["turned"]["by_author"], account["words"], account["tests"]) == (1, [], [])
    assert (account["holding_back"]["mode"], account["holding_back"]["active"]) == ("earned", False)


def test_an_account_without_a_night_has_nothing_to_tell(installed: Any) -> None:
    """No row yet: it says so, and writes none."""
    assert "nothing was decided in that time" in installed("trust").out
    (account,) = installed("trust", "--json").json["accounts"]
    assert (account["machine"]["decided"], account["machine"]["base_rate"]) == (0, None)


def test_answers_through_a_pipe_are_none(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written before the card stood there isn't an answer: exit 2, and nothing was drawn."""
    typed(monkeypatch, *"s" * 40)
    done = town("trust", "test", "--by", "Ann")
    assert (done.code, "at a terminal" in done.err) == (2, True)
    assert town("trust", "test", "--by", "Rea").code == 2
    assert town("trust", "--json").json["accounts"][0]["tests"] == []


def test_a_test_that_was_begun_is_one_document(town: Any, tmp_path: Path) -> None:
    """With `--json` the cards are shown all the same, on stderr, and stdout has the document alone."""
    with (tmp_path / "test.json").open("w+", encoding="utf-8") as out:
        terminal = Terminal(tmp_path, "trust", "test", "--json", "--by", "Ann", stdout=out.fileno())
        terminal.expect(b"another day")
        terminal.press(b"s")
        terminal.expect(b"2 of 30")
        terminal.expect(b"another day")
        terminal.press(b"q")
        terminal.rest()
        out.seek(0)
        told = json.load(out)
    assert (told["account"], told["person"], told["finished_at"], told["left"]) == ("acme", "Ann", None, 29)
    assert (told["passed"], sum(told["above"].values()) + sum(told["below"].values())) == (False, 1)


def test_a_test_at_a_terminal(town: Any, tmp_path: Path) -> None:
    """Thirty keys, one taken back, stopped and gone on with: no band, no score, no steering codes, no decision."""
    terminal = Terminal(tmp_path, "trust", "test", "--plain", "--by", "Ann")
    for key, answer in (
        (b"s", b"Spam."),
        (b"u", b"1 of 30"),
        (b"c", b"Can't tell."),
        (b"?", b"approves"),
        (b"q", b"29 of 30"),
    ):
        terminal.expect(b"another day")
        terminal.press(key)
        terminal.expect(answer)
    shown = terminal.rest()
    terminal = Terminal(tmp_path, "trust", "test", "--by", "Ann")
    terminal.expect(b"goes on: 29 of 30")
    for _ in range(29):
        terminal.expect(b"another day")
        terminal.press(b"s")
    terminal.expect(b"ends the test")
    terminal.press(b"x")
    shown += terminal.rest()
    assert b"Passed for rule-1" in shown
    for hint in (b"99 %", b"unsure", b"genuine", b"\x1b[31m"):
        assert hint not in shown
    (account,) = town("trust", "--json").json["accounts"]
    (test,) = account["tests"]
    assert (test["person"], test["passed"], test["serves"]) == ("Ann", True, True)
    assert test["above"]["spam"] + test["above"]["unsure"] >= 10
    assert {row["state"] for row in town("review", "list", "--all", "--json").json} == {"waiting"}
    assert "Blind test" in town("trust").out
