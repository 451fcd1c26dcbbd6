"""Review sheets as CSV files: written safely, read as people's spreadsheet programs save them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from followguard.adapters.saved_csv import delimiter_of, encoding_of
from followguard.adapters.whole_file import whole_file
from followguard.domain.review_sheet import NEEDED, SheetRow
from followguard.errors import UnreadableFile

if TYPE_CHECKING:
    import _csv

LARGEST = 50 * 2**20
_SAVE_AS = "In the spreadsheet program save it as “CSV UTF-8”."


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes the file whole or not at all, as UTF-8 with the mark by which Excel knows it. Raises `UnreadableFile`."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    try:
        with whole_file(path) as part:
            part.write_bytes(text.getvalue().encode("utf-8-sig", errors="replace"))
    except OSError as error:
        raise UnreadableFile(f"{path} can't be written: {error.strerror}.", "Choose a folder of yours.") from error


def read_sheet(path: Path) -> list[SheetRow]:
    """Every row below the heading. Raises `UnreadableFile` for a file that isn't a review sheet."""
    text = _text_of(path)
    lines = text.splitlines()
    if not lines:
        raise UnreadableFile(f"{path} is empty.", "Make one: followguard review export FILE")
    try:
        return list(_rows(path, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(lines[0]))))
    except csv.Error as error:
        raise UnreadableFile(f"{path} isn't a CSV file ({error}).", _SAVE_AS) from error


def _rows(path: Path, reader: "_csv.Reader") -> Iterator[SheetRow]:
    heads = [head.strip().lower() for head in next(reader)]
    missing = [column for column in NEEDED if column not in heads]
    if missing:
        message = f"{path} has no column {' and no column '.join(missing)}."
        raise UnreadableFile(message, "Start from a fresh one: followguard review export FILE")
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield SheetRow(line, dict(zip(heads, cells, strict=False)))
        line = reader.line_num + 1


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise UnreadableFile(f"{path} can't be read: {error.strerror}.", "Check its name and folder.") from error
    if not raw and path.stat().st_size:
        raise UnreadableFile(f"{path} is too large for a review sheet.", "Export fewer cards.")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile(f"{path} is a workbook, not a CSV file.", _SAVE_AS)
    try:
        return raw.decode(encoding_of(raw))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{path} isn't UTF-8 (line {line}).", _SAVE_AS) from error
