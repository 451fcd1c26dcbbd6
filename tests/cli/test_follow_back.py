"""`followguard follow-back` as its user meets it, against the sandbox over real HTTP."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from followguard import bootstrap
from followguard.adapters.store.accounts import Accounts
from followguard.adapters.store.reading import Followers
from followguard.adapters.store.tables import items
from followguard.domain.utc_day import day_of
from followguard.jobs.budget import Spending
from followguard.jobs.ingest import Ingest, identify
from followguard.jobs.list_reading import ReadingTally
from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve

PLAN = SandboxPlan(
    accounts=tuple(
        AccountPlan(handle=handle, followers=5, mean_new=0, churn=QUIET, already_following=0)
        for handle in ("acme", "acme_labs")
    )
)
CONFIG = """
[accounts.acme]
training_basis = "none"
executor = "{executor}"
[accounts.acme_labs]
training_basis = "none"
"""


@dataclass
class Office:
    """Two accounts with approved followers: two of @acme, one of @acme_labs."""

    cli: Callable[..., Any]
    sandbox: Sandbox
    monkeypatch: pytest.MonkeyPatch
    folder: Path
    ids: list[str]
    labs: str
    now: Any = PLAN.start

    def executor(self, name: str) -> None:
        (self.folder / "followguard.toml").write_text(CONFIG.format(executor=name), encoding="utf-8")

    def without_credentials(self) -> None:
        for name in self.sandbox.environment():
            if name != "FOLLOWGUARD_X_API_URL":
                self.monkeypatch.delenv(name)

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.sandbox.set_clock(self.now)
        self.monkeypatch.setenv("FOLLOWGUARD_NOW", self.now.isoformat())

    def acme(self, *args: str) -> Any:
        done = self.cli("follow-back", "--account", "acme", "--json", *args)
        return done.code, done.json["accounts"][0]

    @property
    def followed(self) -> list[str]:
        truth: Any = self.sandbox.state()
        return list(truth["accounts"]["acme"]["following"])


@pytest.fixture
def office(installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Read by the real ingest, approved by Ann on the command line; everything happens at the sandbox's time."""
    with serve(PLAN) as sandbox:
        for name, text in (sandbox.environment() | {"FOLLOWGUARD_NOW": PLAN.start.isoformat()}).items():
            monkeypatch.setenv(name, text)
        one = Office(installed, sandbox, monkeypatch, tmp_path, [], "")
        one.executor("handoff")
        read = {handle: first_night(tmp_path / "followguard.toml", handle) for handle in ("acme", "acme_labs")}
        one.ids += read["acme"][:2]
        one.labs = next(i for i in read["acme_labs"] if i not in read["acme"])
        for follower_id, handle in [(i, "acme") for i in one.ids] + [(one.labs, "acme_labs")]:
            done = installed("review", "approve", follower_id, "--account", handle, "--by", "Ann", "--json")
            assert done.code == 0, done.err
        yield one


def first_night(config: Path, handle: str) -> list[str]:
    """Reads the account's followers and makes a card for each; returns those who aren't protected."""
    installation = bootstrap.load_installation(config)
    clock, settings = bootstrap.clock(installation), installation.account(handle)
    reader = bootstrap.open_reader(installation, handle, clock)
    with bootstrap.open_store(installation) as store:
        with store.begin() as work:
            account = Accounts(work).ensure(handle, clock())
        me = identify(store, reader, account, clock)
        spending = Spending.under(settings, installation.prices, installation.max_usd_per_month)
        Ingest(store=store, reader=reader, settings=settings, spending=spending, clock=clock, say=lambda _: None).run(
            account, me, ReadingTally()
        )
        with store.begin() as work:
            known = Followers(work).head(account.id, 99, 10)
            looks = Followers(work).latest(account.id, known)
            for follower_id in known:
                row = {"account_id": account.id, "follower_id": follower_id, "state": "waiting", "held_back": False}
                row |= {"audit": False, "updated_at": clock(), "due": day_of(clock())}
                work.connection.execute(insert(items).values(row))
    return [follower_id for follower_id in known if looks[follower_id].protected is not True]


def test_the_hand_off_list_has_the_links_and_says_as_whom(office: Office) -> None:
    """Both accounts, each with the account to be signed in as, and what to do next."""
    done = office.cli("follow-back", "--by", "Ann")
    assert done.code == 0
    for handle, follower_id in (("acme", office.ids[0]), ("acme", office.ids[1]), ("acme_labs", office.labs)):
        assert f"signed in to X as @{handle}." in done.out
        assert f"https://x.com/intent/follow?user_id={follower_id}" in done.out
    assert ' --as followed --by "Ann"' in done.out


