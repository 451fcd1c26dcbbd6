"""Profile files in and out: CSV, JSONL and Parquet. The only home of pyarrow.

What makes a whole file unreadable raises `UnreadableFile`; what is wrong with one row comes back as a `RowError` in
its place, and the file goes on. Rows are streamed: a long file takes no more memory than a short one. An account may
stand in several rows, observed at several times.
"""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from followguard.adapters.profile_lines import COLUMNS, COLUMNS_HELP, RawRows, check_columns, csv_rows, jsonl_rows
from followguard.adapters.whole_file import whole_file
from followguard.domain.profile_row import SCORE_COLUMNS, ProfileRow, RowError, row_from
from followguard.domain.x_profile import COUNT_COLUMNS, FLAG_COLUMNS
from followguard.errors import UnreadableFile, UsageError

Row = ProfileRow | RowError
Cells = Mapping[str, object]

PARQUET_ROWS = 5_000
"""Rows held at a time, in and out."""


def read_profiles(path: Path, now: datetime) -> Iterator[Row]:
    """One row per row of the file, in order. Rows without `observed_at` were observed `now` (aware UTC).

    Raises `UnreadableFile`: at once for a missing, empty, foreign or wrongly encoded file, and when it is cut off
    half-way.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(
            f"{path} isn't a profile file: its name ends in {path.suffix or 'nothing'}.",
            "Give a file that ends in .csv, .jsonl or .parquet.",
        )
    _check_there(path)
    raws = reader(path)
    first = next(raws, None)
    if first is None:
        raise UnreadableFile(f"{path} holds no rows.", COLUMNS_HELP)
    return _rows(chain([first], raws), now)


def _check_there(path: Path) -> None:
    try:
        empty = path.stat().st_size == 0
        with path.open("rb"):
            pass
    except OSError as refused:
        raise UnreadableFile(
            f"{path} can't be read: {refused.strerror}.", "Check the path and its rights."
        ) from refused
    if empty:
        raise UnreadableFile(f"{path} is empty.", COLUMNS_HELP)


def _rows(raws: RawRows, now: datetime) -> Iterator[Row]:
    for line, raw in raws:
        yield raw if isinstance(raw, RowError) else row_from(raw, line, now)


# --- reading Parquet ------------------------------------------------------------------------------------------------
def _parquet_rows(path: Path) -> RawRows:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            check_columns(path, names)
            batches = file.iter_batches(PARQUET_ROWS, columns=[name for name in names if name in COLUMNS])
            yield from enumerate(chain.from_iterable(map(_cells_of, batches)), start=1)
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError) as refused:
        said = str(refused).partition("\n")[0]
        raise UnreadableFile(f"{path} isn't a sound Parquet file: {said}", "Write the file again.") from refused


def _cells_of(batch: Any) -> list[dict[str, object]]:
    """The rows of a batch. Python's times end at microseconds, so finer ones are cut."""
    import pyarrow as pa

    def cut(column: Any) -> Any:
        if not pa.types.is_timestamp(column.type):
            return column
        return column.cast(pa.timestamp("us", "UTC" if column.type.tz else None), safe=False)

    cells: list[dict[str, object]] = pa.table(
        [cut(column) for column in batch.columns], names=batch.schema.names
    ).to_pylist()
    return cells


_READERS: Mapping[str, Callable[[Path], RawRows]] = {
    ".csv": csv_rows,
    ".jsonl": jsonl_rows,
    ".parquet": _parquet_rows,
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


Write = Callable[[Cells], object]


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


@contextmanager
def _parquet_writer(path: Path, columns: Sequence[str]) -> Iterator[Write]:
    import pyarrow as pa
    from pyarrow import parquet

    types = {**dict.fromkeys(COUNT_COLUMNS, pa.int64()), **dict.fromkeys(FLAG_COLUMNS, pa.bool_())}
    types["p_spam"] = types["base_logit"] = pa.float64()
    schema = pa.schema([(column, types.get(column, pa.string())) for column in columns])
    held: list[dict[str, object]] = []
    with parquet.ParquetWriter(path, schema) as file:

        def flush() -> None:
            file.write_table(pa.Table.from_pylist(held, schema=schema))
            held.clear()

        def write(row: Cells) -> None:
            held.append({column: _flat(row.get(column)) for column in columns})
            if len(held) >= PARQUET_ROWS:
                flush()

        yield write
        flush()


def _flat(cell: object) -> object:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | dict | tuple) else cell


def _csv_cell(cell: object) -> object:
    return json.dumps(cell) if isinstance(cell, bool) else _flat(cell)


_WRITERS: Mapping[str, Callable[[Path, Sequence[str]], AbstractContextManager[Write]]] = {
    ".csv": _csv_writer,
    ".jsonl": _jsonl_writer,
    ".parquet": _parquet_writer,
}
