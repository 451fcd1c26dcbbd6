"""Nights that are locked out, cut off, stopped or hit by a fault: one document, and the next run is whole."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from followguard.night import account_night
from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START
from followguard.store.store import Store, open_store
from tests.builders.sandboxes import point_at
from tests.builders.unwell import CONFIG
from tests.conftest import run_on_server


def test_a_failed_night_counts_what_waits(cli: Any, sandbox: Sandbox) -> None:
    """X refuses everything: the cards and orders that stand are told, not zeros; `status` says why it failed."""
    sandbox.set_faults([{"on": "any", "fault": "http_401", "times": 0}])
    done = cli("nightly", "--json")
    acme = done.json["accounts"][0]
    assert (done.code, acme["status"], acme["new"]) == (1, "failed", 0)
    listed = cli("review", "list", "--account", "acme", "--json").json
    assert acme["listed"] == len(listed) > 0
    assert acme["waiting"] == cli("status", "--json").json["accounts"][0]["waiting"]["later"] > 0
    assert (acme["follow_back"]["open"], acme["unknown"]) == (3, [])
    said = cli("nightly").out
    assert f"{len(listed)} on the desk" in said
    assert "3 open" in said
    assert "wrong_credentials: " in cli("status").out


def test_a_night_that_is_locked_out_counts_what_waits(cli: Any, sandbox: Sandbox, sqlite_url: str) -> None:
    """Another run has the account: its cards are counted all the same."""
    with open_store(sqlite_url) as store, store.lock("acme"):
        done = cli("nightly", "--account", "acme", "--json")
    (acme,) = done.json["accounts"]
    assert (done.code, acme["errors"][0]["code"]) == (4, "locked")
    assert acme["listed"] > 0
    assert acme["follow_back"]["open"] == 3


def test_a_write_lock_is_one_document_and_try_later(
    cli: Any, sandbox: Sandbox, sqlite_url: str, tmp_path: Path
) -> None:
    """Somebody else writes for longer than we wait: 75, an error for each account, and the next run goes on."""
    config = tmp_path / "followguard.toml"
    config.write_text(f'database_url = "sqlite:///followguard.db?timeout=0.05"\n{CONFIG}', encoding="utf-8")
    with open_store(sqlite_url) as store, store.begin():
        done = cli("nightly", "--json")
        listed = cli("review", "list", "--json")
    assert done.code == 75
    assert [each["errors"][0]["code"] for each in done.json["accounts"]] == ["store_busy", "store_busy"]
    assert (listed.code, listed.json["errors"][0]["code"]) == (75, "store_busy")
    assert cli("nightly").code == 0


@pytest.mark.parametrize("number", [2, 4, 12, 20, 40, 42])
def test_a_connection_that_is_cut_is_one_document_and_resumes(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: Any, postgres_url: str, number: int
) -> None:
    """The server ends every session in the middle of a transaction of the night; the next run ends as if it hadn't."""
    monkeypatch.setenv("FOLLOWGUARD_DATABASE_URL", postgres_url)
    plan = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=40, churn=QUIET),), seed=11)
    with serve(plan, elapsed=lambda: 0.0) as sandbox:
        point_at(sandbox, monkeypatch, START)
        config = 'backups = 0\n[accounts.acme]\ntraining_basis = "own-decisions"\n'
        (tmp_path / "followguard.toml").write_text(config, encoding="utf-8")
        with monkeypatch.context() as patch:
            patch.setattr(Store, "begin", cutting(Store.begin, number, postgres_server))
            done = cli("nightly", "--json")
        (acme,) = done.json["accounts"]
        errors = [*acme["errors"], *done.json["errors"]]
        assert (done.code, {each["code"] for each in errors}) in ((75, {"store_busy"}), (3, {"store_busy"}))
        again = cli("nightly", "--json")
        assert (again.code, again.json["accounts"][0]["status"]) == (0, "done")
        rows = cli("review", "list", "--all", "--json").json
    assert {row["follower_id"] for row in rows} == {row["follower_id"] for row in rows if row["p_spam"] is not None}
    assert len(rows) == 40


