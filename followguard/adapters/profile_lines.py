"""The rows of CSV and JSONL profile files, as raw cells; what they mean is decided by `domain/profile_row.py`."""

import codecs
import csv
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from followguard.adapters.saved_csv import delimiter_of, encoding_of
from followguard.domain.follower import PROFILE_COLUMNS
from followguard.domain.profile_row import LABEL_COLUMNS, RowError
from followguard.errors import UnreadableFile

RawRows = Iterator[tuple[int, object]]
"""Line number and what stood there: a mapping of columns, any JSON value, or a `RowError`."""

COLUMNS = (*PROFILE_COLUMNS, *LABEL_COLUMNS)
COLUMNS_HELP = f"Its columns may be {', '.join(COLUMNS)}; only id is required."

_CHUNK = 1 << 20
_LONGEST_MARK = 3
_TO_UTF8 = 'Save it as UTF-8 (in Excel: "CSV UTF-8") and run the command again.'


def csv_rows(path: Path) -> RawRows:
    """The rows below the header, blank lines left out."""
    encoding = _checked_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(_CHUNK)
        file.seek(0)
        reader = csv.reader(file, strict=True, delimiter=delimiter_of(first))
        header = _header(path, reader)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as refused:
                yield line, RowError(line=line, id=None, error=f"line {line}: not CSV: {refused}")
                continue
            if cells is None:
                return
            if cells:
                yield line, _named(header, cells, line)


def _header(path: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as refused:
        raise UnreadableFile(f"The first line of {path} isn't CSV: {refused}.", COLUMNS_HELP) from refused
    check_columns(path, header)
    return header


def check_columns(path: Path, names: list[str]) -> None:
    """Raises `UnreadableFile` without a column id, or with a known column twice."""
    known = [name for name in names if name in COLUMNS]
    if "id" not in known:
        raise UnreadableFile(f"{path} has no column id.", COLUMNS_HELP)
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise UnreadableFile(f"{path} has the column {twice[0]} twice.", "Rename or remove one of them.")


def _named(header: list[str], cells: list[str], line: int) -> dict[str, object] | RowError:
    """The known columns of a row, empty cells as None. Cells missing at the end of the row are unknown too."""
    found: dict[str, object] = {name: cell or None for name, cell in zip(header, cells, strict=False)}
    if len(cells) > len(header):
        error = f"line {line}: {len(cells)} cells under {len(header)} columns"
        return RowError(line=line, id=str(found["id"] or "")[:40] or None, error=error)
    return {name: cell for name, cell in found.items() if name in COLUMNS}


def jsonl_rows(path: Path) -> RawRows:
    """One JSON value a line, blank lines left out."""
    encoding = _checked_encoding(path)
    with path.open(encoding=encoding, newline="\n") as file:
        for line, text in enumerate(file, start=1):
            if line == 1 and text.lstrip().startswith("["):
                raise UnreadableFile(f"{path} is one JSON array.", "Write one object a line: jq -c '.[]' FILE.")
            if text.strip():
                yield line, _parsed(text, line)


def _parsed(text: str, line: int) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as refused:
        return RowError(line=line, id=None, error=f"line {line}: not JSON: {refused}")


def _checked_encoding(path: Path) -> str:
    """Reads the whole file once, so that a wrong encoding is said before the first row is used."""
    line, offset = 1, 0
    with path.open("rb") as file:
        encoding = encoding_of(file.read(_LONGEST_MARK))
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding.removesuffix("-sig"))()
        for chunk in chain(iter(lambda: file.read(_CHUNK), b""), [b""]):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as refused:
                line += refused.object[: refused.start].count(b"\n")
                name, at = encoding.removesuffix("-sig").upper(), offset - pending + refused.start
                raise UnreadableFile(f"{path} isn't {name}: line {line}, byte {at:,}.", _TO_UTF8) from refused
            line += chunk.count(b"\n")
            offset += len(chunk)
    return encoding
