"""Writes the generated parts of the reference pages: `python docs/write.py`.

A generated part stands between `<!-- NAME -->` and `<!-- end of NAME -->`; the prose round it is written by hand.
A test compares the pages with what this would write.
"""

import contextlib
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from followguard.cli.app import main
from followguard.cli.commands import TABLE
from followguard.config import keys as table
from followguard.config.template import is_table, literal
from followguard.errors import FollowguardError
from followguard.files.profile_cells import UNKNOWN_WORDS
from followguard.files.profile_headings import PROFILE_HEADINGS

HERE = Path(__file__).parent


def keys() -> str:
    """The tables of configuration keys."""
    sections = (
        ("Top of the file", table.FileKeys),
        ("`[prices]`", table.PriceKeys),
        ("`[retention]`", table.RetentionKeys),
        ("`[notify]`", table.NotifyKeys),
        ("`[desk]`", table.WebDeskKeys),
        ("`[desk.keys]`", table.DeskKeyKeys),
        ("`[accounts.HANDLE]`", table.AccountKeys),
        ("`[accounts.HANDLE.policy]`", table.PolicyKeys),
        ("`[[accounts.HANDLE.routes]]`", table.RouteKeys),
        ("`[[accounts.HANDLE.words]]`", table.WordKeys),
    )
    lines: list[str] = []
    for title, section in sections:
        lines += [
            f"### {title}",
            "",
            str(section.__doc__),
            "",
            "| key | default | range | meaning |",
            "|---|---|---|---|",
        ]
        for name, field in section.model_fields.items():
            if not is_table(field):
                default = "none: it must be given" if field.is_required() else f"`{literal(field.default)}`"
                meaning = str(field.description).replace("|", "\\|")
                lines.append(f"| `{name}` | {default} | {_range(field.metadata)} | {meaning} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def commands() -> str:
    """Every command with its own help."""
    lines: list[str] = []
    for heading, rows in TABLE.items():
        lines += [f"## {heading}", ""]
        for path in (path for row in rows for path in _paths(row)):
            lines += [f"### followguard {' '.join(path)}", "", "```", _help(path), "```", ""]
    return "\n".join(lines).rstrip()


def errors() -> str:
    """The error tree: code, exit code, meaning."""

    def below(kind: type[FollowguardError]) -> Iterator[type[FollowguardError]]:
        for each in kind.__subclasses__():
            if each.__module__.startswith("followguard.errors."):
                yield each
                yield from below(each)

    rows = [f"| `{e.code}` | {e.exit_code} | {_first_line(e.__doc__)} |" for e in below(FollowguardError)]
    return "\n".join(["| code | exit | when |", "|---|---|---|", *rows])


def headings() -> str:
    """The names of the columns of profile files."""
    lines = ["| column | its names |", "|---|---|"]
    for column, groups in PROFILE_HEADINGS.names.items():
        names = "; ".join(", ".join(f"`{name}`" for name in group) for group in groups)
        lines.append(f"| `{column}` | {names} |")
    return "\n".join(lines)


def unknown_words() -> str:
    """What means unknown in a cell that holds no text."""
    return ", ".join(f"`{word}`" for word in sorted(UNKNOWN_WORDS))


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "configuration.md": {"keys": keys},
    "commands.md": {"commands": commands, "errors": errors},
    "files.md": {"headings": headings, "unknown words": unknown_words},
}


def page(name: str) -> str:
    """A page with its generated parts as they should be."""
    text = (HERE / name).read_text(encoding="utf-8")
    for part, make in PARTS[name].items():
        begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
        found = re.compile(f"{begin}.*?{end}", re.DOTALL)
        made = f"{begin}\n{make()}\n{end}"
        text, times = found.subn(lambda _, made=made: made, text)
        if times != 1:
            raise SystemExit(f"{name} needs {begin} and {end} exactly once")
    return text


def _range(limits: list[Any]) -> str:
    """`0 to 1`, where both ends are set."""
    low = next((each.ge for each in limits if hasattr(each, "ge")), None)
    high = next((each.le for each in limits if hasattr(each, "le")), None)
    return "" if low is None or high is None else f"{low} to {high:,}"


def _paths(row: Any) -> Iterator[tuple[str, ...]]:
    if row.target:
        yield (row.name,)
    for inner in row.rows:
        yield (row.name, inner.name)


def _help(path: tuple[str, ...]) -> str:
    """The command's own help, 80 columns wide."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "80"
    shown = io.StringIO()
    try:
        with contextlib.redirect_stdout(shown):
            code = main([*path, "--help"])
    finally:
        os.environ.pop("COLUMNS") if before is None else os.environ.update(COLUMNS=before)
    if code:
        raise SystemExit(f"{' '.join(path)} has no help")
    return "\n".join(line.rstrip() for line in shown.getvalue().strip().splitlines())


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().splitlines()[0]


if __name__ == "__main__":
    for each in PARTS:
        (HERE / each).write_text(page(each), encoding="utf-8")
