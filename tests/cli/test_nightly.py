"""The nightly job as its user runs it: the command line, real HTTP to the sandbox, SQLite, the shipped model."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.adapters.store.engine import open_store
from followguard.adapters.store.models import Models
from followguard.adapters.store.runs import Runs
from followguard.domain.house_model import MoveKind, NewModel, NewMove, Origin
from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START

TWO_ACCOUNTS = (
    AccountPlan(handle="acme", followers=150, mean_new=20, churn=QUIET),
    AccountPlan(handle="widgets", followers=40, mean_new=5, churn=QUIET),
)
CONFIG = """
max_usd_per_month = 50.0
[accounts.acme]
training_basis = "own-decisions"
{policy}
[accounts.widgets]
training_basis = "none"
"""


class Company:
    """Two accounts on one sandbox, and one installation that reads them."""

    def __init__(self, cli: Any, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cli, self.sandbox, self.folder, self._monkeypatch = cli, sandbox, folder, monkeypatch
        self.now = START
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        self.configure()
        self.at(START)

    def configure(self, **policy: object) -> None:
        """Writes the configuration, with these keys in the policy of acme."""
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in policy.items())
        text = CONFIG.format(policy=f"[accounts.acme.policy]\n{lines}" if lines else "")
        (self.folder / "followguard.toml").write_text(text, encoding="utf-8")

    def at(self, now: datetime) -> None:
        """Sets the clock."""
        self.now = now
        self._monkeypatch.setenv("FOLLOWGUARD_NOW", now.isoformat())

    def next_night(self) -> dict[str, Any]:
        """A day later, with new followers; what the sandbox brought, by account."""
        self.at(self.now + timedelta(days=1))
        return self.sandbox.next_night(self.now)["accounts"]  # type: ignore[return-value]

    def nightly(self, *args: str) -> tuple[int, dict[str, Any]]:
        """Exit code and the accounts' objects by handle."""
        done = self.cli("nightly", "--json", *args)
        return done.code, {account["account"]: account for account in done.json["accounts"]}

    def followers(self, handle: str) -> list[str]:
        """Ids by the sandbox's own record, newest first."""
        return [row["id"] for row in self.sandbox.state()["accounts"][handle]["followers"]]  # type: ignore[index]

    def recorded(self, handle: str) -> set[str]:
        """Ids on a review item."""
        rows = self.cli("review", "list", "--all", "--limit", "0", "--account", handle, "--json").json
        assert len({row["follower_id"] for row in rows}) == len(rows)
        return {row["follower_id"] for row in rows}


