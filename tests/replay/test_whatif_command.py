"""`followguard whatif` on nights of the sandbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.sandbox import QUIET, AccountPlan, Attack, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.builders.sandboxes import point_at

NIGHTS, DECIDED = 5, 12
POLICY = """
max_usd_per_month = 1000.0
[retention]
held_back_text = 2
[accounts.acme]
training_basis = "own-decisions"
[accounts.acme.policy]
holding_back = "on"
max_wrong_hold = 0.2
max_cards_per_day = 15
retrain_after_decisions = 25
"""
PLAN = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=60, mean_new=25, attacks=(Attack(3, 12),)),), seed=5)


@contextmanager
def in_the_sandbox(monkeypatch: pytest.MonkeyPatch, plan: SandboxPlan) -> Iterator[Sandbox]:
    """The sandbox and its keys in the environment."""
    with serve(plan) as sandbox:
        point_at(sandbox, monkeypatch)
        monkeypatch.setenv("FOLLOWGUARD_SEED", "7")
        yield sandbox


def decide(cli: Any, sandbox: Sandbox, day: int) -> None:
    """A morning: approvals, rejections, one put off, one undone, one held back that somebody asked to see."""
    spam = {each["id"]: each["spam"] for each in sandbox.state()["accounts"]["acme"]["followers"]}
    cards = cli("review", "list", "--json").json
    for place, card in enumerate(cards[:DECIDED]):
        who = card["follower_id"]
        if place == 5:
            until = (START + timedelta(days=day + 2)).date().isoformat()
            cli("review", "later", who, "--until", until, "--by", "Ann")
        elif spam.get(who):
            cli("review", "reject", who, "--reason", "spam", "--by", "Ann")
        else:
            cli("review", "approve", who, "--by", "Ann")
        if place == 7:
            cli("review", "undo", who, "--by", "Ann")
    hidden = [card for card in cli("review", "list", "--include-held-back", "--json").json if card["held_back"]]
    if day % 2 and hidden:
        cli("review", "reject", hidden[-1]["follower_id"], "--reason", "spam", "--by", "Ann")
    cli("follow-back", "--by", "Ann", "--json")


def nights_lived(cli: Any, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> list[dict[str, Any]]:
    """Nights and mornings; in one of them the nightly job runs once more after the decisions. The receipts."""
    receipts = []
    for day in range(NIGHTS):
        at = START + timedelta(days=day)
        if day:
            sandbox.next_night(at)
        monkeypatch.setenv("FOLLOWGUARD_NOW", at.isoformat())
        receipts.append(cli("nightly", "--json").json["accounts"][0])
        monkeypatch.setenv("FOLLOWGUARD_NOW", (at + timedelta(hours=8)).isoformat())
        decide(cli, sandbox, day)
        if day == 3:
            receipts.append(cli("nightly", "--json").json["accounts"][0])
    return receipts


def test_the_replay_of_what_happened_says_what_the_receipts_say(installed, monkeypatch, tmp_path: Path) -> None:
    """Night by night the same cards listed, held back, audited and waiting, with decisions, put-offs, undone ones, a
    second run of a day, texts cleared and retraining in between; other settings stand beside it.

    Takes some seconds: every night and every decision goes through the command line.
    """
    (tmp_path / "followguard.toml").write_text(POLICY, encoding="utf-8")
    with in_the_sandbox(monkeypatch, PLAN) as sandbox:
        receipts = nights_lived(installed, monkeypatch, sandbox)
        before = installed("review", "list", "--all", "--json").json
        (told,) = installed("whatif", "--holding-back", "off", "--model", "base", "--json").json["accounts"]
    assert told["check"] == {"nights": NIGHTS + 1, "same": NIGHTS + 1, "other_policy": [], "differing": []}
    now, other = told["policies"]
    names = ("listed", "held_back", "audit", "waiting")
    assert [{name: night[name] for name in names} for night in now["replay"]["nights"]] == [
        {name: receipt[name] for name in names} for receipt in receipts
    ]
    assert now["current"]
    assert now["replay"]["audited"] > 0
    assert now["replay"]["wrong_holds"]["held"] > now["replay"]["never_shown"] > 0
    assert (other["holding_back"], other["replay"]["wrong_holds"]["held"]) == ("off", 0)
    assert other["model"].startswith("base-")
    assert installed("review", "list", "--all", "--json").json == before


def test_other_policies_stand_beside_the_configured_one(installed, monkeypatch) -> None:
    """The configured policy first, then each value asked for; the same followers in each, and nothing changed."""
    quiet = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=100, churn=QUIET),), seed=3)
    with in_the_sandbox(monkeypatch, quiet):
        assert installed("nightly").code == 0
        before = installed("review", "list", "--all", "--json").json
        done = installed("whatif", "--max-wrong-hold", "0.2", "--max-cards-per-day", "10", "--json")
    (account,) = done.json["accounts"]
    now, other = account["policies"]
    assert (now["current"], now["max_wrong_hold"], now["max_cards_per_day"]) == (True, 0.05, 60)
    assert (other["max_wrong_hold"], other["max_cards_per_day"]) == (0.2, 10)
    for row in (now, other):
        assert row["outcome"]["cards"] + row["outcome"]["held_back"] == len(before)
    assert other["outcome"]["longest_wait"] > now["outcome"]["longest_wait"]
    assert (now["replay"]["cards"], other["replay"]["cards"]) == (60, 10)
    assert installed("review", "list", "--all", "--json").json == before


def test_nights_under_another_policy_are_named(installed, monkeypatch, tmp_path: Path) -> None:
    """Today's configuration can't give that night: the check says which night it is and where they part."""
    quiet = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=100, churn=QUIET),), seed=3)
    with in_the_sandbox(monkeypatch, quiet):
        installed("nightly")
        config = tmp_path / "followguard.toml"
        config.write_text(config.read_text() + "[accounts.acme.policy]\nmax_cards_per_day = 20\n")
        done = installed("whatif")
    assert "Check: 0 of 1 night come out" in done.out
    assert "listed 60, replayed 20" in done.out
    assert "ran under another policy than today's" in done.out


def test_a_model_that_is_none_of_ours_is_refused(installed) -> None:
    """Exit 2, and where the names stand."""
    done = installed("whatif", "--model", "house-9")
    assert done.code == 2
    assert "model list" in done.err


def test_crossed_cutoffs_are_refused(installed) -> None:
    """unsure_above beyond where spam begins: exit 2, and both keys are named."""
    done = installed("whatif", "--max-wrong-hold", "0.6", "--unsure-above", "0.7")
    assert done.code == 2
    assert "max_wrong_hold 0.6 and unsure_above 0.7" in done.err


def test_people_get_a_table(installed) -> None:
    """Without followers it is a table of zeros, not a traceback."""
    done = installed("whatif")
    assert done.code == 0
    assert "real people held back, expected" in done.out
    assert "no night is on record" in done.out