def test_the_json_is_what_others_read(office: Office) -> None:
    """The keys of the contract, times in UTC, one document."""
    code, acme = office.acme()
    assert code == 0
    assert (acme["account"], acme["executor"], acme["sent"], acme["parked"], acme["skipped"]) == (
        "acme",
        "handoff",
        [],
        [],
        [],
    )
    link = acme["handed_off"][0]
    assert {"item", "follower_id", "username", "url", "checked_at"} <= set(link)
    assert link["checked_at"] == "2026-11-02T00:05:00Z"


def test_without_credentials_fresh_links_are_shown_and_stale_ones_are_not(office: Office) -> None:
    """A reviewer's machine: 24 hours after the reading the links are gone, and it says what to do."""
    office.without_credentials()
    assert len(office.acme()[1]["handed_off"]) == 2
    office.pass_time(hours=24, seconds=1)
    code, acme = office.acme()
    assert (code, acme["handed_off"]) == (1, [])
    assert "next nightly" in acme["skipped"][0]["why"]


def test_marking_what_was_done(office: Office) -> None:
    """followed waits for X, could-not brings the card back, and both leave the list."""
    office.acme()
    first = office.cli("follow-back", "mark", office.ids[0], "--as", "followed", "--by", "Ann", "--json").json
    assert (first["account"], first["order"]) == ("acme", "sent")
    second = office.cli("follow-back", "mark", office.ids[1], "--as", "could-not", "--by", "Ann")
    assert "back on the list" in second.out
    assert office.acme()[1]["handed_off"] == []
    waiting = office.cli("review", "list", "--account", "acme", "--json").json
    assert "could not follow" in next(row for row in waiting if row["follower_id"] == office.ids[1])["note"]


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("FIRST", "--as", "maybe", "--by", "Ann"), 2, "followed, could-not, skip"),
        (("FIRST", "--as", "followed"), 2, "No person was named"),
        (("FIRST", "--as", "followed", "--by", "Zoe"), 2, "person add"),
        (("FIRST", "--as", "followed", "--by", "Ray", "--account", "acme"), 2, "isn't an approver"),
        (("@nobody_at_all", "--as", "followed", "--by", "Ann"), 1, "isn't a recorded follower"),
        (("FIRST", "--as", "followed", "--account", "other", "--by", "Ann"), 2, "no account"),
    ],
)
def test_a_mark_that_cannot_be_is_one_line_with_the_next_step(
    office: Office, args: tuple[str, ...], code: int, says: str
) -> None:
    """Wrong word, nobody, no role, no such follower or account: refused, nothing changed."""
    assert office.cli("person", "add", "Ray", "--role", "reviewer", "--by", "Ann").code == 0
    done = office.cli("follow-back", "mark", *(office.ids[0] if arg == "FIRST" else arg for arg in args))
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert done.err.count("\n") == 1
    assert len(office.acme()[1]["handed_off"]) == 2


def test_a_mark_twice_is_refused(office: Office) -> None:
    """Exit 1, and where it stands."""
    office.acme()
    mark = ("follow-back", "mark", office.ids[0], "--as", "followed", "--by", "Ann")
    assert office.cli(*mark).code == 0
    assert office.cli(*mark).code == 1


def test_a_viewer_does_not_open_the_list(office: Office) -> None:
    """A name that is given must be a reviewer's at least; without a name anybody on this machine may."""
    assert office.cli("person", "add", "Vic", "--role", "viewer", "--by", "Ann").code == 0
    assert office.cli("follow-back", "--by", "Vic").code == 2


def test_the_api_executor_follows_and_nobody_twice(office: Office) -> None:
    """Two runs, two follows; the other account still gets its link."""
    office.executor("api")
    done = office.cli("follow-back", "--json").json["accounts"]
    assert [row["follower_id"] for row in done[0]["sent"]] == office.ids
    assert [row["follower_id"] for row in done[1]["handed_off"]] == [office.labs]
    assert office.acme()[1]["sent"] == []
    assert sorted(office.followed) == sorted(office.ids)


def test_the_api_executor_without_credentials_says_what_is_missing(office: Office) -> None:
    """Exit 2 alone; with another account that works it is a mixture, 3."""
    office.executor("api")
    office.without_credentials()
    code, acme = office.acme()
    assert (code, acme["errors"][0]["code"]) == (2, "missing_credentials")
    assert office.cli("follow-back").code == 3


