"""`follow-back` by API on the command line: nobody twice, one run at a time, and links where X refuses."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

from followguard.cli.opened import load_installation, open_store
from tests.builders.office import Office


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
    installation = load_installation(office.folder / "followguard.toml")
    with open_store(installation) as store, store.lock("acme"):
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
