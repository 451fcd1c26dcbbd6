"""Parquet profile files, in and out, in batches whose memory is bounded whatever the file holds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from followguard.domain.wording import safe_text
from followguard.domain.x_profile import COUNT_COLUMNS, FLAG_COLUMNS, LONGEST_TEXT
from followguard.errors import UnreadableFile
from followguard.files.csv_table import Tell
from followguard.files.headings import HeadingTwice, listed
from followguard.files.profile_headings import METRICS, PROFILE_HEADINGS
from followguard.files.profile_lines import COLUMNS_HELP, RawRows, check_accounts

ROWS = 5_000
"""Rows held at a time, in and out."""
BATCH_BYTES = 16 * 2**20
"""How much of a file's columns is held at a time, by what the file says of their size."""
LONGEST_CELL = 4 * LONGEST_TEXT
"""Bytes. A text of `LONGEST_TEXT` characters takes no more."""
LARGEST_COLUMN = 256 * 2**20
"""Bytes that a column may take in one row group, unpacked."""
SUSPECT_COLUMN, SUSPECT_GROUP = 16 * 2**20, 64 * 2**20
"""From here on the cells must be no longer than a profile's, and the texts not packed beyond `LARGEST_RATIO`."""
LARGEST_RATIO = 200
_AGAIN = "Write the file again."
_SMALLER = "Leave out what isn't part of a profile, or write smaller row groups."
_METRIC_TYPES = ("INT32", "INT64", "FLOAT", "DOUBLE")

Cells = Mapping[str, object]


