"""Lists that end early, by the command line and real HTTP: what the user reads, and who is on record in the end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.sandbox import QUIET, AccountPlan, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.builders.sandboxes import point_at

CONFIG = """
max_usd_per_month = 500.0
[accounts.acme]
training_basis = "none"
[accounts.acme.policy]
max_usd_per_night = 50.0
"""


class Street:
    """One account with 300 followers and about 120 new ones a night, and an installation that reads it."""

    def __init__(self, cli: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cli, self.sandbox, self._monkeypatch, self.now = cli, sandbox, monkeypatch, START
        point_at(sandbox, monkeypatch, START)

    def next_night(self) -> int:
        """A day later; how many are new."""
        self.now += timedelta(days=1)
        self._monkeypatch.setenv("FOLLOWGUARD_NOW", self.now.isoformat())
        return int(self.sandbox.next_night(self.now)["accounts"]["acme"]["new"])

    def fault(self, *faults: dict[str, Any]) -> None:
        """These from now on, for ever."""
        self.sandbox.set_faults([{"on": "followers", "times": 0} | each for each in faults])

    def nightly(self) -> tuple[int, dict[str, Any]]:
        """Exit code and the account's object."""
        done = self.cli("nightly", "--json")
        return done.code, done.json["accounts"][0]

    def newest(self, number: int) -> set[str]:
        """Ids of the newest followers, by the sandbox's own record."""
        return {row["id"] for row in self.sandbox.state()["accounts"]["acme"]["followers"][:number]}

    def carded(self) -> set[str]:
        """Ids on a card, in whatever state."""
        return {row["follower_id"] for row in self.cli("review", "list", "--all", "--limit", "0", "--json").json}


@pytest.fixture
def street(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """After its first night."""
    (tmp_path / "followguard.toml").write_text(CONFIG, encoding="utf-8")
    plan = AccountPlan(handle="acme", followers=300, mean_new=120, attacks=(), churn=QUIET)
    with serve(SandboxPlan(accounts=(plan,), seed=11), elapsed=lambda: 0.0) as sandbox:
        street = Street(cli, sandbox, monkeypatch)
        assert cli("db", "upgrade").code == 0
        assert street.nightly()[0] == 0
        yield street


def test_an_early_end_is_said_and_nobody_is_lost(street: Street) -> None:
    """40 of all new ones: partial, exit 3, the forty are on cards; the next night finds the others and pays for few."""
    came = street.next_night()
    street.fault({"fault": "list_ends", "number": 40})
    code, night = street.nightly()
    assert (code, night["status"], night["new"], night["scored"]) == (3, "partial", 40, 40)
    assert [error["code"] for error in night["errors"]] == ["list_ended_early"]
    assert street.newest(40) <= street.carded()
    assert "partial" in street.cli("status").out
    street.fault()
    came += street.next_night()
    code, night = street.nightly()
    assert (code, night["status"], night["new"]) == (0, "done", came - 40)
    assert night["reads"] <= came + 3
    assert street.newest(came) <= street.carded()


def test_an_empty_page_that_is_the_last(street: Street) -> None:
    """The first page is full, the second has neither rows nor a token; three nights long, and then all are found."""
    came = 0
    for _ in range(3):
        came += street.next_night()
        street.sandbox.set_faults(
            [
                {"on": "me", "fault": "count_lags", "times": 0},
                {"on": "followers", "fault": "empty_end", "after": 1, "times": 0},
            ]
        )
        code, night = street.nightly()
        assert (code, [error["code"] for error in night["errors"]]) == (3, ["list_ended_early"])
    street.fault()
    came += street.next_night()
    assert street.nightly()[0] == 0
    assert street.newest(came) <= street.carded()


def test_a_reconcile_of_a_list_that_ends_early(street: Street) -> None:
    """Everybody is known; the list ends at 180 of 300: nobody left, one JSON document, exit 3."""
    assert street.cli("reconcile", "--max-usd", "20", "--json").code == 0
    street.fault({"fault": "list_ends", "number": 180})
    done = street.cli("reconcile", "--max-usd", "20", "--json")
    assert (done.code, done.json["left"], done.json["finished"]) == (3, 0, False)
    assert [error["code"] for error in done.json["errors"]] == ["list_ended_early"]


def test_a_reconcile_asks_about_whoever_isn_t_in_the_list(street: Street) -> None:
    """Ten left and two were suspended; six look-ups are paid for, and the next run makes the others."""
    assert street.cli("reconcile", "--max-usd", "20", "--json").code == 0
    everybody = [row["id"] for row in street.sandbox.state()["accounts"]["acme"]["followers"]]
    for follower_id in everybody[100:110]:
        street.sandbox.intervene("leave", follower_id, "acme")
    for follower_id in everybody[:2]:
        street.sandbox.intervene("suspend", follower_id, "acme")
    street.next_night()
    new = len(street.sandbox.state()["accounts"]["acme"]["followers"]) - 290
    first = street.cli("reconcile", "--max-usd", str(round((288 + new) * 0.01 + 0.06, 2)), "--json")
    assert (first.code, first.json["lookups"], first.json["unseen"], first.json["finished"]) == (75, 6, 6, False)
    plain = street.cli("reconcile", "--max-usd", "0.01")
    assert "are still to be looked up" in plain.out
    second = street.cli("reconcile", "--max-usd", "1", "--json")
    assert (second.code, second.json["reads"], second.json["unseen"], second.json["finished"]) == (0, 0, 0, True)
    assert second.json["errors"] == []
    assert street.nightly()[0] == 0
