"""Writes measured parts into a page: what stands between `<!-- NAME -->` and `<!-- end of NAME -->`."""

from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
ACCURACY = DOCS / "accuracy.md"


def replaced(page: str, name: str, part: str) -> str:
    """The page with another part of that name. Raises ValueError where the page has no place for it, or two."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if page.count(start) != 1 or page.count(end) != 1 or page.index(start) > page.index(end):
        raise ValueError(f"the page needs {start} and {end}, once each and in this order")
    before, after = page.split(start, maxsplit=1)[0], page.split(end)[1]
    return f"{before}{start}\n{part.strip()}\n{end}{after}"


def write_part(path: Path, name: str, part: str) -> None:
    """Replaces one part of a page in place."""
    path.write_text(replaced(path.read_text(encoding="utf-8"), name, part), encoding="utf-8")


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table whose columns line up, so that it reads on a terminal too."""
    widths = [max(len(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    lines = [heads, ["-" * width for width in widths], *rows]
    return "\n".join(f"| {' | '.join(c.ljust(w) for c, w in zip(line, widths, strict=True))} |" for line in lines)