def cutting(begin: Any, number: int, server: Any) -> Any:
    """`Store.begin`, whose transaction of that number loses its connection, and all other sessions theirs."""
    turns = count(1)

    @contextmanager
    def begun(store: Any) -> Iterator[Any]:
        with begin(store) as work:
            if next(turns) == number:
                others = "datname = 'shared' AND pid <> pg_backend_pid()"
                cut = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}"
                run_on_server(server, cut)
            yield work

    return begun


def test_a_fault_of_the_program_befalls_one_account(
    cli: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an error in the receipt of that account, on record too; the next one has its whole night."""
    true_score = account_night.score_account

    def faulty(store: Any, account: Any, *rest: Any) -> Any:
        return 1 // 0 if account.handle == "acme" else true_score(store, account, *rest)

    monkeypatch.setattr(account_night, "score_account", faulty)
    done = cli("nightly", "--json")
    acme, widgets = done.json["accounts"]
    assert (done.code, acme["status"], widgets["status"]) == (3, "failed", "done")
    assert [(each["code"], each["message"][:30]) for each in acme["errors"]] == [
        ("unexpected", "Unexpected ZeroDivisionError: "),
    ]
    assert (acme["new"] > 0, acme["unknown"], widgets["scored"] > 0) == (True, [], True)
    nights = {each["account"]: each["last_night"] for each in cli("status", "--json").json["accounts"]}
    assert (nights["acme"]["status"], nights["acme"]["errors"][0]["code"]) == ("failed", "unexpected")
    assert "Traceback" not in done.err
    monkeypatch.setenv("FOLLOWGUARD_DEBUG", "1")
    assert "in faulty" in cli("nightly").err


def test_a_fault_at_the_nights_end_loses_no_receipt(
    cli: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether counting what stands fails, or writing the head of the log."""
    sandbox.set_faults([{"on": "any", "fault": "http_401", "times": 0}])
    monkeypatch.setattr(account_night, "note_standing", lambda *_: 1 // 0)
    monkeypatch.setattr("followguard.proof.heads_file.keep_head", lambda *_: {}["head"])
    done = cli("nightly", "--json")
    for account in done.json["accounts"]:
        assert [each["code"] for each in account["errors"]] == ["wrong_credentials", "unexpected"]
    assert (done.code, [each["code"] for each in done.json["errors"]]) == (1, ["unexpected"])
    assert "KeyError" in done.err


def test_a_night_that_was_stopped_is_on_record_as_stopped(
    cli: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle: `status` doesn't say that the night was done, and the next run is."""

    def stopped(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(account_night, "score_account", stopped)
        done = cli("nightly", "--json")
    assert (done.code, [each["code"] for each in done.json["errors"]]) == (130, ["stopped"])
    last = cli("status", "--json").json["accounts"][0]["last_night"]
    assert (last["status"], [each["code"] for each in last["errors"]]) == ("failed", ["stopped"])
    assert cli("nightly").code == 0


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signals here")
@pytest.mark.parametrize("number", [signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)])
def test_a_night_that_is_told_to_end_says_so(cli: Any, sandbox: Sandbox, number: signal.Signals) -> None:
    """As at Ctrl-C, one document, and the run on record as stopped; the process then ends by that very signal."""
    sandbox.set_faults([{"on": "followers", "fault": "never_answers", "times": 0}])
    command = [sys.executable, "-m", "followguard", "nightly", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as night:
        before = sandbox.ledger()
        while sandbox.ledger() == before and night.poll() is None:
            time.sleep(0.002)
        night.send_signal(number)
        out, err = night.communicate()
    assert (night.returncode, [each["code"] for each in json.loads(out)["errors"]]) == (-number, ["stopped"])
    assert "Stopped." in err
    assert cli("status", "--json").json["accounts"][0]["last_night"]["status"] == "failed"
