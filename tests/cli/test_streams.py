"""Streams that are closed, full or broken: the exit code tells what was saved, and nothing saved is undone."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from followguard.cli.commands import TABLE
from followguard.cli.streams import ONLY_PRINT
from followguard.sandbox import QUIET, AccountPlan, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.builders.sandboxes import point_at

Shell = Callable[[str], "subprocess.CompletedProcess[str]"]
ADD_BOB = "person add Bob --role viewer --by Ann"


@pytest.fixture
def shell(installed) -> Shell:
    """Runs `followguard WORDS` by a shell, redirections included, in the folder of the installation."""

    def run(words: str) -> "subprocess.CompletedProcess[str]":
        command = f"{sys.executable} -m followguard {words}"
        return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize("end", [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full"])
@pytest.mark.parametrize("json_too", ["", "--json"])
def test_what_is_saved_exits_0(installed, shell: Shell, end: str, json_too: str) -> None:
    """Somebody is added, whoever hears of it; the exit code says so, and nothing looks like a crash."""
    done = shell(f"{ADD_BOB} {json_too} {end}")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "Unexpected" not in done.stderr
    assert "Bob" in installed("person", "list").out


def test_a_failure_that_nobody_hears_keeps_its_exit_code(shell: Shell) -> None:
    """Wrong usage is exit 2 also with both streams closed."""
    assert shell("person add Bob --role king --by Ann >&- 2>&-").returncode == 2
    assert shell("nonsense 2>/dev/full").returncode == 2


def test_a_result_that_is_lost_is_a_failure_where_it_is_all(shell: Shell) -> None:
    """A full disk takes the list: it can't be exit 0. Where something was saved too, that is said."""
    done = shell("person list --json >/dev/full")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "couldn't be written (No space left on device)" in done.stderr
    done = shell(f"{ADD_BOB} >/dev/full")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "is saved" in done.stderr


@pytest.mark.parametrize("words", ["prove", "prove --json", "nightly --dry-run --json"])
def test_a_proof_or_forecast_that_is_lost_is_a_failure(shell: Shell, words: str) -> None:
    """Nobody may take the 0 of a proof whose findings went nowhere for one that found nothing."""
    assert shell(words).returncode == 0
    assert shell(f"{words} >/dev/full").returncode == 1


def test_a_reader_who_has_seen_enough_is_no_failure(shell: Shell) -> None:
    """`| head -1` ends nothing but the printing."""
    done = shell("person list --json | head -1; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


def test_scores_that_nobody_takes_are_a_failure(shell: Shell, tmp_path: Path) -> None:
    """Rows on stdout are all that `score` makes; it stops once they can't be written."""
    row = {"id": "1", "username": "ann", "created_at": "2020-01-01T00:00:00Z"}
    (tmp_path / "some.jsonl").write_text("\n".join(json.dumps(row | {"id": str(n)}) for n in range(1, 400)))
    done = shell("score some.jsonl >/dev/full")
    assert done.returncode == 1
    assert "couldn't be written" in done.stderr
    assert "Unexpected" not in done.stderr


@pytest.mark.parametrize("end", ["2>&-", ">&- 2>&-", "2>/dev/full", ">&- 2>/dev/full"])
def test_a_paid_night_makes_its_cards_unheard(installed, shell: Shell, monkeypatch, end: str) -> None:
    """Progress that can't be shown in the middle of a night stops none of its steps."""
    plan = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=30, churn=QUIET),), seed=11)
    with serve(plan, elapsed=lambda: 0.0) as sandbox:
        point_at(sandbox, monkeypatch, START)
        assert shell(f"nightly {end}").returncode == 0
    assert len(installed("review", "list", "--all", "--json").json) == 30


def test_a_closed_stream_lends_its_number_to_no_file(shell: Shell) -> None:
    """Output that libraries write to number 1 or 2 can't end up in the database."""
    code = (
        "import os; from followguard.cli.streams import make_safe; make_safe(); os.write(9, b'%d' % os.open('x', 65))"
    )
    done = subprocess.run(
        ["bash", "-c", f'{sys.executable} -c "{code}" 9>&1 >&- 2>&- <&-'], capture_output=True, check=True
    )
    assert int(done.stdout) > 2


def test_the_commands_that_only_print_exist() -> None:
    """Each name in the table of `cli.delivery` is a command's."""
    rows = [row for rows in TABLE.values() for row in rows]
    names = {row.name for row in rows} | {f"{row.name} {inner.name}" for row in rows for inner in row.rows}
    assert set(ONLY_PRINT) <= names
