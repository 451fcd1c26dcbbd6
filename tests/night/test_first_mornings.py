"""The first mornings from end to end: nights through the sandbox, a random sample decided, and scores that follow."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.sandbox import QUIET, AccountPlan, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.builders.sandboxes import point_at

CONFIG = 'database_url = "sqlite:///followguard.db"\nbackups = 0\n[accounts.acme]\ntraining_basis = "own-decisions"\n'


def decided(cli: Any) -> int:
    """Rejects every drawn card, as spam where its id is odd, else as real; returns how many."""
    drawn = [row["follower_id"] for row in cli("review", "list", "--json", "--limit", "0").json if row["sample"]]
    spam = [follower for follower in drawn if int(follower) % 2]
    real = [follower for follower in drawn if not int(follower) % 2]
    for ids, reason in ((spam, ("spam",)), (real, ("not_relevant", "--real"))):
        if ids:
            assert cli("review", "reject", *ids, "--reason", *reason, "--by", "Ann").code == 0
    return len(drawn)


def test_the_fourth_night_scores_by_the_answers(
    cli: Any, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, random_sample: None
) -> None:
    """Ten, ten and five decided: then the update serves, a second run changes nothing, and log and replay agree."""
    plan = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=60, mean_new=30.0, churn=QUIET),), seed=11)
    with serve(plan, elapsed=lambda: 0.0) as sandbox:
        (tmp_path / "followguard.toml").write_text(CONFIG, encoding="utf-8")
        assert cli("person", "add", "Ann", "--role", "owner").code == 0
        done = []
        for night in range(4):
            now = START + timedelta(days=night)
            point_at(sandbox, monkeypatch, now)
            if night:
                sandbox.next_night(now)
            (acme,) = cli("nightly", "--json").json["accounts"]
            done.append((acme["calibration"]["answers"], acme["calibration"]["update"] is not None, decided(cli)))
        assert done == [(0, False, 10), (10, False, 10), (20, False, 5), (25, True, 0)]
        rows = cli("review", "list", "--json", "--all", "--limit", "0").json
        waiting = [row for row in rows if row["state"] == "waiting"]
        assert {row["provisional"] for row in rows} == {False}
        assert len({row["base_logit"] for row in waiting}) == 1
        cli("nightly")
        assert cli("review", "list", "--json", "--all", "--limit", "0").json == rows
    assert cli("prove", "--json").json["findings"] == []
    check = cli("whatif", "--json").json["accounts"][0]["check"]
    assert check["differing"] == []
