"""Commands to run next: found in texts, completed, quoted, and such that the command line takes them."""

import ast
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from followguard.cli import next_steps
from followguard.cli.app import _built
from followguard.cli.commands import TABLE, Row
from followguard.cli.next_steps import Given, commands_in, completed, given, quoted, to_run
from followguard.cli.output import columns, wrapped

PACKAGE = Path(next_steps.__file__).parents[1]
CONFIG = Given(config="/srv/my company/followguard.toml", by="Ann O'Neil")


def real_commands() -> dict[str, Any]:
    """Path -> the command as typer builds it."""

    def below(rows: tuple[Row, ...], path: str) -> Iterator[tuple[str, Any]]:
        for row in rows:
            name = f"{path} {row.name}".strip()
            if row.target:
                yield name, _built(row)
            yield from below(row.rows, name)

    return dict(each for rows in TABLE.values() for each in below(rows, ""))


REAL = real_commands()


def options_of(path: str) -> set[str]:
    """The options that a command has."""
    return {name for param in REAL[path].params for name in param.opts if name.startswith("--")} | {"--help"}


def test_the_tables_say_what_the_commands_take() -> None:
    """Tables of who takes --by, --account and --config, and of flags, say what the commands themselves say."""
    assert {path for path in REAL if "--by" in options_of(path)} == next_steps.TAKE_BY
    assert {path for path in REAL if "--account" in options_of(path)} - {"init", "person add", "person withdraw"} == (
        next_steps.TAKE_ACCOUNT
    )
    assert {path for path in REAL if "--config" not in options_of(path)} == next_steps.WITHOUT_CONFIG
    flags = {o for c in REAL.values() for p in c.params if getattr(p, "is_flag", False) for o in p.opts}
    assert flags | {"--help"} == next_steps.FLAGS


def texts() -> list[tuple[str, str]]:
    """Every text of the package that names a command of ours: place and text, a name in braces as one word."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                text = "".join(part.value if isinstance(part, ast.Constant) else "5" for part in node.values)  # type: ignore[misc]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
                text = node.value
            else:
                continue
            if commands_in(text):
                found.append((f"{path.relative_to(PACKAGE)}:{node.lineno}", text))
    return found


TEXTS = texts()


def test_texts_were_found() -> None:
    """The search for them works: most layers word next steps."""
    assert len(TEXTS) > 60
    assert {place.split("/")[0] for place, _ in TEXTS} >= {"following", "cli", "domain", "review"}


@pytest.mark.parametrize(("place", "text"), TEXTS, ids=[place for place, _ in TEXTS])
def test_every_command_in_a_text_is_one_that_exists(place: str, text: str) -> None:
    """Each command's path runs, its options are its own, and no shell reads something else into it."""
    for found in commands_in(text):
        assert found.path in REAL or found.path in {"account", "person", "db", "desk", "model", "words"}, (place, found)
        if found.path in REAL:
            assert {word for word in found.words if word.startswith("--")} <= options_of(found.path), (place, found)
        typed = to_run(found.path, *found.words)
        assert not set("|<>*?[#;&!`$~") & set(typed), (place, typed)
        assert shlex.split(typed)[0] == "followguard"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Look at it: followguard review show item:3", "followguard review show item:3"),
        ("Run followguard db upgrade (it backs up first).", "followguard db upgrade"),
        ("Run followguard db check.", "followguard db check"),
        ("Put it back, run `followguard model rebuild`, or go back.", "followguard model rebuild"),
        ('Run: followguard person add "YOUR NAME" --role owner', 'followguard person add "YOUR NAME" --role owner'),
        ("`followguard doctor` checks it.", "followguard doctor"),
        ("See `followguard review list --help`.", "followguard review list --help"),
        ("List them: followguard follow-back --json", "followguard follow-back --json"),
        (
            "followguard review overrule item:3 --reason spam (or another)",
            "followguard review overrule item:3 --reason spam",
        ),
        ("Run followguard nightly first: it learns the id.", "followguard nightly"),
        ("followguard may be too old for X's API", ""),
        ("pip install followguard doctor-tools", ""),
        ("/opt/followguard review", ""),
    ],
)
def test_a_command_ends_where_its_words_end(text: str, shown: str) -> None:
    """The rest of the sentence isn't part of it."""
    assert "".join(text[found.start : found.end] for found in commands_in(text)) == shown


