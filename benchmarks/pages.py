"""Pages of figures: parts written into Markdown, tables, verdicts, and the command that measures the same again."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
ACCURACY = DOCS / "accuracy.md"


def replaced(page: str, name: str, part: str) -> str:
    """Replaces what stands between `<!-- NAME -->` and `<!-- end of NAME -->`.

    Raises ValueError where the page has no place for it, or two.
    """
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if page.count(start) != 1 or page.count(end) != 1 or page.index(start) > page.index(end):
        raise ValueError(f"the page needs {start} and {end}, once each and in this order")
    before, after = page.split(start, maxsplit=1)[0], page.split(end)[1]
    return f"{before}{start}\n{part.strip()}\n{end}{after}"


def write_part(path: Path, name: str, part: str) -> None:
    """Replaces one part of a page in place."""
    path.write_text(replaced(path.read_text(encoding="utf-8"), name, part), encoding="utf-8")


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Draws a Markdown table of rows with the same headings; columns line up, so that it reads on a terminal too."""
    heads = list(rows[0]) if rows else ["none"]
    cells = [list(row.values()) for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    lines = [heads, ["-" * width for width in widths], *cells]
    return "\n".join(f"| {' | '.join(c.ljust(w) for c, w in zip(line, widths, strict=True))} |" for line in lines)


def verdict(found: float, floor: float, reach: float, *, high_is_good: bool) -> str:
    """Compares an unrounded figure with its floor and its reach."""
    sign = 1.0 if high_is_good else -1.0
    if sign * (found - reach) >= 0:
        return "won: reached"
    return "won: past the floor" if sign * (found - floor) >= 0 else "LOST: short of the floor"


def command_of(command: str, order: Namespace, usual: Mapping[str, Any]) -> str:
    """Writes the command that measures the same figures; `usual` are the settings that needn't be given."""
    given = {name: getattr(order, name) for name, value in usual.items() if getattr(order, name) != value}
    options = [f" --{name} {each}" for name, own in given.items() for each in (own if isinstance(own, list) else [own])]
    return command + "".join(options) + (" --write" if order.write else "")