def test_another_run_holds_the_lock(office: Office) -> None:
    """Exit 4, and no call; a hand-off needs no lock."""
    office.executor("api")
    installation = bootstrap.load_installation(office.folder / "followguard.toml")
    with bootstrap.open_store(installation) as store, store.lock("acme"):
        assert office.acme()[0] == 4
        assert office.followed == []
        assert office.cli("follow-back", "--account", "acme_labs").code == 0


def test_a_plan_level_403_becomes_links_in_the_same_run(office: Office) -> None:
    """Links, a line on stderr that says why, and from then on hand-off without a call."""
    office.executor("api")
    office.sandbox.set_faults([{"on": "follow", "fault": "feature_not_permitted", "times": 0}])
    code, acme = office.acme()
    assert (code, acme["executor"], len(acme["handed_off"])) == (3, "handoff", 2)
    again = office.acme()
    assert (again[0], again[1]["executor"]) == (0, "handoff")
    assert office.sandbox.state()["faults"][0]["seen"] == 1  # type: ignore[index]
    assert office.cli("account", "resume", "--account", "acme", "--by", "Ann", "--json").json["changed"] is True
    assert office.acme("--dry-run")[1]["executor"] == "dry-run"
    office.acme()
    assert office.cli("account", "list", "--json").json["accounts"][0]["executor"] == "api"


def test_a_dry_run_says_whom_and_changes_nothing(office: Office) -> None:
    """Nothing is handed off, nothing is called."""
    code, acme = office.acme("--dry-run")
    assert (code, acme["handed_off"], len(acme["would"])) == (0, [], 2)
    office.without_credentials()
    assert len(office.acme()[1]["handed_off"]) == 2


def test_a_paused_account_says_so(office: Office) -> None:
    """Exit 0 with the way back."""
    assert office.cli("account", "pause", "--account", "acme").code == 0
    code, acme = office.acme()
    assert (code, acme["handed_off"]) == (0, [])
    assert "account resume --account acme" in acme["skipped"][0]["why"]


def test_a_paused_account_says_so_in_words_and_an_approval_does_not_send_to_follow_back(office: Office) -> None:
    """Since when, how many wait, how to go on; and that again where somebody is approved meanwhile."""
    assert office.cli("account", "pause", "--account", "acme").code == 0
    done = office.cli("follow-back", "--account", "acme")
    assert "@acme is paused since 2026-11-02 00:05 UTC" in done.out
    assert "2 approved followers wait." in done.out
    assert "Nothing to follow today" not in done.out
    assert office.cli("review", "undo", office.ids[0], "--by", "Ann").code == 0
    approved = office.cli("review", "approve", office.ids[0], "--by", "Ann")
    assert "account resume --account acme" in approved.out
    assert "Next: followguard follow-back" not in approved.out


def test_a_mark_names_the_follower(office: Office) -> None:
    """By username too."""
    office.acme()
    username = office.cli("review", "show", office.ids[0], "--json", "--account", "acme").json["username"]
    done = office.cli("follow-back", "mark", office.ids[0], "--as", "followed", "--by", "Ann")
    assert f"@{username} (follower {office.ids[0]}) of @acme" in done.out


def test_unknown_accounts_are_refused(office: Office) -> None:
    """Exit 2 with the accounts that there are."""
    done = office.cli("follow-back", "--account", "acmee")
    assert (done.code, "Did you mean acme" in done.err) == (2, True)


def test_killed_with_kill_9_in_the_middle_of_a_follow(office: Office) -> None:
    """Invariant 6: X has followed, the process is gone before the answer; the next run follows nobody twice."""
    office.executor("api")
    office.sandbox.set_faults([{"on": "follow", "fault": "slow", "seconds": 60.0}])
    command = [sys.executable, "-m", "followguard", "follow-back", "--account", "acme"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("COV")}
    running = subprocess.Popen(
        command, cwd=office.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 30
        while not office.followed and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    first = office.followed
    assert len(first) == 1
    office.sandbox.set_faults([])
    code, acme = office.acme()
    assert (code, [row["follower_id"] for row in acme["confirmed"]], len(acme["sent"])) == (0, first, 1)
    assert sorted(office.followed) == sorted(office.ids)
    ledger: Any = office.sandbox.ledger()
    assert ledger["accounts"]["acme"]["total"]["follow"] == 2
    assert office.cli("prove", "--json").json["findings"] == []