def test_what_was_typed_is_typed_again() -> None:
    """The configuration and the name by which this person decides stand in the next command, quoted for a shell."""
    with given(CONFIG):
        typed = to_run("review undo", "item:3")
        assert shlex.split(typed) == [
            *("followguard", "review", "undo", "item:3", "--by", "Ann O'Neil"),
            *("--config", "/srv/my company/followguard.toml"),
        ]
        assert completed("Again: followguard doctor.") == (
            "Again: followguard doctor --config '/srv/my company/followguard.toml'"
        )
        assert "--config" not in to_run("demo")
        assert to_run("review approve", "item:3", "--by", '"THEIR NAME"').count("--by") == 1
    assert to_run("review undo", "item:3") == 'followguard review undo item:3 --by "YOUR NAME"'
    assert to_run("follow-back") == "followguard follow-back"
    with given(Given(person_known=True)):
        assert to_run("review undo", "item:3") == "followguard review undo item:3"


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["review", "--by", "Ann", "--config=a b.toml"], Given(config="a b.toml", by="Ann")),
        (["nightly", "--account", "acme", "--account", "beta"], Given()),
        (["nightly", "--account", "acme"], Given(account="acme")),
        (["status"], Given()),
        (["review", "--by"], Given()),
    ],
)
def test_what_was_typed_is_read_off_the_command_line(args: list[str], found: Given) -> None:
    """Options are read off in either way of writing; several accounts give none."""
    assert Given.of(args, {}) == found


def test_an_account_that_was_named_is_named_again() -> None:
    """Unless the command names a card, which is of one account."""
    with given(Given(account="acme")):
        assert to_run("retrain") == "followguard retrain --account acme"
        assert to_run("review show", "item:3") == "followguard review show item:3"
        assert to_run("db check") == "followguard db check"


def test_help_needs_nothing_else() -> None:
    """The page that tells how needs none of the words typed for the command that failed."""
    with given(CONFIG):
        assert completed("See `followguard review undo --help`.") == "See `followguard review undo --help`."


@pytest.mark.parametrize(
    "word", ["a b", "~/x.toml", "=x", "it's", "a*b", "x#y", "$HOME", "a!b", "-", "[x]", "ü.toml", "a\\b"]
)
@pytest.mark.parametrize("shell", ["sh", "bash", "zsh"])
def test_a_shell_takes_a_quoted_word_as_it_is(word: str, shell: str) -> None:
    """Every shell of this machine takes a quoted word as it is."""
    try:
        done = subprocess.run([shell, "-c", f"printf %s {quoted(word)}"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip(f"there is no {shell} here")
    assert done.stdout == word


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize(("place", "text"), TEXTS, ids=[place for place, _ in TEXTS])
def test_no_terminal_breaks_a_command(place: str, text: str, width: int) -> None:
    """Where a text takes more than one line, each command in it stands alone on one: copied, it is what to type."""
    if "\n" in text:
        pytest.skip("a page of text, not a line")
    with given(CONFIG):
        whole = completed(text)
    lines = wrapped(whole, width).split("\n")
    if len(lines) == 1:
        return
    for found in commands_in(whole):
        assert whole[found.start : found.end] in [line.strip() for line in lines], (place, lines)
    assert all(columns(line) <= width or " " not in line.strip() or commands_in(line) for line in lines), lines


def test_a_line_that_ends_in_a_command_has_no_full_stop() -> None:
    """Copied to its end with the stop, `--config acme.toml.` would name another file."""
    with given(CONFIG):
        (line,) = completed("1 may use it: followguard person list.").splitlines()
    assert line.endswith("--config '/srv/my company/followguard.toml'")
    assert completed("See followguard db check, then: followguard db restore.\nMore.") == (
        "See followguard db check, then: followguard db restore\nMore."
    )
    assert completed("Run followguard doctor. Then wait.") == "Run followguard doctor. Then wait."
