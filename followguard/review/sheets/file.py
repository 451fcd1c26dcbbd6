"""Review sheets as CSV files: written safely, read as people's spreadsheet programs save them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from followguard.errors import UnreadableFile
from followguard.files.csv_table import CsvTable, Tell, read_table, untold
from followguard.files.text_file import check_there, is_parquet
from followguard.files.whole_file import whole_file
from followguard.review.sheets.rows import NEEDED, SHEET_HEADINGS, SheetRow

LARGEST = 50 * 2**20
_SAVE_AS = "In the spreadsheet program save it as “CSV UTF-8”."
_FRESH = "Start from a fresh one: followguard review export FILE"


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


def read_sheet(path: Path, tell: Tell = untold) -> list[SheetRow]:
    """Returns every row below the heading. `tell` gets columns that aren't read and rows without a cell.

    Raises `UnreadableFile` for a file that isn't a review sheet, or isn't CSV to its end: none of it is decided then.
    """
    check_there(path, "Make one: followguard review export FILE")
    if is_parquet(path):
        raise UnreadableFile(f"{path} is a Parquet file, not a review sheet.", _FRESH)
    if path.stat().st_size > LARGEST:
        raise UnreadableFile(f"{path} is too large for a review sheet.", "Export fewer cards.")
    return list(_rows(path, read_table(path, SHEET_HEADINGS, NEEDED, _FRESH, tell)))


def _rows(path: Path, table: CsvTable) -> Iterator[SheetRow]:
    places = [(index, column) for index, column in enumerate(table.headings.columns) if column]
    for row in table.rows:
        if row.wrong and not row.cells:
            raise UnreadableFile(f"{path} isn't a CSV file (line {row.line}: {row.detail}).", _SAVE_AS)
        cells = {column: row.cells[index] for index, column in places if index < len(row.cells)}
        yield SheetRow(row.line, cells, row.detail)
