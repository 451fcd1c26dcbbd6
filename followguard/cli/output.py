"""The only place that prints. Results go to stdout, messages to stderr; nothing in them can steer the terminal."""

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

from followguard.cli.next_steps import commands_in, completed
from followguard.cli.streams import refusal_of
from followguard.cli.typed_ahead import forget_typed
from followguard.domain import wording
from followguard.domain.wording import safe_lines, safe_text
from followguard.errors import Declined, FollowguardError

PROGRAM = "followguard"
LONGEST = 100_000
"""Characters of one line; what strangers wrote is cut far shorter where it is put into words."""

BETWEEN = 3
"""Columns of a terminal between two columns of a table."""


BULLET = "- "
NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""Marks on the letter before, and what only steers how its neighbours are laid out."""

_document_made: ContextVar[bool] = ContextVar("document_made", default=False)


def line(text: str = "") -> None:
    """Prints one line of the result on stdout; line breaks in names and bios add no other."""
    sys.stdout.write(_fitted(safe_text(text, LONGEST), sys.stdout) + "\n")


def step(text: str) -> None:
    """Prints one line on stdout that says what to run next: commands in it are completed (`cli/next_steps.py`)."""
    line(completed(safe_text(text, LONGEST)))


def paged(lines: Sequence[str], *, pager: bool = True) -> None:
    """Prints lines on stdout as they are, each safe and of its own width.

    On a terminal with fewer rows through the reader's pager (`PAGER`, else less or more), unless `pager` is False.
    """
    text = "\n".join(safe_text(each, LONGEST) for each in lines) + "\n"
    if pager and is_terminal() and sys.stdout.isatty() and len(lines) > _height():
        import pydoc

        sys.stdout.flush()
        pydoc.pager(text)
    else:
        sys.stdout.write(text)


def _height() -> int:
    """Returns the rows of the terminal that a list may fill; two stay for the lines below it."""
    import shutil

    return shutil.get_terminal_size().lines - 2


def block(text: str) -> None:
    """Prints several lines on stdout, all of our own wording."""
    sys.stdout.write("\n".join(_fitted(each, sys.stdout) for each in safe_lines(text).split("\n")) + "\n")


def width(stream: TextIO | None = None) -> int:
    """Returns the columns of stdout (or `stream`): the terminal's, or so many that nothing needs to wrap."""
    import shutil

    return shutil.get_terminal_size().columns if (stream or sys.stdout).isatty() else LONGEST


def _fitted(text: str, stream: TextIO) -> str:
    """Wraps at words on a terminal; in a file or a pipe a line stays one."""
    return wrapped(text, width(stream)) if stream.isatty() else text


def wrapped(text: str, width: int) -> str:
    """Returns the text with line breaks instead of some spaces. What follows is indented as it began; no word is cut.

    Where it takes more than one line, each command in it has one of its own, without quotes and full stop round it:
    what is copied is what has to be typed.
    """
    if columns(text) <= width:
        return text
    indent = " " * (len(text) - len(text.lstrip(" ")))
    lines: list[str] = []
    at = 0
    for found in commands_in(text):
        ticked = text[found.start - 1 : found.start] == text[found.end : found.end + 1] == "`"
        lines += _words(text[at : found.start - ticked].rstrip(" "), width, indent, first=not lines)
        lines.append(f"{indent}{text[found.start : found.end]}")
        at = found.end + ticked
        at += len(text[at:]) - len(text[at:].lstrip(".,;: "))
    return "\n".join(lines + _words(text[at:], width, indent, first=not lines))


def _words(text: str, width: int, indent: str, *, first: bool) -> list[str]:
    """Returns the lines of a text without commands."""
    if not text.strip(" "):
        return []
    beyond = indent + ("  " if text.startswith(BULLET, len(indent)) else "")
    lines = ["" if first else indent]
    for piece in re.findall(r" *[^ ]+", text if first else text.lstrip(" ")):
        if lines[-1].strip(" ") and columns(lines[-1] + piece) > width:
            lines.append(beyond + piece.lstrip(" "))
        else:
            lines[-1] += piece
    return lines


def columns(text: str) -> int:
    """Returns how wide a terminal shows it: Chinese letters and emoji take two columns, accents none."""
    return len(text) if text.isascii() else sum(map(_wide, text))


def _wide(letter: str) -> int:
    if unicodedata.category(letter) in NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def note(text: str) -> None:
    """Prints a message about how it goes, in one line on stderr."""
    sys.stdout.flush()
    sys.stderr.write(_fitted(safe_text(text, LONGEST), sys.stderr) + "\n")
    sys.stderr.flush()


def advice(text: str) -> None:
    """Prints one line on stderr that says what to run next."""
    note(completed(safe_text(text, LONGEST)))


