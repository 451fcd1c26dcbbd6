"""The desk with piped answers: it rejects, puts off and undoes, and approves nobody."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.builders.desk import states_in, typed


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


def test_nobody_in_particular_has_no_desk(desk: Any) -> None:
    """A person is needed, and a role."""
    desk("person", "add", "Vic", "--role", "viewer", "--by", "Ann")
    for by, says in ((), "--by"), (("--by", "Nobody"), "person add"), (("--by", "Vic"), "reviewer"):
        done = desk("review", *by)
        assert done.code == 2
        assert says in done.err


def test_a_bad_date_is_asked_again_where_answers_are_piped(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line after the question is its answer until it is a day; Enter takes a week, `tomorrow` is a day too."""
    typed(monkeypatch, "l", "r", "2099-01-31", "l", "", "l", "tomorrow", "q")
    done = desk("review", "--by", "Ann")
    assert "'r' isn't a date." in done.err
    assert "Ann decided: 3 later." in done.out


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


def test_a_pipe_of_no_known_key_ends(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`yes z | followguard review`: what came before it is saved, and it says what to pipe."""
    typed(monkeypatch, "r", *["z"] * 1_000)
    done = desk("review", "--by", "Ann")
    assert done.code == 2
    assert "Nothing but unknown keys is piped in" in done.err
    assert done.out.count("Rejected") == 1