def parquet_rows(path: Path, tell: Tell) -> RawRows:
    """Yields the rows under our names. `line` counts rows from 1."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as whole:
            leaves = _leaves(path, whole, tell)
            _check_sizes(path, whole, leaves)
            texts = [leaf for leaf in leaves if _physical(whole)[leaf] == "BYTE_ARRAY"]
        with parquet.ParquetFile(path, read_dictionary=texts) as file:
            batches = file.iter_batches(_rows_at_once(file, leaves), columns=list(leaves))
            yield from enumerate(chain.from_iterable(_cells_of(batch, leaves) for batch in batches), start=1)
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError, MemoryError) as refused:
        said = safe_text(str(refused).partition("\n")[0], 200)
        raise UnreadableFile(f"{path} isn't a sound Parquet file: {said}", _AGAIN) from refused


def _physical(file: Any) -> dict[str, str]:
    """Maps the path of a leaf column to the way its values are kept."""
    return {column.path: column.physical_type for column in map(file.schema.column, range(len(file.schema.names)))}


def _leaves(path: Path, file: Any, tell: Tell) -> dict[str, str]:
    """Maps each leaf column to ours.

    Raises `UnreadableFile` without an id, or with two columns of one meaning.
    """
    physical = _physical(file)
    names = [name for name in file.schema_arrow.names if name != METRICS or name in physical]
    inner = {leaf: kind for leaf, kind in physical.items() if leaf.startswith(f"{METRICS}.") and leaf not in names}
    headings = [*names, *(leaf for leaf, kind in inner.items() if kind in _METRIC_TYPES)]
    try:
        found = PROFILE_HEADINGS.read(headings)
    except HeadingTwice as refused:
        raise UnreadableFile(f"{path} has {refused}.", "Rename or remove one of them.") from refused
    if "id" not in found.columns:
        there = listed(found.unread or headings)
        raise UnreadableFile(f"{path} has no column id, but {there}.", COLUMNS_HELP)
    check_accounts(path, found)
    leaves = {name: column for name, column in zip(headings, found.columns, strict=True) if column}
    lists = [name for name in leaves if name not in physical]
    if lists:
        raise UnreadableFile(f"{path} holds lists or objects in the column {safe_text(lists[0], 60)}.", _SMALLER)
    unread = [*found.unread, *(safe_text(leaf, 60) for leaf in inner if leaf not in headings)]
    if unread:
        tell(f"{path}: columns that aren't read: {listed(unread)}.")
    return leaves


def _check_sizes(path: Path, file: Any, leaves: Mapping[str, str]) -> None:
    """Raises `UnreadableFile` for columns that would unpack to far more than profiles take."""
    for number in range(file.metadata.num_row_groups):
        unpacked = packed = 0
        for chunk in _chunks(file, number, leaves):
            size, cells = chunk.total_uncompressed_size, max(chunk.num_values, 1)
            if size > LARGEST_COLUMN or (size > SUSPECT_COLUMN and size > LONGEST_CELL * cells):
                what = f"{safe_text(chunk.path_in_schema, 60)} unpacks to {size // 2**20:,} MiB in {cells:,} cells"
                raise UnreadableFile(f"{path} is too large: {what}.", _SMALLER)
            if chunk.physical_type == "BYTE_ARRAY":
                unpacked, packed = unpacked + size, packed + chunk.total_compressed_size
        if unpacked > SUSPECT_GROUP and unpacked > LARGEST_RATIO * packed:
            raise UnreadableFile(f"{path} is too large: its texts unpack to {unpacked // 2**20:,} MiB.", _SMALLER)


def _chunks(file: Any, number: int, leaves: Mapping[str, str]) -> Iterator[Any]:
    """Yields the file's metadata on each leaf's values in a row group."""
    group = file.metadata.row_group(number)
    return (group.column(place) for place, leaf in enumerate(_physical(file)) if leaf in leaves)


def _rows_at_once(file: Any, leaves: Mapping[str, str]) -> int:
    widest = 1.0
    for number in range(file.metadata.num_row_groups):
        size = sum(chunk.total_uncompressed_size for chunk in _chunks(file, number, leaves))
        widest = max(widest, size / max(file.metadata.row_group(number).num_rows, 1))
    return int(max(1, min(ROWS, BATCH_BYTES / widest)))


def _cells_of(batch: Any, leaves: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Yields the rows of a batch. Texts are cut just beyond the limit before each row gets its copy."""
    columns = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name not in leaves:
            inner = zip(column.type, column.flatten(), strict=True)
            columns.update({leaves[f"{METRICS}.{field.name}"]: _plain(values) for field, values in inner})
        else:
            columns[leaves[name]] = _plain(column)
    for row in zip(*columns.values(), strict=True):
        yield dict(zip(columns, row, strict=True))


def _plain(column: Any) -> list[Any]:
    """Lists the values of a column. Equal texts of a dictionary are one object, in however many rows."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        values = [*_plain(column.dictionary), None]
        return [values[-1 if index is None else index] for index in column.indices.to_pylist()]
    found: list[Any] = _of_python(column).to_pylist()
    return found


def _of_python(column: Any) -> Any:
    """Casts the column to a type that fits Python's own: finer times are cut to microseconds."""
    import pyarrow as pa

    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        column = column.cast(pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _cut(column)
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", "UTC" if column.type.tz else None), safe=False)
    if pa.types.is_decimal(column.type) and column.type.scale == 0:
        return column.cast(pa.int64())
    return column


def _cut(column: Any) -> Any:
    """Cuts the texts to at most one character more than a profile may hold."""
    from pyarrow import compute

    longest = compute.max(compute.binary_length(column)).as_py() or 0
    return compute.utf8_slice_codeunits(column, 0, LONGEST_TEXT + 1) if longest > LONGEST_TEXT else column


Write = Callable[[Cells], object]


@contextmanager
def parquet_writer(path: Path, columns: Sequence[str], flat: Callable[[object], object]) -> Iterator[Write]:
    """Takes rows one by one; `flat` makes what isn't plain fit a cell."""
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
            held.append({column: flat(row.get(column)) for column in columns})
            if len(held) >= ROWS:
                flush()

        yield write
        flush()