def warn(text: str) -> None:
    """Prints one line that a person should see, on stderr."""
    note(f"{PROGRAM}: {safe_text(text, 2_000)}")


def failure(error: FollowguardError) -> None:
    """Prints `followguard: what happened. What to do next.`"""
    warn(f"{sentence(error.message)} {completed(error.next_step)}".strip())


def document(value: object) -> None:
    """Prints the one JSON document of a command with `--json`. Times become ISO 8601 UTC, dataclasses objects."""
    _document_made.set(True)
    sys.stdout.write(json.dumps(value, default=plain, indent=2, allow_nan=False) + "\n")


@contextmanager
def one_document() -> Iterator[None]:
    """Frames one command, for `has_document`; a command that runs others has frames inside."""
    outside = _document_made.set(False)
    try:
        yield
    finally:
        _document_made.reset(outside)


def has_document() -> bool:
    """Tells whether this command has printed its document."""
    return _document_made.get()


def failed(*errors: FollowguardError) -> dict[str, Any]:
    """Returns the document of a command that failed as a whole."""
    return {"errors": [error.as_json() for error in errors]}


def json_line(value: object) -> None:
    """Prints one row of JSONL. Raises OSError once the reader has closed the stream."""
    sys.stdout.write(json.dumps(value, default=plain, allow_nan=False) + "\n")
    if (refusal := refusal_of(sys.stdout)) is not None:
        raise refusal


def plain(value: object) -> Any:
    """Returns the JSON form of a time, a dataclass or a set. Raises TypeError for anything else."""
    from dataclasses import asdict, is_dataclass
    from datetime import date, datetime

    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def iso(moment: Any) -> str:
    """Returns ISO 8601 in UTC to the second, such as `2026-11-22T09:30:00Z`."""
    from datetime import UTC

    return str(moment.astimezone(UTC).isoformat(timespec="seconds")).replace("+00:00", "Z")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[str] = ()) -> None:
    """Prints aligned columns on stdout. `numbers` names the columns that are set flush right.

    On a terminal long cells wrap to its width, between words where there is room for the longest of them; in a file
    or a pipe each row stays one line.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    wide = {} if sys.stdout.isatty() else {"width": 10_000}
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, **wide)  # type: ignore[arg-type]
    grid = Table(box=box.SIMPLE_HEAD if sys.stdout.isatty() else None, pad_edge=False, show_edge=False)
    cells = [[safe_text("" if cell is None else str(cell), 1_000) for cell in row] for row in rows]
    least = [max(map(_longest_word, column)) for column in zip(heads, *cells, strict=True)]
    whole = sum(least) + BETWEEN * len(least) <= console.width
    for head, words in zip(heads, least, strict=True):
        justify: Any = "right" if head in numbers else "left"
        grid.add_column(head, justify=justify, overflow="fold", min_width=words if whole else None)
    for row in cells:
        grid.add_row(*map(Text, row))
    console.print(grid)


def _longest_word(text: str) -> int:
    return max((columns(word) for word in text.split()), default=0)


def money(usd: float) -> str:
    """Returns `$0.25`, with a tenth of a cent only where it is needed: `$0.002`."""
    cents = f"{usd:.2f}"
    return f"${cents}" if abs(float(cents) - usd) < 0.0005 else f"${usd:.3f}"


def counted(number: int, one: str, many: str = "") -> str:
    """Returns `1 account`, `3 accounts`."""
    return wording.counted(number, one, many)


def is_terminal() -> bool:
    """Tells whether a person sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str | None = None) -> str:
    """Asks on stderr, so that stdout stays clean. An empty answer takes the default, or asks again."""
    import typer

    forget_typed()
    return str(typer.prompt(question, default=default, err=True)).strip()


def confirm(question: str, *, default: bool = False) -> bool:
    """Asks for yes or no, on stderr. Keys typed before the question are thrown away."""
    import typer

    forget_typed()
    return typer.confirm(question, default=default, err=True)


def require_yes(question: str, otherwise: FollowguardError) -> None:
    """Asks, on stderr. Raises `Declined` for a no, and `otherwise` where nobody is there to be asked."""
    if not is_terminal():
        raise otherwise
    if not confirm(question):
        raise Declined("Nothing was done: the answer was no.")


def sentence(text: str) -> str:
    """Returns the text with a full stop, where it has no end of its own."""
    return text if not text or text.rstrip()[-1] in ".!?:…" else f"{text.rstrip()}."


def say_unchecked(unchecked: "Sequence[str]") -> None:
    """Says which parts of the database weren't looked over."""
    if unchecked:
        few = ", ".join(unchecked[:3])
        parts = counted(len(unchecked), "part")
        note(f"Looking the database over, time didn't suffice for {parts} ({few}, ...): followguard db check")
