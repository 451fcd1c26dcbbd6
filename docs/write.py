"""Writes the generated parts of the reference pages: `python docs/write.py`.

A generated part stands between `<!-- NAME -->` and `<!-- end of NAME -->`; the prose round it is written by hand. A test
compares the pages with what this would write.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def keys() -> str:
    """The tables of configuration keys."""
    from followguard.adapters.config import keys as table
    from followguard.adapters.config.template import is_table, literal

    sections = (
        ("Top of the file", table.FileKeys),
        ("`[prices]`", table.PriceKeys),
        ("`[retention]`", table.RetentionKeys),
        ("`[notify]`", table.NotifyKeys),
        ("`[accounts.HANDLE]`", table.AccountKeys),
        ("`[accounts.HANDLE.policy]`", table.PolicyKeys),
        ("`[[accounts.HANDLE.routes]]`", table.RouteKeys),
    )
    lines: list[str] = []
    for title, section in sections:
        lines += [f"### {title}", "", str(section.__doc__), "", "| key | default | meaning |", "|---|---|---|"]
        for name, field in section.model_fields.items():
            if not is_table(field):
                default = "none: it must be given" if field.is_required() else f"`{literal(field.default)}`"
                meaning = str(field.description).replace("|", "\\|")
                lines.append(f"| `{name}` | {default} | {meaning} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def commands() -> str:
    """Every command with its own help."""
    from followguard.cli.commands import TABLE

    lines: list[str] = []
    for heading, rows in TABLE.items():
        lines += [f"## {heading}", ""]
        for path in (path for row in rows for path in _paths(row)):
            lines += [f"### followguard {' '.join(path)}", "", "```", _help(path), "```", ""]
    return "\n".join(lines).rstrip()


def errors() -> str:
    """The error tree: code, exit code, meaning."""
    from followguard.errors import FollowguardError

    def below(kind: type[FollowguardError]) -> Iterator[type[FollowguardError]]:
        for each in kind.__subclasses__():
            if each.__module__ == "followguard.errors":
                yield each
                yield from below(each)

    rows = [f"| `{e.code}` | {e.exit_code} | {_first_line(e.__doc__)} |" for e in below(FollowguardError)]
    return "\n".join(["| code | exit | when |", "|---|---|---|", *rows])


PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "configuration.md": {"keys": keys},
    "commands.md": {"commands": commands, "errors": errors},
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


def _paths(row: Any) -> Iterator[tuple[str, ...]]:
    if row.target:
        yield (row.name,)
    for inner in row.rows:
        yield (row.name, inner.name)


def _help(path: tuple[str, ...]) -> str:
    """The command's help, 80 columns wide, without the two options that every command has."""
    from typer.main import get_command

    from followguard.cli.lazy import _built
    from followguard.cli.commands import TABLE

    raise NotImplementedError


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().splitlines()[0]


if __name__ == "__main__":
    os.environ["COLUMNS"] = "80"
    for each in PARTS:
        (HERE / each).write_text(page(each), encoding="utf-8")
