"""Profile files in and out: CSV, JSON and Parquet, by the ending; what the cells mean decides `domain/profile_row.py`.

A whole file that can't be read raises `UnreadableFile`; a row that can't be read comes back as a `RowError` in its
place, and the file goes on; anything else that a person should know is told in a line. Rows are streamed: a long file
takes no more memory than a short one, but for its ids.
"""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path

from followguard.errors import UnreadableFile, UsageError
from followguard.files.csv_table import Tell, guarded, untold
from followguard.files.profile_cells import UNKNOWN_TEXTS
from followguard.files.profile_json import json_rows
from followguard.files.profile_lines import COLUMNS_HELP, RawRows, csv_rows
from followguard.files.profile_parquet import Cells, Write, parquet_rows, parquet_writer
from followguard.files.profile_row import SCORE_COLUMNS, ProfileRow, RowError, row_from
from followguard.files.seen_ids import SeenIds
from followguard.files.text_file import check_there, is_parquet
from followguard.files.whole_file import whole_file

Row = ProfileRow | RowError

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".numbers"})


def read_profiles(path: Path, now: datetime, tell: Tell = untold) -> Iterator[Row]:
    """Yields one row per row of the file, in order.

    Rows without `observed_at` were observed `now` (aware UTC). An id that an earlier good row has is an error. `tell`
    gets columns that aren't read, rows without a cell, ids that look rounded. Raises `UnreadableFile`: at once for a
    missing, empty, foreign or wrongly encoded file, and when it is cut off half-way.
    """
    raws = _reader_for(path)(path, tell)
    first = next(raws, None)
    if first is None:
        raise UnreadableFile(f"{path} holds no rows.", COLUMNS_HELP)
    return _rows(path, chain([first], raws), now, tell)


def _reader_for(path: Path) -> Callable[[Path, Tell], RawRows]:
    """Picks the reader by the file's ending.

    Raises `UnreadableFile` for a foreign ending, and for a file of another kind.
    """
    ending = path.suffix.lower()
    reader = _READERS.get(ending)
    if reader is None:
        kind = " (a workbook)" if ending in _WORKBOOKS else ""
        raise UnreadableFile(
            f"{path} isn't a profile file: its name ends in {path.suffix or 'nothing'}{kind}.",
            f"{'Save it as CSV UTF-8. ' if kind else ''}Give a file that ends in .csv, .jsonl or .parquet.",
        )
    check_there(path, COLUMNS_HELP)
    if is_parquet(path) and reader is not parquet_rows:
        raise UnreadableFile(f"{path} is a Parquet file.", "Let its name end in .parquet.")
    return reader


def _rows(path: Path, raws: RawRows, now: datetime, tell: Tell) -> Iterator[Row]:
    seen = SeenIds()
    for line, raw in raws:
        row = raw if isinstance(raw, RowError) else row_from(raw, line, now)
        if isinstance(row, ProfileRow):
            first = seen.first_line(row.profile.id, line)
            if first is not None:
                row = _again(row, first)
        yield row
    if seen.rounded:
        many = f"{seen.round:,} of {seen.long:,} long ids"
        tell(f"{path}: {many} end in zeros, as if a spreadsheet had rounded them. Export the column as text.")


def _again(row: ProfileRow, first: int) -> RowError:
    error = f"line {row.line}: the same id as line {first}"
    return RowError(line=row.line, id=row.profile.id, error=error, reason="the same id as an earlier row")


_READERS: Mapping[str, Callable[[Path, Tell], RawRows]] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), csv_rows),
    **dict.fromkeys((".jsonl", ".ndjson", ".json", ".js"), json_rows),
    ".parquet": parquet_rows,
}


# --- writing --------------------------------------------------------------------------------------------------------
def write_rows(path: Path, rows: Iterable[Cells], columns: Sequence[str] = SCORE_COLUMNS) -> int:
    """Writes a file by its ending and returns how many rows it holds.

    The file appears whole or not at all. `columns` orders CSV and Parquet, where lists and objects become JSON text;
    JSONL holds each row as it comes. Raises `UsageError` for another ending or a place that can't be written.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UsageError(
            f"{path} can't be written: its name ends in {path.suffix or 'nothing'}.",
            "Choose a name that ends in .csv, .jsonl or .parquet.",
        )
    if not os.path.isdir(path.parent):  # noqa: PTH112 - pathlib raises where the folder above may not be looked into
        raise UsageError(f"{path} can't be written: no folder {path.parent}.", "Create the folder first.")
    written = 0
    try:
        with whole_file(path) as part, writer(part, columns) as write:
            for row in rows:
                write(row)
                written += 1
    except OSError as refused:
        raise UsageError(
            f"{path} can't be written: {refused.strerror}.", "Check the folder and its rights."
        ) from refused
    return written


@contextmanager
def _jsonl_writer(path: Path, columns: Sequence[str]) -> Iterator[Write]:  # noqa: ARG001 - one shape for the three
    with path.open("w", encoding="utf-8") as file:
        yield lambda row: file.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def _csv_writer(path: Path, columns: Sequence[str]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        yield lambda row: writer.writerow([_csv_cell(row.get(column)) for column in columns])


def _parquet_writer(path: Path, columns: Sequence[str]) -> AbstractContextManager[Write]:
    return parquet_writer(path, columns, _flat)


def _flat(cell: object) -> object:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | dict | tuple) else cell


def _csv_cell(cell: object) -> object:
    """Turns the cell into one for a spreadsheet.

    An apostrophe goes before what a spreadsheet would run, or `read_profiles` take for nothing; `read_profiles` takes
    it off again.
    """
    if isinstance(cell, str):
        return f"'{cell}" if cell and cell in UNKNOWN_TEXTS else guarded(cell)
    return json.dumps(cell) if isinstance(cell, bool) else _flat(cell)


_WRITERS: Mapping[str, Callable[[Path, Sequence[str]], AbstractContextManager[Write]]] = {
    ".csv": _csv_writer,
    ".jsonl": _jsonl_writer,
    ".parquet": _parquet_writer,
}
