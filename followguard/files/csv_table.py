"""CSV files as spreadsheet programs and exporters save them: one reader for profiles and for review sheets."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from followguard.domain.wording import counted, safe_text
from followguard.errors import UnreadableFile
from followguard.files.headings import Headings, HeadingTable, HeadingTwice, listed, plain_heading
from followguard.files.text_file import Lines, LineTooLong, open_text

Tell = Callable[[str], None]
"""Takes one line about the file that a person should know."""


def untold(_: str) -> None:
    """Drops the message: nobody listens."""


DELIMITERS = ",;\t|"
_SEP = re.compile(r'\ufeff?"?sep=([^\r\n"\0])?"?[,;|\t ]*[\r\n]*', re.IGNORECASE)
"""Excel's own way to say what stands between the cells; written by it, and read by nothing else."""
_NOTHING = " \t,;|\"'\r\n\ufeff"
_NUMBER = re.compile(r"\d{3,}")
_RENAME = "Rename or remove one of them."


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row below the heading. `wrong`: why its cells can't be used, and more about it in `detail`."""

    line: int
    cells: list[str]
    wrong: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A heading line as understood, and the rows below it."""

    headings: Headings
    rows: Iterator[CsvRow]


def read_table(path: Path, known: HeadingTable, needed: tuple[str, ...], help_: str, tell: Tell) -> CsvTable:
    """Reads the table in a file, its encoding checked to the end.

    Empty rows are passed over, counted and told. Raises `UnreadableFile` where no heading line with the columns
    `needed` can be found.
    """
    lines = Lines(open_text(path))
    try:
        return _table(path, lines, known, needed, help_, tell)
    except UnreadableFile:
        lines.close()
        raise


def _table(path: Path, lines: Lines, known: HeadingTable, needed: tuple[str, ...], help_: str, tell: Tell) -> CsvTable:
    try:
        first, delimiter = _first_line(lines, known)
        reader = csv.reader(chain([first], lines), strict=True, delimiter=delimiter)
        cells = _without_tail(next(reader, []))
    except (csv.Error, LineTooLong) as refused:
        raise UnreadableFile(f"The first line of {path} isn't CSV: {refused}.", help_) from refused
    if not cells:
        raise UnreadableFile(f"{path} holds no rows, only separators.", help_)
    headings = _understood(path, cells, known, needed, help_)
    _tell_unread(path, cells, headings, tell)
    return CsvTable(headings, _rows(path, lines, reader, tell, len(cells)))


def _first_line(lines: Lines, known: HeadingTable) -> tuple[str, str]:
    """Finds the heading line and the delimiter between its cells."""
    said = None
    for text in lines:
        found = _SEP.fullmatch(text)
        if found and lines.number == 1:
            said = found[1]
        elif text.strip(_NOTHING):
            return text, said or max(DELIMITERS, key=lambda each: _fit(text, each, known))
    return "", ","


def _fit(text: str, delimiter: str, known: HeadingTable) -> tuple[int, int]:
    """Gives the number of known cells, and of all cells, in a heading line split at this delimiter."""
    with suppress(csv.Error):
        cells = next(csv.reader([text], delimiter=delimiter), [])
        return sum(plain_heading(cell) in known.places for cell in cells), len(cells)
    return 0, 0


def _understood(path: Path, cells: list[str], known: HeadingTable, needed: tuple[str, ...], help_: str) -> Headings:
    try:
        headings = known.read(cells)
    except HeadingTwice as refused:
        raise UnreadableFile(f"{path} has {refused}.", _RENAME) from refused
    missing = [column for column in needed if column not in headings.columns]
    if missing:
        if not any(headings.columns) and any(_NUMBER.fullmatch(cell.strip()) for cell in cells):
            message = f"The first line of {path} is a row, not the names of columns."
            raise UnreadableFile(message, f"Put a line of names above it. {help_}")
        there = listed(headings.unread or [safe_text(cell.strip(), 60) for cell in cells if cell.strip()])
        raise UnreadableFile(f"{path} has no column {' and no column '.join(missing)}, but {there}.", help_)
    return headings


def _tell_unread(path: Path, cells: list[str], headings: Headings, tell: Tell) -> None:
    nameless = [f"the nameless column {place}" for place, cell in enumerate(cells, start=1) if not cell.strip()]
    if headings.unread or nameless:
        tell(f"{path}: columns that aren't read: {listed([*headings.unread, *nameless])}.")


def _without_tail(cells: list[str]) -> list[str]:
    """Drops the empty cells behind the last that has something in it."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _rows(path: Path, lines: Lines, reader: Iterator[list[str]], tell: Tell, wide: int) -> Iterator[CsvRow]:
    blank = 0
    while True:
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except (csv.Error, LineTooLong) as refused:
            yield CsvRow(line, [], "not CSV", _not_csv(refused, line, lines.number))
            continue
        if len(cells) > wide:
            cells = [*cells[:wide], *_without_tail(cells[wide:])]
        if len(cells) > wide:
            yield CsvRow(line, cells, "more cells than columns", f"{len(cells)} cells under {wide} columns")
        elif any(cells) and any(cell.strip() for cell in cells):
            yield CsvRow(line, cells)
        else:
            blank += 1
    lines.close()
    if blank:
        tell(f"{path}: {counted(blank, 'row')} without a single cell passed over.")


def _not_csv(refused: Exception, first: int, last: int) -> str:
    what = str(refused).partition(" - ")[0]
    if "new-line character" in what:
        what = "a bare carriage return stands in a cell without quotes"
    return what + (f"; lines {first} to {last} are lost" if last > first else "")


_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


_GUARD = "'"


_NEXT_CELL = re.compile(r"(?<=[;\t\r\n])(?='*[=+\-@])")
"""Where a program that splits at something other than commas would begin a cell, or a row, with a formula."""


_GUARDED_CELL = re.compile(r"(?<=[;\t\r\n])'(?='*[=+\-@])")


def guarded(text: str) -> str:
    """Makes a cell that spreadsheets take as text: what could begin a formula gets an apostrophe in front.

    A text that begins with an apostrophe gets one more, so that `unguarded` always gives the text back. The same within
    a text behind a semicolon, a tab or a line's end: Excel in German or French splits files of commas there.
    """
    text = _NEXT_CELL.sub(_GUARD, text)
    return _GUARD + text if text.startswith(_RUNS) else text


def unguarded(cell: str) -> str:
    """Gives back the text that `guarded` was given."""
    text = cell[1:] if cell.startswith(_GUARD) and cell[1:].startswith(_RUNS) else cell
    return _GUARDED_CELL.sub("", text) if _GUARD in text else text
