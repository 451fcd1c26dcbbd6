"""The rows of CSV and JSONL profile files, as raw cells; what they mean is decided by `domain/profile_row.py`."""

import codecs
import csv
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from followguard.domain.follower import PROFILE_COLUMNS
from followguard.domain.profile_row import LABEL_COLUMNS, RowError
from followguard.errors import UnreadableFile

RawRows = Iterator[tuple[int, object]]
"""Line number and what stood there: a mapping of columns, any JSON value, or a `RowError`."""

COLUMNS = (*PROFILE_COLUMNS, *LABEL_COLUMNS)
COLUMNS_HELP = f"Its columns may be {', '.join(COLUMNS)}; only id is required."

_CHUNK = 1 << 20
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TO_UTF8 = 'Save it as UTF-8 (in Excel: "CSV UTF-8") and run the command again.'


def csv_rows(path: Path) -> RawRows:
    """The rows below the header, blank lines left out."""
    _check_utf8(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
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
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        raise UnreadableFile(f"{path} isn't separated by commas.", "Export it again with commas between the columns.")
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
    _check_utf8(path)
    with path.open(encoding="utf-8-sig", newline="\n") as file:
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


def _check_utf8(path: Path) -> None:
    """Reads the whole file once, so that a wrong encoding is said before the first row is used."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, offset = 1, 0
    with path.open("rb") as file:
        for chunk in chain(iter(lambda: file.read(_CHUNK), b""), [b""]):
            if offset == 0 and chunk.startswith(_WIDE_BOMS):
                raise UnreadableFile(f"{path} is UTF-16, not UTF-8.", _TO_UTF8)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as refused:
                line += refused.object[: refused.start].count(b"\n")
                at = offset - pending + refused.start
                raise UnreadableFile(f"{path} isn't UTF-8: line {line}, byte {at:,}.", _TO_UTF8) from refused
            line += chunk.count(b"\n")
            offset += len(chunk)
