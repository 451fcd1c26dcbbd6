"""Commands to run next: found in what is about to be printed, and completed so that they work as they stand there.

Whoever words an error or a result writes `followguard review show item:3`. What else this person has to type (the
configuration that was named, the name to decide by, the account) is known where it is printed, and added there.
"""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import pairwise

from followguard.cli.commands import TABLE, Row
from followguard.domain.wording import quoted as quoted_name

PROGRAM = "followguard"
YOUR_NAME = "YOUR NAME"
WITHOUT_CONFIG = frozenset({"demo", "model train-base"})
TAKE_BY = frozenset(
    {
        *(f"review {name}" for name in ("approve", "reject", "later", "undo", "overrule", "import")),
        *("review note", "review route", "log", "person hand-over", "person distrust"),
        *("review", "follow-back", "follow-back mark", "account pause", "account resume", "person add"),
        *("person role", "person withdraw", "forget", "model promote", "model rollback", "trust test"),
        *("desk serve", "desk invite", "desk sign-out"),
    }
)
WITHOUT_NAME = frozenset(
    {"follow-back", "account pause", "model rollback", "log", "desk serve", "desk invite", "desk sign-out"}
)
"""Commands that run without a name: no place is left for one."""
SAYS_BY_WHOM = frozenset({"person add"})
"""Its text names an owner where there is one: whoever was refused can't let themselves in."""
TAKE_ACCOUNT = frozenset(
    {
        *(f"review {name}" for name in ("list", "show", "second-look", "export", "import")),
        *(f"review {name}" for name in ("approve", "reject", "later", "undo", "overrule")),
        *("review note", "review route", "log"),
        *("review", "follow-back", "follow-back mark", "nightly", "report", "reconcile", "retrain", "whatif"),
        *("account pause", "account resume", "person role", "score", "trust", "trust test", "words check"),
        *(f"model {name}" for name in ("evaluate", "list", "show", "promote", "rollback", "rebuild", "drift")),
    }
)
FLAGS = frozenset(
    {
        *("--all", "--check", "--dry-run", "--fix", "--force", "--help", "--include-held-back", "--json", "--lift"),
        *(
            "--no-pager",
            "--online",
            "--open",
            "--plain",
            "--real",
            "--remove-backups",
            "--session",
            "--take-back",
            "--yes",
        ),
    }
)
_START = re.compile(rf"(?<![\w./-]){PROGRAM}(?= +[a-z])")
_TOKEN = re.compile(r""" +("[^"]*"|'[^']*'|[^\s`]+)""")
_ARGUMENT = re.compile(r"""viewer|reviewer|approver|owner|item:\w+|@\w+|\d+|[A-Z][A-Z_]+|".*"|'.*'""")
_ENDS = ".,;:)"
_LAST_STOP = re.compile(r"\.(?=[ \t]*(?:\n|$))")
"""A full stop at the end of a line: whoever copies the command would copy it too."""


@dataclass(frozen=True, slots=True)
class Given:
    """What this person has typed: the options that the next command needs too. Empty: not given."""

    config: str = ""
    by: str = ""
    account: str = ""
    person_known: bool = False
    """FOLLOWGUARD_PERSON says who, so that no command needs --by."""

    @classmethod
    def of(cls, args: Sequence[str], env: Mapping[str, str]) -> "Given":
        """Reads a command line. Several accounts count as none: the next command takes one."""
        accounts = set(_values(args, "--account"))
        return cls(
            config=_last(_values(args, "--config")),
            by=_last(_values(args, "--by")),
            account=accounts.pop() if len(accounts) == 1 else "",
            person_known=bool(env.get("FOLLOWGUARD_PERSON")),
        )


NOTHING = Given()
_GIVEN: ContextVar[Given] = ContextVar("given", default=NOTHING)


@contextmanager
def given(what: Given) -> Iterator[None]:
    """Completes commands with what was typed for this one, while the block runs."""
    token = _GIVEN.set(what)
    try:
        yield
    finally:
        _GIVEN.reset(token)


@dataclass(frozen=True, slots=True)
class CommandInText:
    """A command in a text, from `start` to `end`, and its words after the program's name."""

    start: int
    end: int
    path: str
    words: tuple[str, ...]


def commands_in(text: str) -> list[CommandInText]:
    """Finds every command of ours in a text: up to the first word that can't belong to it, or to its backtick."""
    return [found for start in _START.finditer(text) if (found := _command_at(text, start)) is not None]


def completed(text: str) -> str:
    """Returns the text, with every command in it as it has to be typed after what was typed for this one.

    A line that ends in a command ends without a full stop.
    """
    parts, at = [], 0
    for found in commands_in(text):
        parts += [text[at : found.start], to_run(found.path, *found.words)]
        at = found.end + bool(_LAST_STOP.match(text, found.end))
    return "".join([*parts, text[at:]])


def to_run(path: str, *words: str) -> str:
    """Returns `followguard review show item:3 --config acme.toml`. Words stay as they are, quoted where needed."""
    if "--help" in words:
        return " ".join([PROGRAM, path, *words])
    what = _GIVEN.get()
    more = []
    if path in TAKE_ACCOUNT and what.account and "--account" not in words and not _names_item(words):
        more += ["--account", quoted(what.account)]
    if path in TAKE_BY - SAYS_BY_WHOM and "--by" not in words and not what.person_known:
        more += ["--by", quoted_name(what.by)] if what.by else _place_for_name(path)
    if what.config and path not in WITHOUT_CONFIG and "--config" not in words:
        more += ["--config", quoted(what.config)]
    return " ".join([PROGRAM, path, *words, *more])


def quoted(word: str) -> str:
    """Returns the word as every common shell takes it; zsh reads a = in front as the path of a command."""
    return f"'{word}'" if word.startswith("=") and shlex.quote(word) == word else shlex.quote(word)


def _place_for_name(path: str) -> list[str]:
    return [] if path in WITHOUT_NAME else ["--by", f'"{YOUR_NAME}"']


def _names_item(words: Sequence[str]) -> bool:
    return any(word.startswith("item:") for word in words)


def _command_at(text: str, start: re.Match[str]) -> CommandInText | None:
    rows: Mapping[str, Row] = {row.name: row for rows in TABLE.values() for row in rows}
    path: list[str] = []
    words: list[str] = []
    end, wants_value = start.end(), False
    while token := _TOKEN.match(text, end):
        word = token[1].rstrip(_ENDS) if token[1][0] not in "\"'" else token[1]
        if not words and word in rows:
            path.append(word)
            rows = {row.name: row for row in rows[word].rows}
        elif path and (wants_value or word.startswith("--") or _ARGUMENT.fullmatch(word)):
            words.append(word)
            wants_value = word.startswith("--") and word not in FLAGS
        else:
            break
        end = token.start(1) + len(word)
        if word != token[1]:
            break
    return CommandInText(start.start(), end, " ".join(path), tuple(words)) if path else None


def _values(args: Sequence[str], option: str) -> list[str]:
    found = [value for name, value in pairwise(args) if name == option]
    return found + [arg.removeprefix(f"{option}=") for arg in args if arg.startswith(f"{option}=")]


def _last(values: Sequence[str]) -> str:
    return values[-1] if values else ""
