"""retrain and model list, show, promote, rollback, rebuild, as their user meets them."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from followguard.domain.follower import Profile
from followguard.domain.policy import Policy
from followguard.screening.queue import queue_account
from followguard.screening.score import score_account
from followguard.store.store import open_store
from followguard.testing import START, made_up_profile, record_followers


@pytest.fixture
def followed(installed: Any, tmp_path: Path) -> Any:
    """Forty followers over four nights, real and spam, wait for a decision."""
    from followguard.training.models.serving import load_scorer

    scorer, policy = load_scorer(), Policy()
    with open_store(f"sqlite:///{tmp_path / 'followguard.db'}") as store:
        for night in range(4):
            now = START + timedelta(days=night)
            arrived = [person(10 * night + place, now, place < 4) for place in range(10)]
            account = record_followers(store, "acme", arrived, now)
            score_account(store, account, policy, scorer, now)
            queue_account(store, account, policy, now, 0)
    return installed


def person(number: int, now: datetime, spam: bool) -> Profile:
    """A follower: spam likes little and follows many."""
    likes, following = (number % 7, 900 + 31 * number) if spam else (300 + 71 * number, 80 + 13 * number)
    return replace(made_up_profile(str(1000 + number), now), like_count=likes, following_count=following)


def decide(cli: Any) -> None:
    """Decides eight of each night's ten: the first four are spam, the next four genuine; the last two are left.

    An hour ago, one in five seconds: nobody approves faster for long.
    """
    began = datetime.now(UTC) - timedelta(hours=1)
    for number in range(40):
        words = ("reject", "--reason", "spam") if number % 10 < 4 else ("approve",)
        at = {"FOLLOWGUARD_NOW": (began + timedelta(seconds=5 * number)).isoformat()}
        if number % 10 < 8:
            with patch.dict(os.environ, at | {"FOLLOWGUARD_X_API_URL": "http://127.0.0.1:9"}):
                assert cli("review", words[0], str(1000 + number), *words[1:], "--by", "Ann").code == 0


def say_nothing(cli: Any, *decisions: str) -> None:
    """Decides the followers who are left in these ways, one after the other; none of them is a label."""
    for number in (number for number in range(40) if number % 10 >= 8):
        for words in decisions:
            assert cli("review", *words.format(follower=1000 + number).split(), "--by", "Ann").code == 0


def in_a_fresh_process(folder: Path) -> dict[str, Any]:
    """`followguard retrain --json`."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("FOLLOWGUARD_")}
    command = [sys.executable, "-m", "followguard", "retrain", "--json"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, env=env)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_what_says_nothing_changes_nothing(followed: Any, tmp_path: Path, tmp_path_factory: Any) -> None:
    """Put-offs, undone approvals and rejections for other reasons: turn them over, and the model's hash stays."""
    decide(followed)
    other = tmp_path_factory.mktemp("other") / "house"
    shutil.copytree(tmp_path, other)
    say_nothing(followed, "approve {follower}", "undo {follower}", "reject {follower} --reason not_relevant")
    here = in_a_fresh_process(tmp_path)
    os.chdir(other)
    say_nothing(followed, "reject {follower} --reason spam", "undo {follower}", "later {follower} --until 2030-01-31")
    there = in_a_fresh_process(other)
    assert here["labels"] == there["labels"] == {"genuine": 16, "spam": 16}
    assert here["challenger"]["content_sha256"] == there["challenger"]["content_sha256"]


def test_retrain_refuses_without_labels(installed: Any) -> None:
    """Exit 1; one JSON document with the keys that others read."""
    done = installed("retrain", "--json")
    assert done.code == 1
    assert {"account", "group", "outcome", "why", "labels", "champion", "challenger", "model"} <= done.json.keys()
    assert (done.json["account"], done.json["group"], done.json["outcome"]) == ("acme", "house", "refused")
    assert "refused" in installed("retrain").out


def test_several_groups_need_an_account(installed: Any, tmp_path: Path) -> None:
    """One model group may be left unnamed, two may not: exit 2 with the choices."""
    with (tmp_path / "followguard.toml").open("a", encoding="utf-8") as file:
        file.write('[accounts.beta]\ntraining_basis = "none"\nmodel_group = "lab"\n')
    for command in (["retrain"], ["model", "list"], ["model", "rollback"], ["model", "rebuild"]):
        done = installed(*command)
        assert (done.code, "house, lab" in done.err) == (2, True)
    assert installed("retrain", "--account", "beta", "--json").json["group"] == "lab"


def test_the_models_of_a_group_that_learned_nothing(installed: Any) -> None:
    """The base model serves; there is nothing to go back to or to rebuild, and nobody unnamed promotes."""
    (row,) = installed("model", "list", "--json").json
    assert (row["state"], row["origin"]) == ("serves", "base")
    assert row["model"] in installed("model", "list").out
    assert installed("model", "show", row["model"], "--json").json["row"]["model"] == row["model"]
    assert installed("model", "rollback").code == 1
    assert installed("model", "rebuild").code == 1
    assert installed("model", "promote", "base").code == 2
    assert installed("model", "promote", "base", "--by", "Ann", "--json").json["changed"] is False
    assert installed("model", "promote", "house-1", "--by", "Ann").code == 2
    assert installed("model", "show", "house-1").code == 2


def test_a_models_life(followed: Any) -> None:
    """Promoted by an owner past the gate, shown, rebuilt, rolled back: each in words and in JSON."""
    decide(followed)
    learned = followed("retrain")
    assert learned.code == 0
    assert "house-1" in learned.out
    if followed("model", "list", "--json").json[1]["state"] == "challenger":
        moved = followed("model", "promote", "house-1", "--by", "Ann", "--json").json
        assert (moved["model"], moved["changed"], moved["rescored"]) == ("house-1", True, 8)
    assert "16 genuine and 16 spam" in followed("model", "show", "house-1").out
    assert followed("model", "rebuild", "--json").json["same"] is True
    assert "comes out the same" in followed("model", "rebuild").out
    done = followed("model", "rollback", "--by", "Ann")
    assert done.code == 0
    assert "rescored" in done.out


def test_score_says_when_the_champion_cant_serve(followed: Any, tmp_path: Path) -> None:
    """The last good model answers, stderr says so with what to do, and doctor warns."""
    decide(followed)
    followed("retrain")
    followed("model", "promote", "house-1", "--by", "Ann")
    row = "id,username,observed_at\n11,ann,2026-01-05T00:00:00Z\n"
    (tmp_path / "one.csv").write_text(row, encoding="utf-8")
    assert followed("score", "one.csv", "--account", "acme", "--json").json[0]["model"] == "house-1"
    (tmp_path / "models" / "house" / "house-1" / "model.joblib").write_bytes(b"no model")
    done = followed("score", "one.csv", "--account", "acme", "--json")
    assert (done.code, done.json[0]["model"].startswith("base-")) == (0, True)
    assert "serves instead" in done.err
    found = followed("doctor", "--json").json["findings"]
    assert [each["state"] for each in found if each["check"] == "model"] == ["warn"]
