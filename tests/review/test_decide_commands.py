"""approve, reject, later and undo on the command line: rows, exit codes, and what they refuse."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import Terminal, states_in


def test_decisions_print_their_row(desk: Any) -> None:
    """approve, reject, later and undo answer with item, account, follower, state and decision."""
    day = "2099-01-31"
    cases = (
        (("approve", "12"), "approved", "approve"),
        (("undo", "12"), "waiting", "undo"),
        (("reject", "12", "--reason", "spam"), "rejected", "reject"),
        (("undo",), "waiting", "undo"),
        (("later", "12", "--until", day), "later", "later"),
    )
    for args, state, decision in cases:
        done = desk("review", *args, "--by", "Ann", "--json")
        (row,) = done.json
        assert (done.code, row["account"], row["follower_id"], row["state"]) == (0, "acme", "12", state)
        assert row["decision"] == decision
        assert set(row) >= {"item", "account", "follower_id", "state", "decision"}


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("approve", "12", "13", "--by", "Ann"), 2, "Exactly one follower is approved at a time"),
        (("approve", "11", "--by", "Ann"), 2, "--account beta"),
        (("approve", "12"), 2, "--by"),
        (("approve", "12", "--by", "Nobody"), 2, "person add"),
        (("approve", "12", "--by", "Rea"), 2, "--role approver"),
        (("approve", "nobody", "--by", "Ann"), 1, "isn't a recorded follower"),
        (("approve", "nobody", "--by", "Nobody"), 2, "person add"),
        (("approve", "12", "--account", "beta", "--by", "Ann"), 1, "belongs to @acme"),
        (("approve", "12", "--account", "gamma", "--by", "Ann"), 2, "no account"),
        (("reject", "12", "--by", "Ann"), 2, "--reason"),
        (("reject", "12", "--reason", "ugly", "--by", "Ann"), 2, "not_relevant"),
        (("reject", "12", "--reason", "spam", "--real", "--by", "Ann"), 2, "--real"),
        (("later", "12", "--until", "2020-01-01", "--by", "Ann"), 2, "after today"),
        (("later", "12", "--until", "soon", "--by", "Ann"), 2, "isn't a date"),
        (("undo", "--by", "Ann"), 1, "no decision"),
        (("undo", "12", "--by", "Ann"), 1, "No decision"),
        (("show", "item:99"), 1, "no review item 99"),
        (("import", "nowhere.csv", "--by", "Ann"), 2, "can't be read"),
    ],
)
def test_what_is_refused(desk: Any, args: tuple[str, ...], code: int, says: str) -> None:
    """One line on stderr with the next step, the design's exit code, nothing on stdout, nothing half-done."""
    done = desk("review", *args)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert {row["state"] for row in desk("review", "list", "--all", "--json").json} == {"waiting"}


def test_decided_twice(desk: Any) -> None:
    """Exit 1: who decided what when, and the way back; a new approval is refused too."""
    desk("review", "reject", "12", "--reason", "spam", "--by", "Rea")
    for args in (("approve", "12"), ("reject", "12", "--reason", "spam"), ("later", "12", "--until", "2099-01-01")):
        done = desk("review", *args, "--by", "Ann")
        assert done.code == 1
        assert "Rea" in done.err
        assert "review undo item:2" in done.err


def test_several_rejections_partly_done(desk: Any) -> None:
    """Exit 3, errors as rows and on stderr; exit 1 when all failed."""
    done = desk("review", "reject", "12", "ghost", "13", "--reason", "not-relevant", "--real", "--by", "Rea", "--json")
    assert done.code == 3
    assert [row.get("state", row.get("error", {}).get("code")) for row in done.json] == [
        "rejected", "unknown_follower", "rejected"
    ]  # fmt: skip
    assert "ghost" in done.err
    again = desk("review", "reject", "12", "ghost", "--reason", "spam", "--by", "Rea")
    assert (again.code, again.out) == (1, "")


def test_a_whole_session_is_taken_back_by_one_command(desk: Any) -> None:
    """The session is told on stderr, a row each on stdout; a mixture is exit 3, and a link that is out says how."""
    for args in (("approve", "12"), ("reject", "13", "--reason", "spam"), ("approve", "21"), ("approve", "14")):
        assert desk("review", *args, "--by", "Ann").code == 0
    assert desk("follow-back", "--account", "beta").code == 0
    wrong = desk("review", "undo", "12", "--session", "--by", "Ann")
    assert (wrong.code, wrong.out) == (2, "")
    done = desk("review", "undo", "--session", "--by", "Ann", "--json")
    assert done.code == 3
    assert [row.get("follower_id") or row["error"]["code"] for row in done.json] == [
        "14",
        "already_decided",
        "13",
        "12",
    ]
    assert "4 decisions (3 approve, 1 reject)" in done.err
    assert "followguard review overrule item:" in done.err
    states = {row["follower_id"]: row["state"] for row in desk("review", "list", "--all", "--json").json}
    assert (states["12"], states["13"], states["14"], states["21"]) == ("waiting", "waiting", "waiting", "approved")
    assert desk("review", "undo", "--session", "--by", "Rea").code == 1


def test_a_session_is_taken_back_only_on_yes_at_a_terminal(desk: Any, tmp_path: Path) -> None:
    """Keys typed before the question are no answer."""
    assert desk("review", "reject", "12", "--reason", "spam", "--by", "Ann").code == 0
    for answer, state in ((b"n\n", "rejected"), (b"y\n", "waiting")):
        terminal = Terminal(tmp_path, "review", "undo", "--session", "--by", "Ann")
        terminal.press(b"y\ny\n")
        terminal.expect(b"Take all of it back?")
        terminal.press(answer)
        assert terminal.end() == 0
        assert state in states_in(tmp_path)
        assert len(set(states_in(tmp_path))) == (2 if state == "rejected" else 1)


@pytest.mark.parametrize(("until", "days"), [("+30", 30), ("Tomorrow", 1)])
def test_a_day_can_be_said_in_words(desk: Any, until: str, days: int) -> None:
    """The command takes what the desk takes, and repeats the date and the name."""
    done = desk("review", "later", "12", "--until", until, "--by", "Ann")
    day = (datetime.now(UTC) + timedelta(days=days)).date()
    assert done.out == f"item:2 @person_12 (follower 12 of @acme): put off until {day}\n"


def test_an_approval_beyond_todays_pace_says_its_day(desk: Any, tmp_path: Path) -> None:
    """An approval beyond the pace tells its day instead of "next: follow-back"; the hand-off list tells it too."""
    config = tmp_path / "followguard.toml"
    policy = "[accounts.acme.policy]\nmax_follow_backs_per_day = 1\norder_lapses_days = 1\n"
    config.write_text(config.read_text(encoding="utf-8") + policy, encoding="utf-8")
    first, second, third = (
        desk("review", "approve", each, "--account", "acme", "--by", "Ann") for each in ("11", "12", "13")
    )
    assert "Next: followguard follow-back" in first.out
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert f"Our pace lets the follow go on {tomorrow}." in second.out
    assert "Next:" not in second.out
    assert "That is in 2 days, at max_follow_backs_per_day = 1." in third.out
    listed = desk("follow-back", "--account", "acme", "--by", "Ann")
    assert "That is in 2 days" in listed.out
    document = desk("follow-back", "--account", "acme", "--by", "Ann", "--json").json
    assert "in 2 days" in document["accounts"][0]["warning"]
