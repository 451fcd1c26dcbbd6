"""Nights and follows on an installation that isn't well: nothing is followed wrongly, and nothing fails in silence."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from followguard import bootstrap
from followguard.adapters.store.engine import open_store
from followguard.adapters.store.work import Store
from followguard.jobs import account_night
from followguard.jobs.health import damaged
from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.conftest import run_on_server

ACCOUNTS = (
    AccountPlan(handle="acme", followers=60, mean_new=9, churn=QUIET),
    AccountPlan(handle="widgets", followers=20, mean_new=5, churn=QUIET),
)
CONFIG = """
backups = 3
[accounts.acme]
training_basis = "own-decisions"
[accounts.acme.policy]
max_cards_per_day = 12
[accounts.widgets]
training_basis = "none"
"""
PAGE = 4096


@pytest.fixture
def sandbox(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Sandbox]:
    """Two accounts that had a night, an owner, and three approvals; a new night has come on X."""
    with serve(SandboxPlan(accounts=ACCOUNTS, seed=11), elapsed=lambda: 0.0) as sandbox:
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("FOLLOWGUARD_NOW", START.isoformat())
        (tmp_path / "followguard.toml").write_text(CONFIG, encoding="utf-8")
        assert cli("person", "add", "Ann", "--role", "owner").code == 0
        assert cli("nightly").code == 0
        for row in cli("review", "list", "--account", "acme", "--json").json[:3]:
            assert cli("review", "approve", f"item:{row['item']}", "--by", "Ann").code == 0
        now = START + timedelta(days=1)
        monkeypatch.setenv("FOLLOWGUARD_NOW", now.isoformat())
        sandbox.next_night(now)
        yield sandbox


def zero_a_page(path: Path, name: str) -> None:
    """The first page of a table."""
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    whole = path.read_bytes()
    path.write_bytes(whole[: (number - 1) * PAGE] + bytes(PAGE) + whole[number * PAGE :])


@pytest.mark.parametrize("table", ["orders", "unfollows"])
def test_a_damaged_database_has_no_night(cli: Any, sandbox: Sandbox, tmp_path: Path, table: str) -> None:
    """Also where the damage lies in a page that the night itself would never read: X isn't asked, exit 1."""
    zero_a_page(tmp_path / "followguard.db", table)
    before = sandbox.ledger()
    done = cli("nightly", "--json")
    assert done.code == 1
    for account in done.json["accounts"]:
        assert account["status"] == "failed"
        assert [each["code"] for each in account["errors"]] == ["damaged_database"]
    assert "db restore" in done.err
    assert sandbox.ledger() == before
    status = cli("status")
    assert status.code == 1
    assert "damaged" in status.err
    assert {each["check"]: each["state"] for each in cli("doctor", "--json").json["findings"]}["database"] == "fail"


def test_several_kinds_of_damage_are_one_sentence() -> None:
    """The first is told, and how many more there are; findings are sentences themselves."""
    assert damaged(("The file is damaged (disk image).", "A row is lost.")).message == (
        "The database is damaged (The file is damaged (disk image), and 1 more)."
    )


def test_nobody_is_handed_off_from_a_damaged_database(cli: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    """No link is shown; after a restore they are."""
    assert cli("db", "backup").code == 0
    zero_a_page(tmp_path / "followguard.db", "unfollows")
    done = cli("follow-back", "--by", "Ann", "--json")
    assert (done.code, done.json["errors"][0]["code"]) == (1, "damaged_database")
    assert "intent/follow" not in done.out
    assert cli("db", "restore", "--yes").code == 0
    assert cli("follow-back", "--by", "Ann").out.count("intent/follow") == 3


def test_a_backup_that_fails_is_told_until_one_is_made(
    cli: Any, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the receipt, the exit code, `status` and the report; the night itself goes on."""
    folder = tmp_path / "backups"
    folder.rename(tmp_path / "kept")
    folder.write_text("in the way")
    done = cli("nightly", "--json")
    assert done.code == 3
    for account in done.json["accounts"]:
        assert (account["status"], account["errors"][0]["code"]) == ("partial", "backup")
    assert done.json["accounts"][0]["new"] > 0
    status = cli("status", "--json").json
    assert "can't be written" in status["backup"]["problem"]
    assert status["accounts"][0]["last_night"]["errors"][0]["code"] == "backup"
    assert "BACKUP" in cli("status").out
    assert "No backup was made before this night" in Path(done.json["report"]).read_text(encoding="utf-8")
    folder.unlink()
    now = START + timedelta(days=1, hours=2)
    monkeypatch.setenv("FOLLOWGUARD_NOW", now.isoformat())
    assert cli("db", "backup").code == 0
    assert cli("status", "--json").json["backup"]["problem"] is None


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


def test_counts_that_nobody_can_read_are_named(cli: Any, sandbox: Sandbox, sqlite_url: str, tmp_path: Path) -> None:
    """Whole numbers stay whole numbers; which of them say nothing stands beside them."""
    config = tmp_path / "followguard.toml"
    config.write_text(f'database_url = "sqlite:///followguard.db?timeout=0.05"\n{CONFIG}', encoding="utf-8")
    with open_store(sqlite_url) as store, store.begin():
        acme = cli("nightly", "--json").json["accounts"][0]
    assert isinstance(acme["listed"], int)
    assert {"listed", "waiting", "open"} <= set(acme["unknown"])


def test_a_report_that_cannot_be_written_is_told(cli: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    """The night is done, the page is missing: exit 3 and an error in the document."""
    for path in (tmp_path / "reports").iterdir():
        path.unlink()
    (tmp_path / "reports").rmdir()
    (tmp_path / "reports").write_text("in the way")
    done = cli("nightly", "--json")
    assert {account["status"] for account in done.json["accounts"]} == {"done"}
    assert (done.code, done.json["report"], len(done.json["errors"])) == (3, None, 1)


def test_a_head_that_cannot_be_written_is_told(cli: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    """With the folder where heads lie: beside the configuration, wherever the database is."""
    (tmp_path / "heads").rename(tmp_path / "kept")
    (tmp_path / "heads").write_text("in the way")
    done = cli("nightly", "--json")
    assert done.code == 3
    (problem,) = done.json["errors"]
    assert problem["code"] == "report"
    assert problem["message"].endswith("Check the folder heads beside the configuration.")


@pytest.mark.parametrize("number", [2, 4, 12, 20, 36, 38])
def test_a_connection_that_is_cut_is_one_document_and_resumes(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: Any, postgres_url: str, number: int
) -> None:
    """The server ends every session in the middle of a transaction of the night; the next run ends as if it hadn't."""
    monkeypatch.setenv("FOLLOWGUARD_DATABASE_URL", postgres_url)
    plan = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=40, churn=QUIET),), seed=11)
    with serve(plan, elapsed=lambda: 0.0) as sandbox:
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("FOLLOWGUARD_NOW", START.isoformat())
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
    monkeypatch.setattr(bootstrap, "keep_head", lambda *_: {}["head"])
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
