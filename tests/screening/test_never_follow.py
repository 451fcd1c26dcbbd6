"""`never_follow` over real HTTP: a rival who renames, the heir of the name, and the desk between two nights."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.sandbox import QUIET, AccountPlan, SandboxPlan, serve
from tests.builders.sandboxes import point_at

PLAN = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=6, mean_new=4, churn=QUIET, already_following=0),))
CONFIG = '[accounts.acme]\ntraining_basis = "none"\n[accounts.acme.policy]\nnever_follow = ["Rival_Brand"]\n'


def test_the_entry_stays_with_whom_it_met(installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed under both names; the approval is refused; whoever has the name now is approved and handed off."""
    (tmp_path / "followguard.toml").write_text(CONFIG, encoding="utf-8")
    with serve(PLAN) as sandbox:
        point_at(sandbox, monkeypatch, PLAN.start)
        truth: Any = sandbox.state()
        rival, other = (row["id"] for row in truth["accounts"]["acme"]["followers"][:2])
        sandbox.intervene("change", rival, "acme", {"username": "Rival_Brand"})
        assert installed("nightly", "--json").code == 0
        now = PLAN.start + timedelta(days=1)
        sandbox.next_night(now)
        monkeypatch.setenv("FOLLOWGUARD_NOW", now.isoformat())
        sandbox.intervene("change", rival, "acme", {"username": "fresh_start"})
        newest: Any = sandbox.state()
        heir = newest["accounts"]["acme"]["followers"][0]["id"]
        assert heir not in {rival, other}
        sandbox.intervene("change", heir, "acme", {"username": "rival_brand"})
        assert installed("nightly", "--json").code == 0
        states = {row["follower_id"]: row for row in installed("review", "list", "--all", "--json").json}
        assert (states[rival]["state"], states[rival]["closed_why"]) == ("closed", "never_follow")
        assert states[heir]["state"] == "waiting"
        assert installed("review", "approve", rival, "--by", "Ann").code == 1
        assert installed("review", "approve", heir, "--by", "Ann").code == 0
        handed = installed("follow-back", "--json").json["accounts"][0]["handed_off"]
        assert [row["follower_id"] for row in handed] == [heir]


def test_an_entry_that_comes_after_the_card_bars_at_once(
    installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two nights the card still waits: approving it is refused, and an order from before is void."""
    config = tmp_path / "followguard.toml"
    config.write_text(CONFIG.replace('"Rival_Brand"', ""), encoding="utf-8")
    with serve(PLAN) as sandbox:
        point_at(sandbox, monkeypatch, PLAN.start)
        assert installed("nightly", "--json").code == 0
        first, second = installed("review", "list", "--json").json[:2]
        assert installed("review", "approve", first["follower_id"], "--by", "Ann").code == 0
        names = f'"@{first["username"].upper()}", "{second["follower_id"]}"'
        config.write_text(CONFIG.replace('"Rival_Brand"', names), encoding="utf-8")
        refused = installed("review", "approve", second["follower_id"], "--by", "Ann")
        assert refused.code == 1
        assert "never_follow" in refused.err
        assert installed("follow-back", "--json").json["accounts"][0]["handed_off"] == []
        assert installed("nightly", "--json").code == 0
        rows = {row["follower_id"]: row for row in installed("review", "list", "--all", "--json").json}
        assert {rows[each["follower_id"]]["closed_why"] for each in (first, second)} == {"never_follow"}
