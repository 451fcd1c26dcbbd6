"""The nightly job as its user runs it: the command line, real HTTP to the sandbox, SQLite, the shipped model."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.ledger_store import Runs
from followguard.domain.house_model import MoveKind, NewMove
from followguard.sandbox.plan import START
from followguard.store.store import open_store
from followguard.training.store import Models
from tests.builders.company import Company, billed
from tests.builders.models import model_on_record


def test_the_first_night_and_the_next(company: Company) -> None:
    """Everybody new is recorded, scored and on an item; what the receipt says is what X billed."""
    code, first = company.nightly()
    assert code == 0
    assert (first["acme"]["new"], first["widgets"]["new"]) == (100, 40)
    assert first["acme"]["scored"] == 100
    assert first["acme"]["listed"] == 60
    assert first["acme"]["cost_usd"] == first["acme"]["forecast_usd"] == billed(company, "acme")["usd"] == 1.0
    brought = company.next_night()
    code, second = company.nightly()
    assert code == 0
    for handle in ("acme", "widgets"):
        assert second[handle]["new"] == brought[handle]["new"]
        assert set(company.followers(handle)[: brought[handle]["new"]]) <= company.recorded(handle)
    assert second["acme"]["reads"] <= brought["acme"]["new"] + 3
    assert first["acme"]["cost_usd"] + second["acme"]["cost_usd"] == billed(company, "acme")["usd"]


def test_the_json_has_every_key_of_the_contract(company: Company) -> None:
    """Other programs read it: keys may come, none may go, counts are whole numbers."""
    done = company.cli("nightly", "--json")
    assert {"started_at", "finished_at", "accounts", "log_head"} <= done.json.keys()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", done.json["started_at"])
    account = done.json["accounts"][0]
    counts = [
        "new",
        "returned",
        "requests",
        "reads",
        "lookups",
        "scored",
        "listed",
        "held_back",
        "audit",
        "waiting",
        "batches",
    ]
    assert all(isinstance(account[key], int) for key in counts)
    assert set(account["follow_back"]) == {"open", "confirmed", "void", "sent", "parked"}
    assert {"account", "status", "cost_usd", "forecast_usd", "errors"} <= account.keys()


def test_a_second_run_of_the_day_finds_and_costs_nothing(company: Company) -> None:
    """Same day, same followers: no new item, no new cost."""
    company.nightly()
    code, again = company.nightly()
    assert code == 0
    assert (again["acme"]["new"], again["acme"]["cost_usd"]) == (0, 0.0)
    assert again["acme"]["listed"] == 60


def test_a_rehearsal_makes_no_call(company: Company) -> None:
    """--dry-run prints the forecast, asks X nothing and changes nothing."""
    before = company.sandbox.ledger()
    code, forecast = company.nightly("--dry-run")
    assert code == 0
    assert forecast["acme"]["forecast_usd"] == 1.0
    assert forecast["acme"]["reads"] == 0
    assert company.sandbox.ledger() == before
    assert company.recorded("acme") == set()


def test_a_second_run_at_the_same_time_is_locked_out(company: Company) -> None:
    """Exit 4 while another run holds the account."""
    with open_store(f"sqlite:///{company.folder / 'followguard.db'}") as store, store.lock("acme"):
        code, accounts = company.nightly("--account", "acme")
    assert code == 4
    assert accounts["acme"]["errors"][0]["code"] == "locked"


def test_an_unknown_account_is_a_usage_error(company: Company) -> None:
    """The accounts that there are get named; nothing runs."""
    done = company.cli("nightly", "--account", "acne")
    assert done.code == 2
    assert "Did you mean acme?" in done.err


def test_the_report_and_a_backup_are_left(company: Company) -> None:
    """Each night leaves an HTML report and a copy of the database from before."""
    done = company.cli("nightly", "--json")
    assert Path(done.json["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(list((company.folder / "backups").glob("followguard-*.db"))) == 1


def test_a_night_for_people_is_a_few_lines(company: Company) -> None:
    """A night without --json prints one block an account on stdout, progress on stderr."""
    done = company.cli("nightly", "--account", "widgets")
    assert done.out.startswith("@widgets: done\n")
    assert "40 new followers" in done.out
    assert "@widgets: 40 profiles read" in done.err


def test_each_night_proves_and_keeps_its_head(company: Company) -> None:
    """The receipt says what the quick part found; the head lies in a file, and holds against the log ever after."""
    company.nightly()
    company.next_night()
    _, accounts = company.nightly()
    assert accounts["acme"]["proof"]["ok"] is True
    heads = company.folder / "heads"
    assert len(list(heads.glob("head-*.json"))) == 2
    done = company.cli("prove", "--json", "--heads", str(heads), "--expect-head", accounts["acme"]["log_head"])
    assert (done.code, done.json.keys()) == (0, {"ok", "head", "checked", "findings", "warnings"})


@pytest.mark.parametrize("head", ["", "abc", "Z" * 64, "0" * 63])
def test_what_cant_be_a_head_is_refused(installed: Any, head: str) -> None:
    """A variable that was never set, say: nothing would be compared, and it would look proved."""
    done = installed("prove", "--expect-head", head)
    assert done.code == 2
    assert "can't be a head of the log" in done.err


def test_a_log_that_isnt_whole_is_said_by_the_night(company: Company) -> None:
    """An emptied ledger: reading goes on, following doesn't, and `prove`, `db check` and the night say so."""
    company.nightly()
    with sqlite3.connect(company.folder / "followguard.db") as database:
        database.execute("DELETE FROM decisions")
        database.execute("UPDATE log_openings SET salt = upper(salt)")
        database.execute("DELETE FROM settings WHERE name = 'seed'")
    company.next_night()
    code, accounts = company.nightly()
    assert code == 3
    assert accounts["acme"]["proof"]["ok"] is False
    assert [error["code"] for error in accounts["acme"]["errors"]] == ["not_proved"]
    assert accounts["acme"]["new"] > 0
    done = company.cli("prove")
    assert (done.code, company.cli("db", "check").code) == (1, 1)
    assert "settings seed" in done.out