@pytest.fixture
def company(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """Set up, and not read yet."""
    with serve(SandboxPlan(accounts=TWO_ACCOUNTS, seed=11), elapsed=lambda: 0.0) as sandbox:
        company = Company(cli, sandbox, tmp_path, monkeypatch)
        assert cli("db", "upgrade").code == 0
        yield company


def billed(company: Company, handle: str) -> dict[str, Any]:
    """What the sandbox billed the account for in all nights."""
    return company.sandbox.ledger()["accounts"][handle]["total"]  # type: ignore[index,no-any-return]


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


FAULTS = {
    "http_401": ("failed", "wrong_credentials", 1),
    "credits_depleted": ("later", "credits", 75),
    "spending_cap": ("later", "credits", 75),
    "rate_limited_24h": ("later", "rate_limited", 75),
    "client_not_enrolled": ("failed", "access_refused", 1),
}


@pytest.mark.parametrize(("fault", "status", "error", "exit_code"), [(f, *rest) for f, rest in FAULTS.items()])
def test_what_x_refuses_is_one_line_and_an_exit_code(
    company: Company, fault: str, status: str, error: str, exit_code: int
) -> None:
    """Each refusal of all accounts: its status, its code, its exit code, and a next step."""
    company.sandbox.set_faults([{"on": "any", "fault": fault, "times": 0}])
    code, accounts = company.nightly()
    assert code == exit_code
    assert {account["status"] for account in accounts.values()} == {status}
    (first, *_) = accounts["acme"]["errors"]
    assert first["code"] == error
    assert len(first["message"]) > 40


@pytest.mark.parametrize("fault", ["http_401", "feature_not_permitted", "http_404"])
def test_a_list_that_x_refuses_is_a_failure(company: Company, fault: str) -> None:
    """The credentials are taken, the follower list isn't: nothing was read, failed, exit 1."""
    company.sandbox.set_faults([{"on": "followers", "fault": fault, "times": 0}])
    code, accounts = company.nightly("--account", "acme")
    assert (code, accounts["acme"]["status"]) == (1, "failed")
    assert len(accounts["acme"]["errors"]) == 1


def test_one_account_that_fails_doesn_t_stop_the_other(company: Company) -> None:
    """Mixed: exit 3, and the healthy account has its list."""
    company.sandbox.set_faults([{"on": "any", "fault": "http_401", "times": 0, "account": "acme"}])
    code, accounts = company.nightly()
    assert code == 3
    assert accounts["acme"]["status"] == "failed"
    assert accounts["widgets"]["status"] == "done"
    assert len(company.recorded("widgets")) == 40


def test_what_was_read_before_the_credits_ran_out_is_scored_and_listed(company: Company) -> None:
    """Credits end in the middle of the list: exit 75, and the next run reads the rest."""
    company.configure(first_night=150)
    company.sandbox.set_faults([{"on": "followers", "fault": "short_page", "times": 1}])
    company.sandbox.set_faults(
        [
            {"on": "followers", "fault": "short_page", "times": 1},
            {"on": "followers", "fault": "credits_depleted", "after": 1, "times": 1},
        ]
    )
    code, accounts = company.nightly("--account", "acme")
    assert code == 75
    assert 0 < accounts["acme"]["new"] == accounts["acme"]["scored"] < 150
    code, accounts = company.nightly("--account", "acme")
    assert code == 0
    assert company.recorded("acme") == set(company.followers("acme"))


@pytest.mark.parametrize("fault", ["short_page", "empty_page", "duplicates", "odd_rows", "null_counts", "post_count"])
def test_the_platform_s_habits_lose_nobody(company: Company, fault: str) -> None:
    """Short and empty pages, duplicates, odd rows, either spec version: everybody new is recorded once."""
    company.nightly()
    brought = company.next_night()
    company.sandbox.set_faults([{"on": "followers", "fault": fault, "times": 2}])
    code, accounts = company.nightly("--account", "acme")
    assert code == 0
    assert accounts["acme"]["new"] == brought["acme"]["new"]


def test_rows_that_are_nothing_are_said_and_paid_for(company: Company) -> None:
    """A null, a number and a row without an id: partly done, exit 3, the others recorded."""
    company.sandbox.set_faults([{"on": "followers", "fault": "nonsense_rows", "times": 1}])
    code, accounts = company.nightly("--account", "acme")
    assert code == 3
    assert accounts["acme"]["status"] == "partial"
    assert accounts["acme"]["new"] == 100
    assert accounts["acme"]["reads"] == billed(company, "acme")["list_reads"] == 103


@pytest.mark.parametrize("fault", ["oldest_first", "shuffled"])
def test_a_changed_order_is_said(company: Company, fault: str) -> None:
    """An account whose followers are all known, in another order than before: partial, `order_changed`."""
    company.configure(first_night=150)
    company.nightly("--account", "acme")
    company.next_night()
    company.sandbox.set_faults([{"on": "followers", "fault": fault, "times": 0}])
    code, accounts = company.nightly("--account", "acme")
    assert code == 3
    assert accounts["acme"]["status"] == "partial"
    assert "order_changed" in [error["code"] for error in accounts["acme"]["errors"]]


def test_the_budget_is_never_exceeded(company: Company) -> None:
    """$0.50 a night: fifty profiles, exit 75, and the rest the next nights."""
    company.configure(max_usd_per_night=0.5)
    code, accounts = company.nightly("--account", "acme")
    assert code == 75
    assert accounts["acme"]["errors"][0]["code"] == "budget"
    assert accounts["acme"]["cost_usd"] == 0.5
    company.next_night()
    company.nightly("--account", "acme")
    assert billed(company, "acme")["usd"] <= 1.0


def test_credentials_of_another_account_are_refused(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """acme configured with the keys of widgets: nothing is read, exit 1."""
    for name, value in company.sandbox.credentials["widgets"].items():
        monkeypatch.setenv(f"FOLLOWGUARD_ACME_{name}", value)
    code, accounts = company.nightly("--account", "acme")
    assert code == 1
    assert accounts["acme"]["errors"][0]["code"] == "wrong_credentials"
    assert accounts["acme"]["reads"] == 0


def test_missing_credentials_are_a_usage_error(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable that is missing is named; exit 2."""
    monkeypatch.delenv("FOLLOWGUARD_ACME_ACCESS_TOKEN")
    code, accounts = company.nightly("--account", "acme")
    assert code == 2
    assert "FOLLOWGUARD_ACME_ACCESS_TOKEN" in accounts["acme"]["errors"][0]["message"]


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
    """Without --json: one block an account on stdout, progress on stderr."""
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
    gone = NewModel(
        name="house-1",
        group="house",
        origin=Origin.RETRAIN,
        content_sha256="a" * 64,
        file_sha256="b" * 64,
        feature_schema="c" * 64,
        parent="d" * 64,
        export_sha256="e" * 64,
        genuine=20,
        spam=5,
        newest_decision=25,
        gate={},
        created_at=START,
    )
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


@pytest.mark.parametrize(("account", "exchange"), [(900.0, 1.0), (2.0, 60.0)], ids=["exchange", "account"])
def test_a_night_on_a_dribbling_x_ends_and_keeps_what_was_read(
    company: Company, monkeypatch: pytest.MonkeyPatch, account: float, exchange: float
) -> None:
    """The second page comes byte by byte: the first is on record, the account's night is for later."""
    from followguard.adapters.x_retry import Allowance, Patience
    from followguard.adapters.x_session import Timeouts

    def hasty() -> Patience:
        return Patience(tries=1, timeouts=Timeouts(whole=exchange), account=Allowance(account))

    company.nightly()
    before = company.recorded("acme")
    company.sandbox.set_faults(
        [
            {"on": "followers", "fault": "short_page", "account": "acme", "times": 0},
            {"on": "followers", "fault": "drip_body", "account": "acme", "after": 1, "times": 0, "seconds": 30},
        ]
    )
    brought = company.next_night()["acme"]["new"]
    monkeypatch.setattr("followguard.bootstrap.nights.patience", hasty)
    code, nights = company.nightly()
    assert (code, nights["acme"]["status"], nights["widgets"]["status"]) == (3, "later", "done")
    assert nights["acme"]["new"] > 0
    assert len(company.recorded("acme")) == len(before) + nights["acme"]["new"]
    assert {error["code"] for error in nights["acme"]["errors"]} <= {"platform_down", "time"}
    company.sandbox.set_faults([])
    assert company.nightly()[0] == 0
    assert set(company.followers("acme")[:brought]) <= company.recorded("acme")


def test_what_went_wrong_is_said_once_with_whom_it_befell(capsys: pytest.CaptureFixture[str]) -> None:
    """One budget for two accounts is one line; nobody's name stands twice in front of it."""
    from followguard.cli.nightly import print_errors
    from followguard.domain.night import Receipt
    from followguard.errors import BudgetUsedUp, XError

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
