"""`followguard review` as its users meet it: exit codes, JSON, tables, the desk with piped and with pressed keys."""

import csv
import io
import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.testing import RuleScorer, made_up_profile, record_followers

KEYS = {
    "item", "account", "follower_id", "username", "name", "bio", "band", "p_spam", "state", "held_back", "audit",
    "batch", "due", "reasons", "base_logit", "profile_url", "first_seen_at", "model",
}  # fmt: skip
EVIL = "Ann \x1b[31mRed\x1b[0m\u202e\u200b"
SCORES = {"11": 0.02, "12": 0.05, "13": 0.4, "14": 0.97, "21": 0.03}


@pytest.fixture
def desk(installed: Any, tmp_path: Path) -> Any:
    """Four cards of acme, one of beta; 11 follows both. Ann is owner, Rea a reviewer."""
    from followguard import bootstrap
    from followguard.jobs.queue import queue_account
    from followguard.jobs.score import score_account

    both = (
        '[accounts.acme]\ntraining_basis = "none"\n[[accounts.acme.routes]]\nname = "press"\nbio = ["maps"]\n'
        '[accounts.beta]\ntraining_basis = "none"\n'
    )
    (tmp_path / "followguard.toml").write_text(both, encoding="utf-8")
    assert installed("person", "add", "Rea", "--role", "reviewer", "--by", "Ann").code == 0
    installation = bootstrap.load_installation("followguard.toml")
    now = datetime.now(UTC)
    with bootstrap.open_store(installation) as store:
        for handle, ids in (("acme", ("11", "12", "13", "14")), ("beta", ("11", "21"))):
            profiles = [replace(made_up_profile(i, now), name=EVIL if i == "13" else f"Name {i}") for i in ids]
            account = record_followers(store, handle, profiles, now)
            policy = installation.accounts[handle].policy
            score_account(store, account, policy, RuleScorer(lambda p: SCORES[p.id]), now)
            queue_account(store, account, policy, now, 0)
    return installed


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Answers piped in, one a line."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_list_has_every_key_of_the_design(desk: Any) -> None:
    """One JSON document and nothing else; genuine before unsure before spam."""
    done = desk("review", "list", "--json")
    assert (done.code, done.err) == (0, "")
    assert [row["follower_id"] for row in done.json] == ["11", "11", "21", "12", "13", "14"]
    assert all(set(row) >= KEYS for row in done.json)
    first = done.json[0]
    assert (first["band"], first["state"], first["held_back"], first["audit"]) == ("genuine", "waiting", False, False)
    assert first["reasons"] == [
        {"code": "rule", "text": "what the test says", "weight": pytest.approx(-3.89, abs=0.01)}
    ]
    assert first["profile_url"] == "https://x.com/person_11"
    assert first["first_seen_at"].endswith("Z")


def test_list_filters(desk: Any) -> None:
    """Account, band, state and limit; an unknown word is exit 2 with the choices."""
    assert len(desk("review", "list", "--json", "--account", "beta").json) == 2
    assert [r["follower_id"] for r in desk("review", "list", "--json", "--band", "spam").json] == ["14"]
    assert desk("review", "list", "--json", "--state", "rejected").json == []
    assert len(desk("review", "list", "--json", "--limit", "3").json) == 3
    assert len(desk("review", "list", "--json", "--limit", "0", "--all").json) == 6
    for wrong in (("--band", "nice"), ("--state", "open"), ("--account", "gamma"), ("--limit", "-1")):
        done = desk("review", "list", *wrong)
        assert (done.code, done.out) == (2, "")
        assert len(done.err.strip().splitlines()) == 1


