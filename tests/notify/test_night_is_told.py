"""A real night against the sandbox is told to real targets, and no target changes what the night comes to."""

import sqlite3
import time
from pathlib import Path

import pytest

from followguard.notify import delivery
from tests.builders.company import Company
from tests.builders.listening import Listener
from tests.notify.conftest import More

SECRET = "s3cr3t-t0ken"


def test_the_team_hears_what_waits(company: Company, told: More, listener: Listener) -> None:
    """By account: cards and minutes, spend and budget, trust; then the log's head and the desk. No profile data."""
    told(listener.target("team"), rest='[desk]\nurl = "https://desk.example.com"')
    done = company.cli("nightly", "--json")
    assert done.code == 0
    (text,) = listener.texts("team")
    listed = done.json["accounts"][0]["listed"]
    assert text.startswith("followguard: ")
    assert f"acme: {listed} cards, about 10 minutes" in text
    assert "widgets: 40 cards" in text
    assert "Spent today: $1.00 of $5.00" in text
    assert "This month: $1.40 of $50.00" in text
    assert "Trust: nothing was decided in 28 days" in text
    assert f"Head of the log: {done.json['log_head']}" in text
    assert text.endswith("Desk: https://desk.example.com")
    assert done.json["accounts"][1]["notified"] == [{"target": "json (1st of notify.targets)", "ok": True, "why": None}]
    names = [card["username"] for card in company.cli("review", "list", "--json").json]
    assert names
    assert not [name for name in names if name in text]


def test_failing_targets_are_in_the_receipt_and_change_nothing(
    company: Company, told: More, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refusing, dead, unknown, unset: exit 0 all the same, the others are told, and no secret stands anywhere."""
    monkeypatch.setenv("DEAD_CHAT", f"json://127.0.0.1:9/{SECRET}")
    told(listener.target(f"500/{SECRET}"), "DEAD_CHAT", f"nochat://{SECRET}", "NO_SUCH_CHAT", listener.target("team"))
    done = company.cli("nightly")
    assert done.code == 0
    assert len(listener.texts("team")) == 1
    assert "told         json (5th of notify.targets)" in done.out
    for said in (
        "Not told: json (1st of notify.targets): it answered with error 500",
        "Not told: json in DEAD_CHAT (2nd of notify.targets): it couldn't be reached, or refused",
        "Not told: nochat (3rd of notify.targets): apprise doesn't know such an address",
        "Not told: NO_SUCH_CHAT (4th of notify.targets): NO_SUCH_CHAT isn't set",
    ):
        assert said in done.err
    status = company.cli("status").out
    assert "not told     json (1st of notify.targets): it answered with error 500" in status
    with sqlite3.connect(company.folder / "followguard.db") as database:
        kept = str(database.execute("SELECT receipt FROM runs").fetchall()) + "".join(
            str(database.execute(f"SELECT * FROM {table}").fetchall()) for table in ("log_openings", "route_marks")
        )
    assert "it answered with error 500" in kept
    reports = "".join(path.read_text(encoding="utf-8") for path in (company.folder / "reports").iterdir())
    assert SECRET not in done.out + done.err + kept + reports + status


def test_a_hanging_target_ends_with_the_time_limit(
    company: Company, told: More, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night ends, and the receipt says that there was no answer."""
    monkeypatch.setattr(delivery, "SECONDS", 1.0)
    monkeypatch.setattr(delivery.deliver, "__defaults__", (1.0,))
    told(listener.target("hang"), listener.target("team"))
    began = time.monotonic()
    code, accounts = company.nightly()
    assert code == 0
    assert time.monotonic() - began < 60
    silent, fine = sorted(accounts["acme"]["notified"], key=lambda row: bool(row["ok"]))
    assert "no answer within 1 seconds" in silent["why"]
    assert fine["ok"]


def test_what_needs_somebody_is_told(
    company: Company, told: More, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pause, and a night whose credentials X refused; 3 is the night's own exit code."""
    told(listener.target("team"))
    company.cli("person", "add", "Ann", "--role", "owner")
    company.cli("account", "pause", "--account", "acme", "--by", "Ann")
    monkeypatch.setenv("FOLLOWGUARD_WIDGETS_ACCESS_TOKEN", SECRET)
    assert company.cli("nightly").code == 3
    (text,) = listener.texts("team")
    assert ", 2 things need somebody" in text
    assert "- following is paused since 2026-11-02; 0 follows wait" in text
    assert "- the night: failed (wrong_credentials)" in text


def test_a_rehearsal_tells_nobody(company: Company, told: More, listener: Listener) -> None:
    """--dry-run sends nothing and pings nobody."""
    told(listener.target("team"), keys=f'heartbeat = "http://{listener.address}/uuid"')
    assert company.cli("nightly", "--dry-run").code == 0
    assert (listener.messages, listener.paths) == ([], [])


def test_a_second_run_tells_again_and_a_night_of_one_account_tells_of_that_one(
    company: Company, told: More, listener: Listener
) -> None:
    """Each run has its message."""
    told(listener.target("team"))
    company.nightly()
    company.nightly("--account", "widgets")
    first, second = listener.texts("team")
    assert "acme: " in first
    assert "acme: " not in second
    assert "widgets: 40 cards" in second


def test_a_night_that_cant_begin_is_told(company: Company, told: More, listener: Listener) -> None:
    """A damaged database: the code, and where to look; none of the error's own words."""
    told(listener.target("team"), keys=f'heartbeat = "http://{listener.address}/uuid"')
    (company.folder / "followguard.db").write_bytes(b"not a database" * 500)
    done = company.cli("nightly")
    assert done.code != 0
    (text,) = listener.texts("team")
    assert "The night couldn't begin: " in text
    assert str(Path(company.folder)) not in text
    assert listener.paths == ["/uuid/start", f"/uuid/{done.code}"]


def test_the_watcher_hears_the_exit_code(company: Company, told: More, listener: Listener) -> None:
    """Start and end; the receipt says how it went."""
    told(keys=f'heartbeat = "http://{listener.address}/uuid"')
    done = company.cli("nightly", "--json")
    assert done.json["heartbeat"] == {"ok": True, "why": None}
    assert listener.paths == ["/uuid/start", "/uuid/0"]


def test_a_watcher_that_fails_changes_nothing(company: Company, told: More) -> None:
    """Nobody listens there: said on stderr and in the receipt, without the address."""
    told(keys=f'heartbeat = "http://127.0.0.1:9/{SECRET}"')
    done = company.cli("nightly", "--json")
    assert (done.code, done.json["heartbeat"]["ok"]) == (0, False)
    assert "The heartbeat failed: it couldn't be reached. The night goes on." in done.err
    assert SECRET not in done.out + done.err