def killed_at(company: Company, moment: Callable[[], bool]) -> None:
    """Starts the night in a process of its own and kills it -9 when `moment` says so."""
    command = [sys.executable, "-m", "followguard", "nightly", "--account", "acme"]
    night = subprocess.Popen(command, cwd=company.folder, env=dict(os.environ), stderr=subprocess.DEVNULL)
    while not moment() and night.poll() is None:
        time.sleep(0.002)
    night.send_signal(signal.SIGKILL)
    night.wait()


@pytest.mark.parametrize("table", ["followers", "scores", "items"])
def test_killed_at_any_moment_the_next_run_ends_the_same(company: Company, table: str) -> None:
    """kill -9 as soon as the first followers, scores or items are there; the next run completes the night."""
    company.configure(first_night=150)
    company.sandbox.set_faults([{"on": "followers", "fault": "short_page", "times": 1}])

    def begun() -> bool:
        with sqlite3.connect(f"file:{company.folder / 'followguard.db'}?mode=ro", uri=True) as database:
            return bool(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    killed_at(company, begun)
    assert company.cli("prove", "--json").json["findings"] == []
    code, _ = company.nightly("--account", "acme")
    assert code == 0
    assert company.cli("prove", "--json", "--heads", str(company.folder / "heads")).json["ok"] is True
    assert company.recorded("acme") == set(company.followers("acme"))
    assert company.cli("db", "check").code == 0
    assert billed(company, "acme")["usd"] <= 1.5


def test_the_night_learns_when_it_is_due(company: Company) -> None:
    """With enough new labels the group retrains in the night; what it said is in the JSON and in the run on record."""
    company.configure(retrain_after_decisions=2)
    _, first = company.nightly("--account", "acme")
    assert first["acme"]["retrain"] is None
    assert company.cli("person", "add", "Ann", "--role", "owner").code == 0
    for follower in company.followers("acme")[:2]:
        assert company.cli("review", "approve", follower, "--account", "acme", "--by", "Ann").code == 0
    company.next_night()
    code, second = company.nightly("--account", "acme")
    assert (code, second["acme"]["status"]) == (0, "done")
    assert second["acme"]["retrain"]["outcome"] == "refused"
    assert "too few labels: 2 genuine" in second["acme"]["retrain"]["why"]
    with open_store(f"sqlite:///{company.folder / 'followguard.db'}") as store, store.begin() as work:
        (run,) = Runs(work).latest(1, "nightly")
    assert run.receipt is not None
    assert run.receipt["retrain"] == second["acme"]["retrain"]
    company.next_night()
    assert company.nightly("--account", "acme")[1]["acme"]["retrain"] is None


def test_a_champion_that_is_gone(company: Company) -> None:
    """The night goes on with the last good model, says so, and is done in part: exit 3; the next one may be whole."""
    gone = model_on_record(1, START, gate={})
    with open_store(f"sqlite:///{company.folder / 'followguard.db'}") as store, store.begin() as work:
        model = Models(work).add(gone)
        Models(work).move(NewMove(group="house", kind=MoveKind.PROMOTE, model_id=model.id, at=START, why="better"))
    code, night = company.nightly("--account", "acme")
    assert (code, night["acme"]["status"], night["acme"]["scored"]) == (3, "partial", 100)
    assert night["acme"]["model"].startswith("base-")
    assert "serves instead" in night["acme"]["errors"][0]["message"]
    assert company.cli("model", "rollback").code == 0
    company.next_night()
    assert company.nightly("--account", "acme")[0] == 0


def test_what_went_wrong_is_said_once_with_whom_it_befell(capsys: pytest.CaptureFixture[str]) -> None:
    """One budget for two accounts is one line; nobody's name stands twice in front of it."""
    from followguard.errors import BudgetUsedUp, XError
    from followguard.night.commands import print_errors
    from followguard.reports.receipt import Receipt

    receipts = [Receipt(account="acme"), Receipt(account="beta")]
    for receipt in receipts:
        receipt.errors += [
            BudgetUsedUp(f"@{receipt.account}: 0.004 USD left", "Raise it."),
            XError("X is down.", "Wait."),
        ]
    receipts[0].errors.append(XError("Follower 3 of @acme has blocked us.", ""))
    print_errors(receipts)
    assert capsys.readouterr().err.splitlines() == [
        "followguard: @acme, @beta: 0.004 USD left. Raise it.",
        "followguard: @acme, @beta: X is down. Wait.",
        "followguard: Follower 3 of @acme has blocked us.",
    ]
