"""`followguard model drift`, and where else an alarm is seen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.classifier.features import FEATURES, packed, schema_hash
from followguard.drift import watch as job
from followguard.drift.result import Drift, DriftSignal, DriftState
from followguard.sandbox import QUIET, AccountPlan, SandboxPlan, serve
from followguard.store.store import open_store
from tests.builders.sandboxes import point_at

NOW = datetime(2026, 11, 20, 0, 5, tzinfo=UTC)
ALARM = Drift(
    state=DriftState.ALARM,
    nights=40,
    recent=12,
    reference=28,
    moved=(
        DriftSignal(what="base_rate", aspect="base_rate", since="2026-11-18", nights=3, strength=4.4, before=0.15,
                    now=0.45, text="The share of spam that the model expects: more."),
    ),
)  # fmt: skip


def test_without_history_it_says_what_is_missing(installed: Any) -> None:
    """No night yet: exit 0, also with --check; text and JSON say how many nights it needs."""
    done = installed("model", "drift", "--check")
    assert done.code == 0
    assert "@acme: too little history" in done.out
    assert "31 more nights" in done.out
    (account,) = installed("model", "drift", "--json").json["accounts"]
    assert (account["account"], account["state"], account["needs_nights"]) == ("acme", "too_little_history", 31)
    assert account["moved"] == []


def test_an_unknown_account_is_refused(installed: Any) -> None:
    """Exit 2, as everywhere."""
    assert installed("model", "drift", "--account", "nobody").code == 2


def test_a_night_has_it_in_its_receipt(installed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first night doesn't count; it is in the JSON of the night, and nothing of it on the screen."""
    with serve(SandboxPlan(accounts=(AccountPlan(handle="acme", followers=30, churn=QUIET),), seed=3)) as sandbox:
        point_at(sandbox, monkeypatch)
        (account,) = installed("nightly", "--json").json["accounts"]
    assert (account["drift"]["state"], account["drift"]["nights"]) == ("too_little_history", 0)
    assert "DRIFT" not in installed("status").out


def test_a_fault_in_it_leaves_the_night_done(installed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 0 and a receipt that says it failed."""

    def broken(_: object) -> None:
        raise FloatingPointError("made up")

    monkeypatch.setattr(job, "compare", broken)
    with serve(SandboxPlan(accounts=(AccountPlan(handle="acme", followers=30, churn=QUIET),), seed=3)) as sandbox:
        point_at(sandbox, monkeypatch)
        done = installed("nightly", "--json")
    (account,) = done.json["accounts"]
    assert (done.code, account["status"], account["drift"]["state"]) == (0, "done", "failed")


def test_an_alarm_is_in_status_and_report(installed: Any, tmp_path: Path) -> None:
    """The last night's alarm stays in sight until a night finds otherwise."""
    with open_store(f"sqlite:///{tmp_path / 'followguard.db'}") as store, store.begin() as work:
        account = Accounts(work).ensure("acme", NOW)
        run = Runs(work).start(account.id, "nightly", NOW)
        Runs(work).finish(run, "done", {"drift": ALARM.as_json("acme")}, NOW + timedelta(minutes=5))
    assert "DRIFT        The share of spam that the model expects: more." in installed("status").out
    (found,) = installed("status", "--json").json["accounts"]
    assert found["drift"]["since"] == "2026-11-18"
    done = installed("report", "--output", str(tmp_path / "page.html"))
    assert done.code == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "New followers have changed since 2026-11-18" in page
    assert "followguard model drift --account acme" in page


def test_an_alarm_is_told_and_check_exits_1(installed: Any, tmp_path: Path) -> None:
    """The exit code is 0 without --check, 1 with it; what moved is told with its day."""
    from sqlalchemy import insert

    from followguard.store.tables import followers, passes, scores, snapshots

    rng = np.random.default_rng(1)
    with open_store(f"sqlite:///{tmp_path / 'followguard.db'}") as store, store.begin() as work:
        account = Accounts(work).ensure("acme", NOW).id
        for day in range(36):
            at = NOW + timedelta(days=day)
            work.connection.execute(
                insert(passes).values(account_id=account, kind="night", started_at=at, finished_at=at, progress={})
            )
            Runs(work).finish(Runs(work).start(account, "nightly", at), "done", {}, at)
            for row in rng.normal(1.0 if day < 31 else 3.0, 0.5, (10, len(FEATURES))):
                common = {"account_id": account, "follower_id": str(rng.integers(10**18))}
                seen = {"first_seen_at": at, "last_seen_at": at, "ordinal": 1, "pass_id": 1, "snapshot_id": 1}
                work.connection.execute(insert(followers).values(common | seen))
                look = insert(snapshots).values(common | {"observed_at": at, "appearance_hash": ""})
                score = {
                    "snapshot_id": work.connection.execute(look.returning(snapshots.c.id)).scalar_one(),
                    "model": "m", "policy_hash": "p", "p_spam": 0.5, "band": "unsure", "base_logit": 0.0,
                    "reasons": [], "features": packed(row.astype(np.float32)), "feature_schema": schema_hash(),
                    "observed_at": at, "scored_at": at,
                }  # fmt: skip
                work.connection.execute(insert(scores).values(common | score))
    done = installed("model", "drift")
    assert done.code == 0
    assert "@acme: ALARM, new followers have changed since 2026-12-21" in done.out
    assert "retrain --account acme" in done.out
    assert installed("model", "drift", "--check").code == 1
