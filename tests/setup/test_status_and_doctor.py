"""Conclusions of status and doctor from the history of an installation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.config.file import load_installation
from followguard.domain.installation import Installation
from followguard.domain.run import Call
from followguard.errors import DamagedModel, PartlyDone
from followguard.reports.status import look
from followguard.setup.doctor import Doors, State, examine
from followguard.store.store import open_store
from followguard.testing import ListReader

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
DAY = timedelta(hours=26)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """One account."""
    path = tmp_path / "followguard.toml"
    path.write_text('[accounts.acme]\ntraining_basis = "none"\n', encoding="utf-8")
    return load_installation(path, {})


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Any]:
    """An empty database."""
    with open_store(sqlite_url) as opened:
        yield opened


def night(store: Any, started: datetime, status: str | None = "done") -> None:
    """A run of the nightly job that took ten minutes; None: it was killed."""
    with store.begin() as work:
        account = Accounts(work).ensure("acme", started)
        run = Runs(work).start(account.id, "nightly", started)
        if status:
            Runs(work).finish(run, status, {}, started + timedelta(minutes=10))


def doors(store: Any, now: datetime = NOW, **changed: Any) -> Doors:
    """Everything in order, but for what a test changes."""
    usual: dict[str, Any] = {
        "store": store,
        "clock": lambda: now,
        "missing_secrets": lambda _: [],
        "model_in_force": lambda _, __: "base-1",
        "open_reader": lambda handle: ListReader(handle, ["1", "2"]),
    }
    return Doors(**usual | changed)


def test_a_night_within_the_age_is_not_late(store, installation) -> None:
    """The age counts from the night's end; exactly the age is still in time, a second more is late."""
    night(store, NOW - DAY - timedelta(minutes=10))
    with store.begin() as work:
        assert look(work, installation, NOW, DAY).late == ()
        assert look(work, installation, NOW + timedelta(seconds=1), DAY).late == ("acme",)
        assert look(work, installation, NOW + DAY).late == ()


@pytest.mark.parametrize("status", ["partial", "failed", "later", None])
def test_only_a_complete_night_counts(store, installation, status: str | None) -> None:
    """A newer night that didn't finish is shown and doesn't hide that the last complete one is old."""
    night(store, NOW - 2 * DAY)
    night(store, NOW - timedelta(hours=1), status)
    with store.begin() as work:
        found = look(work, installation, NOW, DAY)
    assert found.late == ("acme",)
    assert found.accounts[0].last_complete == NOW - 2 * DAY + timedelta(minutes=10)
    assert found.accounts[0].last_night is not None
    assert found.accounts[0].last_night["status"] == (status or "unfinished")


def test_money_is_counted_by_utc_day_and_month(store, installation) -> None:
    """Tonight's is the day's own, the month's holds the days before; last month's counts for nothing."""
    with store.begin() as work:
        account = Accounts(work).ensure("acme", NOW)
        for day, profile in ((NOW, "1"), (NOW - timedelta(days=3), "2"), (NOW - timedelta(days=30), "3")):
            Runs(work).charge(account.id, Call(name="followers", requests=1, ids=(profile,), returned=1), 10_000, day)
        found = look(work, installation, NOW)
    assert found.accounts[0].spent_tonight_usd == pytest.approx(0.01)
    assert found.spent_this_month_usd == pytest.approx(0.02)


def test_a_clock_that_is_behind_is_found(store, installation) -> None:
    """The last night began later than it is now: exit 1 in the morning, not a bill twice."""
    night(store, NOW + timedelta(days=1))
    found = {each.check: each.state for each in examine(installation, doors(store))}
    assert found["clock"] is State.FAIL
    found = {each.check: each.state for each in examine(installation, doors(store, NOW + 2 * DAY))}
    assert found["clock"] is State.OK


def test_the_age_of_the_facts(store, installation) -> None:
    """180 days are fresh, 181 are not."""
    read_on = datetime(2026, 8, 22, 12, tzinfo=UTC)
    found = {each.check: each.state for each in examine(installation, doors(store, read_on + timedelta(days=180)))}
    assert found["prices"] is State.OK
    found = {each.check: each.state for each in examine(installation, doors(store, read_on + timedelta(days=181)))}
    assert found["prices"] is State.WARN


def test_a_damaged_model_is_a_finding(store, installation) -> None:
    """A damaged model is a finding, with the next step of the error."""

    def damaged(_: str, __: Any) -> str:
        raise DamagedModel("The file isn't the one on record.", "Install it again.")

    findings = examine(installation, doors(store, model_in_force=damaged))
    (found,) = [each for each in findings if each.check == "model"]
    assert (found.state, found.next_step, found.account) == (State.FAIL, "Install it again.", "acme")


def test_a_champion_that_cant_serve_is_a_warning(store, installation) -> None:
    """The night goes on with another model, so it is no failure; the next step is the error's."""

    def fell_back(_: str, tell: Any) -> str:
        tell(PartlyDone("house-2 is damaged; house-1 serves instead.", "Run rebuild."))
        return "house-1"

    (found,) = [each for each in examine(installation, doors(store, model_in_force=fell_back)) if each.check == "model"]
    assert (found.state, found.next_step) == (State.WARN, "Run rebuild.")


def test_x_is_asked_only_when_told_to(store, installation) -> None:
    """Offline no reader is opened; online the credentials must be those of the account."""

    def nobody(_: str) -> Any:
        raise AssertionError("X was called")

    examine(installation, doors(store, open_reader=nobody))
    online = {each.check: each for each in examine(installation, doors(store), online=True)}
    assert "2 followers" in online["rights on X"].text
    other = doors(store, open_reader=lambda _: ListReader("rival", []))
    found = {each.check: each.state for each in examine(installation, other, online=True)}
    assert found["rights on X"] is State.FAIL
