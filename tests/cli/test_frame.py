"""The frame of the command line: help, usage errors, failures, and what they cost."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from followguard.cli import output
from followguard.cli.app import function_of
from followguard.cli.commands import TABLE, Row
from followguard.cli.options import Json
from followguard.errors import FAILED, AlreadyRunning, ConfigurationError, PlatformDown

ROWS = [row for rows in TABLE.values() for row in rows]
PATHS = [(row.name,) for row in ROWS] + [(row.name, inner.name) for row in ROWS for inner in row.rows]
FUNCTIONS = [row for each in ROWS for row in (each, *each.rows) if row.target]


def test_help_lists_every_command(cli) -> None:
    """`followguard --help` shows each row of the table, with its line."""
    done = cli("--help")
    assert done.code == 0
    words = " ".join(done.out.split())
    assert all(f"{row.name} {row.help}" in words for row in ROWS)


def test_without_arguments_help_is_shown(cli) -> None:
    """`followguard` alone prints the help."""
    done = cli()
    assert (done.code, done.err) == (0, "")
    assert "Usage: followguard" in done.out


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_has_help(cli, path: tuple[str, ...]) -> None:
    """Each command of the table exists and explains itself."""
    done = cli(*path, "--help")
    assert done.code == 0, done.err
    assert done.out.startswith(f"Usage: followguard {' '.join(path)} ")


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.target)
def test_the_line_in_the_table_is_the_docstrings_first(row: Row) -> None:
    """The listing's line about a command is the first line of its own help."""
    assert (inspect.getdoc(function_of(row)) or "").splitlines()[0] == row.help


def test_the_version_is_printed(cli) -> None:
    """`--version` names program, shipped model and schema."""
    assert re.fullmatch(r"followguard 0\.\S+ \(base model base-[0-9a-f]{12}, schema \d{4}\)\n", cli("--version").out)


def test_help_imports_no_command_and_no_library() -> None:
    """Listing help loads neither a command nor anything heavy."""
    code = (
        "import sys; from followguard.cli.app import main; main(['--help']); main(['db', '--help']);"
        "heavy = {'rich', 'pydantic', 'sqlalchemy', 'numpy', 'tweepy', 'followguard.setup.commands_db'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["acount"], "Did you mean 'account'?"),
        (["account", "liste"], "Did you mean 'list'?"),
        (["account"], "Missing command"),
        (["status", "--nonsense"], "No such option: --nonsense"),
        (["status", "surplus"], "unexpected extra argument"),
        (["person", "add"], "Missing argument"),
        (["status", "--max-age", "soon"], "such as 26h"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(cli, args: list[str], said: str) -> None:
    """A typing mistake gets one line on stderr that says what is wrong, nothing on stdout, and exit code 2."""
    done = cli(*args)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.startswith("followguard: ")
    assert done.err.count("\n") == 1


def test_options_before_a_subcommand_are_refused(cli) -> None:
    """An option that a subcommand would never see isn't swallowed."""
    done = cli("follow-back", "--json", "mark", "1", "--as", "followed")
    assert done.code == 2
    assert "Options come after the subcommand" in done.err


def failing(error: BaseException) -> Callable[..., None]:
    """A command that fails like this."""

    def command() -> None:
        """Fails."""
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigurationError("The key is wrong", "Mend it."), 2, "followguard: The key is wrong. Mend it."),
        (AlreadyRunning("Another run is busy.", "Wait."), 4, "followguard: Another run is busy. Wait."),
        (PlatformDown("X is down.", "Later."), 75, "followguard: X is down. Later."),
        (KeyboardInterrupt(), 130, "followguard: Stopped."),
        (ValueError("odd\nsecond line"), 1, "Unexpected ValueError: odd. Run it again with FOLLOWGUARD_DEBUG=1"),
        (ConfigurationError("bad \x1b[2J name", "Mend it."), 2, "bad ␛[2J name"),
    ],
)
def test_a_failure_is_one_line_and_its_exit_code(cli, monkeypatch, error: BaseException, code: int, said: str) -> None:
    """Whatever a command raises becomes one line on stderr and the exit code of its kind, never a traceback."""
    monkeypatch.setattr("followguard.cli.app.function_of", lambda _: failing(error))
    done = cli("status")
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "named"),
    [
        (ConfigurationError("The key is wrong.", "Mend it."), 2, "configuration"),
        (PlatformDown("X is down.", "Later."), 75, "platform_down"),
        (KeyboardInterrupt(), 130, "stopped"),
        (EOFError(), 130, "stopped"),
        (ValueError("odd"), 1, "unexpected"),
    ],
)
def test_a_failure_is_a_document_under_json(cli, monkeypatch, error: BaseException, code: int, named: str) -> None:
    """Whatever a command raises, a program that reads stdout finds one document with the error in it."""

    def command(json: Json = False) -> None:
        """Fails."""
        raise error

    monkeypatch.setattr("followguard.cli.app.function_of", lambda _: command)
    done = cli("status", "--json")
    assert done.code == code
    (found,) = done.json["errors"]
    assert found["code"] == named
    assert found["message"] in done.err


def test_a_failure_after_the_document_adds_none(cli, monkeypatch) -> None:
    """One document stays one; what ran inside another command counts for itself."""

    def command(json: Json = False) -> None:
        """Prints, then fails."""
        output.document({"all": "well"})
        with output.one_document():
            assert not output.has_document()
        raise ValueError("odd")

    monkeypatch.setattr("followguard.cli.app.function_of", lambda _: command)
    assert cli("status", "--json").json == {"all": "well"}


ROW_AT = {(row.name,): row for row in ROWS} | {(row.name, inner.name): inner for row in ROWS for inner in row.rows}
JSON_COMMANDS = [
    path for path, row in ROW_AT.items() if row.target and "json" in inspect.signature(function_of(row)).parameters
]


@pytest.mark.parametrize("path", JSON_COMMANDS, ids=" ".join)
def test_every_command_answers_wrong_usage_with_a_document(cli, path: tuple[str, ...]) -> None:
    """Each command that takes --json: exit 2 and one document, also where it never came to run."""
    done = cli(*path, "--json", "--nonsense")
    assert done.code == 2
    assert [each["code"] for each in done.json["errors"]] == ["usage"]


def test_the_traceback_is_there_for_who_asks(cli, monkeypatch) -> None:
    """FOLLOWGUARD_DEBUG=1 shows where it broke."""
    monkeypatch.setattr("followguard.cli.app.function_of", lambda _: failing(ValueError("odd")))
    monkeypatch.setenv("FOLLOWGUARD_DEBUG", "1")
    assert "Traceback" in cli("status").err


def test_a_closed_pipe_is_quiet(installed, monkeypatch) -> None:
    """`followguard ... | head -0` ends without a word."""
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m followguard account list --json | head -c 0; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode in (0, FAILED)


def test_completion_offers_commands(monkeypatch) -> None:
    """The shell's tab key finds commands and subcommands."""
    done = subprocess.run(
        [sys.executable, "-m", "followguard"],
        env={
            "_FOLLOWGUARD_COMPLETE": "complete_bash",
            "COMP_WORDS": "followguard db re",
            "COMP_CWORD": "2",
            "PATH": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["restore"]


def test_a_line_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A bio with a line break can't put a link of its own on the hand-off list."""
    output.line('    @ann  Changed since the approval: bio "Hi\n    @bank  https://x.com/intent/follow?user_id=1"')
    output.note("read\nfollowguard: all is well")
    out, err = capsys.readouterr()
    assert (out.count("\n"), err.count("\n")) == (1, 1)
