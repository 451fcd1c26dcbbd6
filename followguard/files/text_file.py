"""Text files as people have them: what kind of file it really is, how its letters are written, its lines."""

import codecs
import re
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from followguard.errors import UnreadableFile

LONGEST_LINE = 1 << 20
"""Characters. A longer line is no row of a table, and is passed over without being held in memory."""
CHUNK = 1 << 20
_LONGEST_MARK = 4
_TO_UTF8 = 'Save it as UTF-8 (in Excel: "CSV UTF-8") and run the command again.'
_SAVE_AS = "In the spreadsheet program save the sheet as “CSV UTF-8”, and give that file."
_UNPACK = "Unpack it, and give the file that was in it."
_EXPORT = "Export the rows as CSV or JSONL, and give that file."
_BY_MARK = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (rb"PK\x03\x04.{26}(?:\[Content_Types\]|_rels/|xl/|mimetypeapplication/vnd\.oasis)", "a workbook", _SAVE_AS),
    (rb"\xd0\xcf\x11\xe0", "a workbook of an old kind", _SAVE_AS),
    (rb"PK(?:\x03\x04|\x05\x06)", "a zip archive, or a workbook", f"{_UNPACK} Of a workbook: {_SAVE_AS}"),
    (rb"\x1f\x8b", "compressed (gzip)", _UNPACK),
    (rb"BZh[1-9]", "compressed (bzip2)", _UNPACK),
    (rb"\xfd7zXZ\x00", "compressed (xz)", _UNPACK),
    (rb"\x28\xb5\x2f\xfd", "compressed (zstd)", _UNPACK),
    (rb"7z\xbc\xaf\x27\x1c|Rar!", "a packed archive", _UNPACK),
    (rb"SQLite format 3\x00", "a database", _EXPORT),
    (rb"ARROW1", "an Arrow file", "Write it as Parquet, and give that file."),
    (rb"%PDF", "a PDF", _EXPORT),
    (rb"(?i)(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)", "a page of HTML or XML", _EXPORT),
)
"""How files begin that aren't text, what they are, and what to do."""
PARQUET = b"PAR1"


def check_there(path: Path, help_: str) -> None:
    """Raises `UnreadableFile` for what isn't a file with something in it, or is one of `_KINDS`."""
    try:
        found = path.stat()
        kind = _other_than_file(found.st_mode)
        if kind is None:
            with path.open("rb") as file:
                beginning = file.read(200)
    except (OSError, ValueError) as refused:
        why = getattr(refused, "strerror", None) or str(refused)
        raise UnreadableFile(f"{path} can't be read: {why}.", "Check the path and its rights.") from refused
    if kind is not None:
        raise UnreadableFile(f"{path} can't be read: it is {kind}.", "Give a file.")
    if not beginning:
        raise UnreadableFile(f"{path} is empty.", help_)
    for begins, what, next_step in _KINDS:
        if re.match(begins, beginning, re.DOTALL):
            raise UnreadableFile(f"{path} is {what}, not a file of rows.", next_step)


def _other_than_file(mode: int) -> str | None:
    if stat.S_ISREG(mode):
        return None
    return "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"


def is_parquet(path: Path) -> bool:
    """Tells whether an existing file begins as Parquet does, whatever its name says."""
    with path.open("rb") as file:
        return file.read(len(PARQUET)) == PARQUET


def begins_as_json(path: Path) -> bool:
    """Tells whether a file begins as a JSON object or a list of objects does; no heading does."""
    with path.open("rb") as file:
        return re.match(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"", file.read(200)) is not None


def open_text(path: Path) -> TextIO:
    """Opens the text at its beginning, line ends as they are.

    Raises `UnreadableFile` for a wrong encoding anywhere.
    """
    encoding = _checked_encoding(path)
    return path.open(encoding=encoding, newline=_line_end(path, encoding))


def _line_end(path: Path, encoding: str) -> str:
    r"""Gives `\n`, or `\r` where no line ends otherwise: a bare `\r` within a line is part of a cell."""
    with path.open(encoding=encoding, newline="") as file:
        beginning = file.read(CHUNK)
    return "\r" if "\r" in beginning and "\n" not in beginning else "\n"


def encoding_of(beginning: bytes) -> str:
    """Tells the encoding by the file's mark: UTF-16 or UTF-32, else UTF-8 with its own mark left out."""
    return next((name for mark, name in _BY_MARK if beginning.startswith(mark)), "utf-8-sig")


def _checked_encoding(path: Path) -> str:
    """Reads the whole file once, so that a wrong encoding is said before the first row is used."""
    line, offset = 1, 0
    with path.open("rb") as file:
        beginning = file.read(CHUNK)
        encoding = encoding_of(beginning[:_LONGEST_MARK])
        _check_marked(path, beginning, encoding)
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding.removesuffix("-sig"))()
        for chunk in chain(iter(lambda: file.read(CHUNK), b""), [b""]):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as refused:
                line += refused.object[: refused.start].count(b"\n")
                name, at = encoding.removesuffix("-sig").upper(), offset - pending + refused.start
                where = f"{path} isn't {name}: line {line}, byte {at:,}."
                raise UnreadableFile(where + _guess(refused), _TO_UTF8) from refused
            line += chunk.count(b"\n")
            offset += len(chunk)
    return encoding


def _check_marked(path: Path, beginning: bytes, encoding: str) -> None:
    """Raises `UnreadableFile` where every other byte is NUL: UTF-16 that doesn't say so."""
    if encoding == "utf-8-sig" and beginning.count(0) * 3 > len(beginning):
        raise UnreadableFile(f"{path} isn't UTF-8: it seems to be UTF-16 without its mark.", _TO_UTF8)


def _guess(refused: UnicodeDecodeError) -> str:
    """Guesses at Windows-1252, Excel's plain CSV, by the word round the wrong byte; otherwise an empty text."""
    if refused.encoding != "utf-8" or refused.reason == "unexpected end of data":
        return ""
    around = refused.object[max(refused.start - 10, 0) : refused.start + 10]
    word = re.search(r"\w*$", around[: min(10, refused.start)].decode("cp1252", "replace"))
    rest = re.match(r"\w+", around[min(10, refused.start) :].decode("cp1252", "replace"))
    if word is None or rest is None:
        return ""
    return f" It seems to be Windows-1252 (“{word[0]}{rest[0]}”)."


class LineTooLong(ValueError):
    """A line longer than any that holds a row. It was passed over; the next one can be read."""


class Lines:
    """The lines of a text, counted from 1 in `number`, and none of them endless."""

    def __init__(self, file: TextIO, longest: int = LONGEST_LINE) -> None:
        self._read = file.readline
        self.close = file.close
        self._longest = longest
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self._read(self._longest)
        if not text:
            raise StopIteration
        self.number += 1
        if len(text) == self._longest and text[-1] not in "\r\n":
            while (more := self._read(CHUNK)) and more[-1] not in "\r\n":
                pass
            raise LineTooLong(f"a line of more than {self._longest:,} characters")
        return text
