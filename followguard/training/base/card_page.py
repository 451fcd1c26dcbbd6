"""The model card as an HTML page: what `CARD.md` says, in one file that asks for nothing from outside.

Knows the little of Markdown that our own cards are written in: headings, paragraphs, one level of lists, tables, fenced
code; within a line code, bold, stress, links. HTML isn't known: it stays text. A link keeps its target only where that
is https or a path; a picture becomes its words.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from followguard.files.html import STYLE, content_policy, program_version

_PIECE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<bold>.+?)\*\*|\*(?P<stress>[^\s*](?:[^*]*[^\s*])?)\*|!?\[(?P<text>[^\]]*)\]\((?P<target>[^()\s]+)\)"
)
_HEADING = re.compile(r"(#{1,6}) +(.+)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RULE = re.compile(r"\|(\s*:?-+:?\s*\|)+")
_NUMBER = re.compile(r"[-+$]?\d.*|")
_SAFE_TARGET = re.compile(r"https://.+|[\w.#-][\w./#-]*")
_FENCE, _ITEM, _ROW = "```", "- ", "|"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text within a line. `kind` is text, code, bold, stress or link; only a link has a target."""

    kind: str
    text: str
    target: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """One block. `kind` is heading, paragraph, list, table or code; the other fields hold what that kind has.

    `lines` are the one line of a heading or paragraph, the items of a list, or the head of a table; `rows` the body of
    a table, `numeric` which of its columns hold numbers only.
    """

    kind: str
    lines: tuple[Line, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()
    numeric: tuple[bool, ...] = ()
    level: int = 0
    text: str = ""


def blocks(markdown: str) -> Iterator[MarkdownBlock]:
    """Returns the blocks of a text, in order."""
    rows = _COMMENT.sub("", markdown).splitlines()
    at = 0
    while at < len(rows):
        if not rows[at].strip():
            at += 1
            continue
        make, stop = _shape(rows, at)
        yield make(rows[at:stop])
        at = stop


def pieces(text: str) -> Line:
    """Returns a line as runs of text."""
    found: list[Piece] = []
    at = 0
    for match in _PIECE.finditer(text):
        found += [Piece("text", text[at : match.start()])] if match.start() > at else []
        found.append(_piece(match))
        at = match.end()
    return (*found, Piece("text", text[at:])) if at < len(text) else tuple(found)


def _piece(match: re.Match[str]) -> Piece:
    for kind in ("code", "bold", "stress"):
        if match[kind] is not None:
            return Piece(kind, match[kind])
    linked = not match[0].startswith("!") and _SAFE_TARGET.fullmatch(match["target"])
    return Piece("link", match["text"], match["target"]) if linked else Piece("text", match["text"])


def _shape(rows: list[str], at: int) -> tuple[Callable[[list[str]], MarkdownBlock], int]:
    """Returns the block that begins at a row, and the row after its last."""
    first = rows[at]
    if first.startswith(_FENCE):
        closed = next((n for n in range(at + 1, len(rows)) if rows[n].startswith(_FENCE)), len(rows))
        return _code, min(closed + 1, len(rows))
    if _HEADING.fullmatch(first):
        return _heading, at + 1
    stop = next((n for n in range(at + 1, len(rows)) if _begins_anew(rows[n])), len(rows))
    if _is_table(rows, at):
        inside = next((n for n in range(at + 1, stop) if not rows[n].startswith(_ROW)), stop)
        return _table, inside
    if first.startswith(_ITEM):
        return _list, stop
    listed = next((n for n in range(at + 1, stop) if rows[n].startswith(_ITEM) or _is_table(rows, n)), stop)
    return _paragraph, listed


def _begins_anew(row: str) -> bool:
    return not row.strip() or row.startswith(_FENCE) or _HEADING.fullmatch(row) is not None


def _is_table(rows: list[str], at: int) -> bool:
    return rows[at].startswith(_ROW) and at + 1 < len(rows) and _RULE.fullmatch(rows[at + 1].strip()) is not None


def _code(rows: list[str]) -> MarkdownBlock:
    body = rows[1:-1] if len(rows) > 1 and rows[-1].startswith(_FENCE) else rows[1:]
    return MarkdownBlock("code", text="\n".join(body))


def _heading(rows: list[str]) -> MarkdownBlock:
    found = _HEADING.fullmatch(rows[0])
    marks, text = (found[1], found[2]) if found else ("#", rows[0])
    return MarkdownBlock("heading", lines=(pieces(text),), level=len(marks), text=text)


def _paragraph(rows: list[str]) -> MarkdownBlock:
    return MarkdownBlock("paragraph", lines=(pieces(" ".join(row.strip() for row in rows)),))


def _list(rows: list[str]) -> MarkdownBlock:
    """Returns the items; a row that starts none goes on with the one before."""
    items: list[str] = []
    for row in rows:
        if row.startswith(_ITEM):
            items.append(row.removeprefix(_ITEM).strip())
        else:
            items[-1] += f" {row.strip()}"
    return MarkdownBlock("list", lines=tuple(pieces(item) for item in items))


def _table(rows: list[str]) -> MarkdownBlock:
    """Returns the table; a row shorter than the head is filled up, a longer one is cut."""
    head, body = _cells(rows[0]), [_cells(row) for row in rows[2:]]
    width = len(head)
    even = [(*row, *[""] * width)[:width] for row in body]
    numeric = tuple(all(_NUMBER.fullmatch(row[at].strip("*")) for row in even) and at > 0 for at in range(width))
    return MarkdownBlock("table", tuple(map(pieces, head)), tuple(tuple(map(pieces, row)) for row in even), numeric)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().removeprefix(_ROW).removesuffix(_ROW).split(_ROW)]


HERE = Path(__file__).parent
CARD_STYLE = HERE / "card.css"


def card_html(markdown: str) -> str:
    """Returns the page of a card written in Markdown, all of it escaped but our own style sheet."""
    found = list(blocks(markdown))
    style = STYLE.read_text(encoding="utf-8") + CARD_STYLE.read_text(encoding="utf-8")
    title = next((block.text for block in found if block.kind == "heading"), "Model card")
    page = _environment().get_template("card.html.j2")
    return page.render(
        blocks=found, title=title, style=style, policy=content_policy(style), program=program_version()
    ).lstrip()


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def write_card_page(folder: Path) -> Path:
    """Writes the model card beside its Markdown as one HTML page; returns where it is."""
    from followguard.files.whole_file import whole_file
    from followguard.training.base.card_page import card_html

    page = folder / "CARD.html"
    text = card_html((folder / "CARD.md").read_text(encoding="utf-8"))
    with whole_file(page) as part:
        part.write_text(text, encoding="utf-8")
    return page