def test_text_from_x_cannot_steer_the_terminal(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escape sequences, overrides and what is invisible never reach the screen raw."""
    typed(monkeypatch, "q")
    shown = [desk("review", "list"), desk("review", "show", "13"), desk("review", "--by", "Ann")]
    for done in shown:
        assert not any(letter in done.out for letter in "\x1b\u202e\u200b")
    assert "␛[31mRed" in shown[1].out


def test_show_tells_everything(desk: Any) -> None:
    """Profile, reasons with weights, routes, history, order and the other account."""
    desk("review", "approve", "12", "--by", "Ann")
    done = desk("review", "show", "@PERSON_12")
    for words in ("follower 12 of @acme", "Gardens", "genuine, 5 % spam", "tell: press", "Ann approved", "order"):
        assert words in done.out, words
    full = desk("review", "show", "item:1", "--json").json
    assert (full["routes"], full["elsewhere"][0]["account"]) == (["press"], "beta")
    assert desk("review", "show", "12", "--json").json["history"][0]["by"] == "Ann"


def test_second_look_lists_where_people_differ(desk: Any) -> None:
    """Ann approved whom Ben rejected on another account's card: one row for each card, and what to do about it."""
    assert desk("review", "second-look", "--json").json == []
    assert "No decision looks like a slip." in desk("review", "second-look").out
    desk("person", "add", "Ben", "--role", "approver", "--by", "Ann")
    desk("review", "approve", "11", "--account", "acme", "--by", "Ann")
    desk("review", "reject", "11", "--account", "beta", "--reason", "spam", "--by", "Ben")
    rows = desk("review", "second-look", "--json").json
    assert {(row["account"], row["label"], row["by"]) for row in rows} == {
        ("acme", "genuine", "Ann"),
        ("beta", "spam", "Ben"),
    }
    assert {why["code"] for row in rows for why in row["why"]} == {"people_disagree"}
    assert [row["account"] for row in desk("review", "second-look", "--account", "beta", "--json").json] == ["beta"]
    done = desk("review", "second-look", "--limit", "1")
    assert "Ann said genuine" in done.out
    assert "review overrule item:1 --reason spam" in done.err


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


def test_export_and_import(desk: Any, tmp_path: Path) -> None:
    """Out, two answers filled in and one approval, back in: two decided, one refused with its line, exit 3."""
    assert desk("review", "export", "list.csv", "--account", "acme", "--json").json == {"file": "list.csv", "rows": 4}
    path = tmp_path / "list.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert desk("review", "import", "list.csv", "--by", "Ann").code == 0
    rows[0].update(decision="approve")
    rows[1].update(decision="reject", reason="competitor", real="x")
    rows[2].update(decision="later", until="2099-05-05")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = desk("review", "import", "list.csv", "--by", "Ann", "--json")
    assert done.code == 3
    assert "Line 2" in done.err
    states = {row["follower_id"]: row["state"] for row in desk("review", "list", "--all", "--json").json}
    assert (states["12"], states["13"], states["11"]) == ("rejected", "later", "waiting")


def test_an_export_keeps_a_file_that_is_there(desk: Any, tmp_path: Path) -> None:
    """Somebody's answers may be in it; --force overwrites. Excel's mark is in front, reasons have their direction."""
    path = tmp_path / "list.csv"
    path.write_text("mine", encoding="utf-8")
    refused = desk("review", "export", "list.csv")
    assert (refused.code, refused.out, path.read_text(encoding="utf-8")) == (2, "", "mine")
    assert "--force" in refused.err
    assert desk("review", "export", "list.csv", "--force").code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbfitem,")
    assert "genuine: what the test says" in path.read_text(encoding="utf-8-sig")


def test_a_column_filled_down_is_told_in_one_line(desk: Any, tmp_path: Path) -> None:
    """Six approvals: how many, the first lines, why, and the way for one of them; the JSON still has each row."""
    rows = "".join(f"{item},approve\n" for item in range(1, 7))
    (tmp_path / "list.csv").write_text(f"item,decision\n{rows}", encoding="utf-8")
    done = desk("review", "import", "list.csv", "--by", "Ann")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert "6 rows (lines 2, 3, 4, 5, 6 and 1 more): Approvals aren't taken from a file" in done.err
    assert "review approve item:1" in done.err
    assert len(desk("review", "import", "list.csv", "--by", "Ann", "--json").json) == 6


def test_a_whole_session_is_taken_back_by_one_command(desk: Any) -> None:
    """What it was goes to stderr, a row each to stdout; a mixture is exit 3, and the link that is out names its way."""
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
    """What was typed before the question is no answer."""
    assert desk("review", "reject", "12", "--reason", "spam", "--by", "Ann").code == 0
    for answer, state in ((b"n\n", "rejected"), (b"y\n", "waiting")):
        terminal = Terminal(tmp_path, "review", "undo", "--session", "--by", "Ann")
        terminal.press(b"y\ny\n")
        terminal.expect(b"Take all of it back?")
        terminal.press(answer)
        assert terminal.end() == 0
        assert state in states_in(tmp_path)
        assert len(set(states_in(tmp_path))) == (2 if state == "rejected" else 1)


def test_a_sheet_as_excel_writes_it_twice(desk: Any, tmp_path: Path) -> None:
    """`sep=;`, 1.0 for an item, capital headings, a column of one's own: decided once, and exit 0 both times."""
    desk("review", "export", "list.csv", "--account", "acme")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second, *_ = csv.DictReader(file)
    heads = "sep=;\r\nItem;Follower id;Username;Decision;Reason;Comment\r\n"
    answered = f"{first['item']}.0;{first['follower_id']};{first['username']};reject;spam;seen\r\n"
    open_yet = f"{second['item']};{second['follower_id']};{second['username']};;;\r\n;;;;;\r\n"
    (tmp_path / "list.csv").write_bytes((heads + answered + open_yet).encode("utf-8-sig"))
    done = desk("review", "import", "list.csv", "--by", "Ann")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert "columns that aren't read: Comment." in done.err
    assert "1 row without a single cell passed over." in done.err
    assert done.err.endswith("2 rows: 1 decided, 1 without a decision.\n")
    again = desk("review", "import", "list.csv", "--by", "Ann")
    assert again.code == 0
    assert "rejected already" in again.out
    assert again.err.endswith("2 rows: 1 as the row says already, 1 without a decision.\n")
    (row,) = desk("review", "import", "list.csv", "--by", "Ann", "--json").json
    assert row["already"] is True


# --- the desk ---------------------------------------------------------------------------------------------------------
def test_the_desk_with_piped_answers(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reject, undo, later, skip, quit: each is saved, and the end says how things stand; nothing is handed off."""
    assert desk("review", "approve", "12", "--by", "Ann").code == 0
    typed(monkeypatch, "?", "o", "r", "u", "N", "l 2099-01-31", "s", "z", "q", "y")
    done = desk("review", "--plain", "--by", "Ann")
    assert done.code == 0, done.err
    for words in (
        "u  undo", "https://x.com/person_11", "Rejected: spam.", "Taken back: item:",
        "Rejected: not relevant for us, a real account.", "Put off until 2099-01-31.", "No such key",
        "Ann decided: 1 later, 1 reject.", "still due today", "followguard follow-back",
    ):  # fmt: skip
        assert words in done.out, words
    assert "intent/follow" not in done.out
    states = sorted(row["state"] for row in desk("review", "list", "--all", "--json").json)
    assert states == ["approved", "later", "rejected", "waiting", "waiting", "waiting"]


def test_the_desk_at_the_end_of_its_input(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipe ends in the middle: what was decided stays, no card stays claimed, nothing is handed off unasked."""
    typed(monkeypatch, "r")
    done = desk("review", "--by", "Ann")
    assert done.code == 0
    assert "Ann decided: 1 reject." in done.out
    assert "Do it now?" not in done.out
    states = [row["state"] for row in desk("review", "list", "--all", "--json").json]
    assert sorted(states) == ["rejected"] + ["waiting"] * 5


@pytest.mark.parametrize(("answers", "code"), [(["a"] * 60, 2), (["r", *["a"] * 60], 3)])
def test_no_approval_comes_through_a_pipe(
    desk: Any, monkeypatch: pytest.MonkeyPatch, answers: list[str], code: int
) -> None:
    """`yes a | followguard review`: nobody is approved, it says so and how to, and what else was piped in is done."""
    typed(monkeypatch, *answers)
    done = desk("review", "--by", "Ann")
    assert done.code == code
    assert done.err.count("No approval is taken through a pipe") == 1
    assert "review approve item:N" in done.err
    assert f"{6 - answers.count('r')} approvals through a pipe not taken" in done.err
    states = {row["state"] for row in desk("review", "list", "--all", "--json").json}
    assert states == ({"waiting"} if code == 2 else {"rejected", "waiting"})


def test_a_slip_at_the_desk_keeps_the_card(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date in the past, an undo of nothing: said, and the same card is asked again."""
    typed(monkeypatch, "l 2001-01-01", "u", "l", "", "q")
    done = desk("review", "--by", "Rea")
    assert done.code == 0
    assert all(words in done.err for words in ("isn't a day after today", "no decision"))
    assert "Rea decided: 1 later." in done.out
    assert done.out.count("@acme: Name 11") == 1


def test_a_reviewer_who_approves_keeps_the_card(desk: Any, tmp_path: Path) -> None:
    """Said, and the same card is asked again."""
    terminal = Terminal(tmp_path, "review", "--by", "Rea")
    for key, answer in ((b"a", b"isn't an approver"), (b"r", b"Rejected: spam."), (b"q", b"Rea decided")):
        terminal.expect(b"q quit")
        terminal.press(key)
        terminal.expect(answer)
    assert states_in(tmp_path) == ["rejected"] + ["waiting"] * 5


def test_the_desk_ends_by_offering_the_hand_off(desk: Any, tmp_path: Path) -> None:
    """Neither a slip, nor an empty line, nor keys typed before decide; yes gives the links that `follow-back` gives."""
    terminal = Terminal(tmp_path)
    terminal.expect(b"q quit")
    terminal.press(b"a")
    terminal.expect(b"q quit")
    terminal.press(b"qyyyy")
    for key in (b"x", b"\n", b"y"):
        terminal.expect(b"y / n")
        terminal.press(key)
    assert b"https://x.com/intent/follow?user_id=11" in terminal.rest()


def test_nobody_in_particular_has_no_desk(desk: Any) -> None:
    """A person is needed, and a role."""
    desk("person", "add", "Vic", "--role", "viewer", "--by", "Ann")
    for by, says in ((), "--by"), (("--by", "Nobody"), "person add"), (("--by", "Vic"), "reviewer"):
        done = desk("review", *by)
        assert done.code == 2
        assert says in done.err


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_the_list_is_a_table_as_wide_as_the_terminal(desk: Any, tmp_path: Path, width: int) -> None:
    """A row a card, none longer than the terminal, each username in one piece."""
    shown = Terminal(tmp_path, "review", "list", COLUMNS=str(width)).rest().decode()
    rows = [line for line in shown.splitlines() if "@person_" in line]
    assert len(rows) == 6
    assert all(len(line) <= width for line in rows)
    assert all(f"@person_{n}" in shown for n in (11, 12, 13, 14, 21))
    assert ("what the test says" in shown) == (width >= 80)


def test_a_list_longer_than_the_terminal_goes_through_the_pager(desk: Any, tmp_path: Path) -> None:
    """PAGER gets it, whole; with --no-pager, with room for it, or with nobody at the terminal, it is printed."""
    pager = {"PAGER": f"cat > {tmp_path / 'paged'}", "LINES": "6"}
    shown = Terminal(tmp_path, "review", "list", **pager).rest().decode()
    paged = (tmp_path / "paged").read_text(encoding="utf-8")
    assert paged.count("@person_") == 6
    assert "@person_" not in shown
    assert "followguard review" in shown
    for args, environment in ((("--no-pager",), pager), ((), pager | {"LINES": "40"})):
        (tmp_path / "paged").unlink(missing_ok=True)
        printed = Terminal(tmp_path, "review", "list", *args, **environment).rest().decode()
        assert printed.count("@person_") == 6
        assert not (tmp_path / "paged").exists()


def test_in_a_pipe_nothing_is_cut(desk: Any) -> None:
    """Each card is one line with its whole name and reason."""
    lines = desk("review", "list").out.splitlines()
    assert len(lines) == 7
    assert lines[0].split() == ["item", "follower", "band", "spam", "account", "why"]
    assert "@person_11 Name 11" in lines[1]
    assert "what the test says" in lines[1]


class Terminal:
    """A command, the desk unless told otherwise, on a terminal of its own, typed at by a test."""

    def __init__(self, folder: Path, *args: str, stdout: int | None = None, **variables: str) -> None:
        pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
        self.ours, theirs = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FOLLOWGUARD_")} | {"TERM": "xterm"}
        environment |= {"COLUMNS": "80"} | variables
        command = [sys.executable, "-m", "followguard", *(args or ("review", "--by", "Ann"))]
        self.child = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            pass_fds=(theirs,) if stdout is None else (theirs, stdout),
            preexec_fn=lambda: self._sit_down(theirs, stdout),  # noqa: PLW1509 - no thread runs yet
        )
        os.close(theirs)
        self.unread = b""

    @staticmethod
    def _sit_down(theirs: int, stdout: int | None) -> None:
        os.login_tty(theirs)
        if stdout is not None:
            os.dup2(stdout, 1)

    def expect(self, words: bytes) -> None:
        """Reads up to these words, for at most half a minute."""
        deadline = time.monotonic() + 30
        while words not in self.unread:
            ready, _, _ = select.select([self.ours], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{words!r} never came: {self.unread!r}"
            self.unread += os.read(self.ours, 65_536)
        self.unread = self.unread.partition(words)[2]

    def rest(self) -> bytes:
        """Everything up to the end of the program."""
        with suppress(OSError):  # how a pseudo-terminal says that nobody writes any more
            while more := os.read(self.ours, 65_536):
                self.unread += more
        assert self.end() == 0
        return self.unread

    def press(self, key: bytes) -> None:
        """One key, without Enter."""
        os.write(self.ours, key)

    def end(self) -> int:
        """The exit code, once the program is over."""
        try:
            return self.child.wait(30)
        finally:
            self.child.kill()
            os.close(self.ours)


def states_in(folder: Path) -> list[str]:
    """The states of all cards, sorted, from a process of their own."""
    command = [sys.executable, "-m", "followguard", "review", "list", "--all", "--json"]
    out = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60).stdout
    return sorted(row["state"] for row in json.loads(out))


def test_one_key_is_enough_at_a_terminal(desk: Any, tmp_path: Path) -> None:
    """No Enter: `r`, `u`, `a`, `q`, and no to the hand-off."""
    terminal = Terminal(tmp_path)
    for key, answer in ((b"r", b"Rejected"), (b"u", b"Taken back"), (b"a", b"Approved"), (b"q", b"y / n")):
        terminal.expect(b"q quit")
        terminal.press(key)
        terminal.expect(answer)
    terminal.press(b"n")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["approved"] + ["waiting"] * 5


def test_arrows_and_foreign_letters_decide_nothing(desk: Any, tmp_path: Path) -> None:
    """An arrow (whose last letter would be a key) and a letter of another alphabet; then a date."""
    terminal = Terminal(tmp_path)
    for key, answer in (
        (b"r", b"Rejected"),
        (b"n", b"not relevant"),
        (b"\x1b[C", b"No such"),
        ("ж".encode(), b"No such"),
    ):
        terminal.expect(b"q quit")
        terminal.press(key)
        terminal.expect(answer)
    terminal.expect(b"q quit")
    terminal.press(b"l")
    terminal.expect(b"Until which day?")
    terminal.press(b"2099-01-31\n")
    terminal.expect(b"q quit")
    terminal.press(b"\x04")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["later", "rejected", "rejected", "waiting", "waiting", "waiting"]


def test_a_bad_date_is_asked_again_and_what_was_typed_ahead_is_thrown_away(desk: Any, tmp_path: Path) -> None:
    """Two dates that are none, with keys after them: nobody is rejected; then Esc, then `+7`."""
    terminal = Terminal(tmp_path)
    terminal.expect(b"q quit")
    terminal.press(b"l")
    terminal.expect(b"Until which day?")
    terminal.press(b"next week\nrrr")
    terminal.expect(b"isn't a date")
    terminal.expect(b"Until which day?")
    terminal.press(b"2001-01-01\n")
    terminal.expect(b"isn't a day after today")
    terminal.expect(b"Until which day?")
    terminal.press(b"20\x1b[C")
    terminal.expect(b"Not put off.")
    terminal.expect(b"q quit")
    terminal.press(b"l")
    terminal.expect(b"Until which day?")
    terminal.press(b"+7\n")
    terminal.expect(b"Put off until")
    terminal.expect(b"q quit")
    terminal.press(b"q")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["later"] + ["waiting"] * 5


def test_a_bad_date_is_asked_again_where_answers_are_piped(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows the question is its answer until it is a day; Enter takes a week, `tomorrow` is a day too."""
    typed(monkeypatch, "l", "r", "2099-01-31", "l", "", "l", "tomorrow", "q")
    done = desk("review", "--by", "Ann")
    assert "'r' isn't a date." in done.err
    assert "Ann decided: 3 later." in done.out


@pytest.mark.parametrize(("until", "days"), [("+30", 30), ("Tomorrow", 1)])
def test_a_day_can_be_said_in_words(desk: Any, until: str, days: int) -> None:
    """The command takes what the desk takes, and repeats the date and the name."""
    done = desk("review", "later", "12", "--until", until, "--by", "Ann")
    day = (datetime.now(UTC) + timedelta(days=days)).date()
    assert done.out == f"item:2 @person_12 (follower 12 of @acme): put off until {day}\n"


@pytest.mark.parametrize("desk_kind", [(), ("--plain",)])
def test_sixty_keys_typed_ahead_approve_nobody(desk: Any, tmp_path: Path, desk_kind: tuple[str, ...]) -> None:
    """Typed before the first card stood there: thrown away; the key pressed at the card counts, once."""
    terminal = Terminal(tmp_path, "review", "--by", "Ann", *desk_kind)
    terminal.press(b"a" * 60)
    terminal.expect(b"q quit")
    terminal.press(b"a")
    terminal.expect(b"Approved.")
    terminal.expect(b"q quit")
    terminal.press(b"q")
    terminal.expect(b"y / n")
    terminal.press(b"n")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["approved"] + ["waiting"] * 5


def test_of_a_paste_only_the_first_key_counts(desk: Any, tmp_path: Path) -> None:
    """Sixty letters in one go, while a card stands there; and lines, as a paste of a column brings them."""
    terminal = Terminal(tmp_path)
    for paste in (b"a" * 60, b"a\n" * 60, b"l\na\n"):
        terminal.expect(b"q quit")
        terminal.press(paste)
    terminal.expect(b"Until which day?")
    terminal.press(b"\x1b")
    terminal.expect(b"q quit")
    terminal.press(b"q")
    terminal.expect(b"y / n")
    terminal.press(b"n")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["approved"] * 2 + ["waiting"] * 4


def test_keys_that_come_without_end_decide_nothing(desk: Any, tmp_path: Path) -> None:
    """A program that types as fast as it can: it says what it waits for, and goes on when that stops."""
    terminal = Terminal(tmp_path)
    until = time.monotonic() + 30
    while b"Waiting until they stop" not in terminal.unread:
        assert time.monotonic() < until
        terminal.press(b"a")
        time.sleep(0.01)
        while select.select([terminal.ours], [], [], 0)[0]:
            terminal.unread += os.read(terminal.ours, 65_536)
    terminal.expect(b"q quit")
    terminal.press(b"q")
    assert terminal.end() == 0
    assert states_in(tmp_path) == ["waiting"] * 6


def test_the_desk_says_when_no_link_can_be_shown(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read more than 24 hours ago and no credentials at hand: it says so and doesn't offer the hand-off."""
    monkeypatch.setenv("FOLLOWGUARD_X_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FOLLOWGUARD_NOW", (datetime.now(UTC) + timedelta(hours=25)).isoformat())
    assert desk("review", "approve", "12", "--by", "Ann").code == 0
    typed(monkeypatch, "q")
    done = desk("review", "--by", "Ann")
    assert "@acme: no link can be shown now: nobody ready was read within 24 hours" in done.out
    assert "Do it now?" not in done.out


def test_the_desk_does_not_offer_the_hand_off_of_a_paused_account(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to go on."""
    assert desk("account", "pause", "--account", "acme").code == 0
    assert desk("review", "approve", "12", "--by", "Ann").code == 0
    typed(monkeypatch, "q")
    done = desk("review", "--by", "Ann")
    assert "account resume --account acme" in done.out
    assert "Do it now?" not in done.out


@pytest.mark.parametrize("how", ["ctrl-c", "hang-up"])
def test_nothing_is_lost_when_the_desk_is_cut_off(desk: Any, tmp_path: Path, how: str) -> None:
    """Ctrl-C, or the terminal closed, with a card on the screen: the decision before is kept, the card is free."""
    terminal = Terminal(tmp_path)
    terminal.expect(b"q quit")
    terminal.press(b"r")
    terminal.expect(b"q quit")
    if how == "ctrl-c":
        terminal.press(b"\x03")
        terminal.expect(b"Ann decided: 1 reject.")
    else:
        terminal.child.send_signal(signal.SIGHUP)
    assert terminal.end() == 130
    assert states_in(tmp_path) == ["rejected"] + ["waiting"] * 5


@pytest.fixture
def attacked(desk: Any) -> Any:
    """Twelve look-alikes of acme have arrived too."""
    from followguard import bootstrap
    from followguard.jobs.batch import batch_account
    from followguard.jobs.queue import queue_account
    from followguard.jobs.score import score_account

    installation = bootstrap.load_installation("followguard.toml")
    now = datetime.now(UTC)
    made = made_up_profile("0", now).created_at
    profiles = [
        replace(made_up_profile(str(500 + n), now), username=f"Nora8721033{n:02}", description="", created_at=made)
        for n in range(12)
    ]
    policy = installation.accounts["acme"].policy
    with bootstrap.open_store(installation) as store:
        account = record_followers(store, "acme", profiles, now)
        score_account(store, account, policy, RuleScorer(lambda _: 0.5), now)
        assert batch_account(store, account, policy, now) == 1
        assert queue_account(store, account, policy, now, 0).listed == 16
    return desk


def test_a_block_is_rejected_by_one_key_and_approved_by_none(attacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the ordinary cards: what they share, the first five; another key does nothing, `x` rejects all twelve."""
    typed(monkeypatch, *["s"] * 6, "z", "u", "x")
    done = attacked("review", "--by", "Ann")
    for words in (
        "12 look-alikes (batch 1)",
        "look generated",
        "and 7 more",
        "No such key",
        "12 of 12 rejected as spam",
    ):
        assert words in done.out, words
    assert "no decision that stands" in done.err
    states = sorted(row["state"] for row in attacked("review", "list", "--all", "--json").json)
    assert states == ["rejected"] * 12 + ["waiting"] * 6


def test_an_endless_pipe_of_approvals_ends(attacked: Any, tmp_path: Path) -> None:
    """`yes a | followguard review`, with a block at the end: nobody is approved, and it comes to its end."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FOLLOWGUARD_")}
    with subprocess.Popen(["yes", "a"], stdout=subprocess.PIPE) as pipe:
        command = [sys.executable, "-m", "followguard", "review", "--by", "Ann"]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, stdin=pipe.stdout, capture_output=True, timeout=60, check=False
        )
        pipe.kill()
    assert done.returncode == 2
    assert b"7 approvals through a pipe not taken" in done.stderr
    assert set(states_in(tmp_path)) == {"waiting"}


def test_a_block_shows_its_keys_and_can_be_taken_back_as_the_last_one(
    attacked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`?` shows them; after `x` on the last block `u` takes all twelve back, and any other key ends."""
    typed(monkeypatch, *["s"] * 6, "?", "x", "u", "x", "u", "s", "n")
    done = attacked("review", "--by", "Ann")
    assert "o  go through them one by one" in done.out
    assert done.out.count("Taken back: 12 decisions of @acme.") == 2
    assert "Ann decided: nothing." in done.out
    typed(monkeypatch, *["s"] * 6, "x", "")
    assert "Ann decided: 12 reject." in attacked("review", "--by", "Ann").out


def test_a_block_one_by_one_and_undone(attacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo at the block brings the last card back and offers the block again; then one by one, then skip the rest."""
    typed(monkeypatch, "r", *["s"] * 5, "u", "r", "o", "r", "r", "q", "n")
    done = attacked("review", "--by", "Ann")
    assert done.code == 0
    assert done.out.count("@acme: 12 look-alikes (batch 1)") == 2
    assert "Ann decided: 3 reject." in done.out


def test_an_approval_beyond_todays_pace_says_its_day(desk: Any, tmp_path: Path) -> None:
    """Not "next: follow-back", which would show nothing; what lies too far off is said on the hand-off list too."""
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


def test_nothing_is_approved_by_a_card_that_is_on_no_screen(desk: Any, tmp_path: Path) -> None:
    """Keys come from a terminal, but what is printed goes to a file: nobody has seen a card."""
    unseen = tmp_path / "unseen.txt"
    with unseen.open("w") as file:
        terminal = Terminal(tmp_path, stdout=file.fileno())
    for _ in range(3):
        _wait_until_asked(unseen)
        terminal.press(b"a")
    _wait_until_asked(unseen)
    terminal.press(b"q")
    assert terminal.end() == 2
    assert set(states_in(tmp_path)) == {"waiting"}


def _wait_until_asked(printed: Path) -> None:
    """Waits for one more prompt than was answered, for at most half a minute; what it saw is thrown away."""
    deadline = time.monotonic() + 30
    while "? help" not in printed.read_text():
        assert time.monotonic() < deadline, printed.read_text()
    printed.write_text("")


def test_a_pipe_of_no_known_key_ends(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`yes z | followguard review`: what came before it is saved, and it says what to pipe."""
    typed(monkeypatch, "r", *["z"] * 1_000)
    done = desk("review", "--by", "Ann")
    assert done.code == 2
    assert "Nothing but unknown keys is piped in" in done.err
    assert done.out.count("Rejected") == 1
