"""The objects of JSON profile files: one a line, whole pages of X's API, arrays, objects printed over several lines."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TextIO

from followguard.domain.wording import safe_text
from followguard.errors import UnreadableFile
from followguard.files.csv_table import Tell
from followguard.files.headings import HeadingTwice, listed
from followguard.files.profile_headings import OBJECT_KEYS
from followguard.files.profile_lines import COLUMNS_HELP, RawRows
from followguard.files.profile_row import RowError, row_error
from followguard.files.text_file import Lines, LineTooLong, open_text
from followguard.files.x_objects import NotAccounts, NoUser, archive_kind, users_in

LARGEST = 32 * 2**20
"""Characters of a line, which may be a page of a thousand accounts, and bytes of a file that is one document.

A file with a line for each object may be of any size.
"""
_SHAPES, _NAMED = 1_000, 40
_A_LINE_EACH = "Write one object a line: jq -c '.[]' FILE, or jq -c . FILE."
_BLANK = " \t\r\n\ufeff\x1e\x00"

Values = Iterator[tuple[int, object]]


def json_rows(path: Path, tell: Tell) -> RawRows:
    """Yields the file's objects with our names for their keys, and a `RowError` for anything else."""
    keys, first = _Keys(), True
    with open_text(path) as file:
        for line, value in _values(path, file):
            for user in users_in(value):
                if first and isinstance(user, NotAccounts):
                    raise UnreadableFile(f"{path} is {user.what}.", user.next_step)
                first = False
                yield line, keys.renamed(user, line)
    if keys.unread:
        tell(f"{path}: keys that aren't read: {listed(list(keys.unread))}.")


class _Keys:
    """Our names for the keys of objects, and which keys have none. The same shape is looked up once."""

    def __init__(self) -> None:
        self.unread: dict[str, None] = {}
        self._shapes: dict[tuple[str, ...], list[tuple[str, str]]] = {}

    def renamed(self, user: object, line: int) -> object:
        """Gives the object under our names, or a `RowError`."""
        if isinstance(user, NoUser):
            return row_error(line, "X gave no account", user.why)
        if isinstance(user, NotAccounts):
            return row_error(line, "not an account", f"this is {user.what}")
        if not isinstance(user, Mapping):
            return user
        try:
            return {column: user[key] for key, column in self._pairs(tuple(user))}
        except HeadingTwice as refused:
            return row_error(line, str(refused))

    def _pairs(self, shape: tuple[str, ...]) -> list[tuple[str, str]]:
        if shape not in self._shapes:
            found = OBJECT_KEYS.read(shape)
            if len(self.unread) < _NAMED:
                self.unread.update(dict.fromkeys(found.unread))
            if len(self._shapes) >= _SHAPES:
                self._shapes.clear()
            self._shapes[shape] = [(key, column) for key, column in zip(shape, found.columns, strict=True) if column]
        return self._shapes[shape]


def _values(path: Path, file: TextIO) -> Values:
    lines = Lines(file, LARGEST)
    first = next(_parsed_lines(lines), None)
    if first is None:
        return
    _, value = first
    if not isinstance(value, _NotJson):
        yield from _of_lines(chain([first], _parsed_lines(lines)))
        return
    _check_kind(path, value)
    file.seek(0)
    whole = _document(path, file, value)
    if whole is not None:
        yield from whole
        return
    file.seek(0)
    yield from _of_lines(_parsed_lines(Lines(file, LARGEST)))


class _NotJson:
    """A line that isn't a whole JSON value."""

    def __init__(self, text: str, error: str) -> None:
        self.text, self.error = text, error


def _parsed_lines(lines: Lines) -> Iterator[tuple[int, object]]:
    """Yields a value for each line that isn't blank. Iterating goes on after a line that is too long."""
    while True:
        try:
            text = next(lines).strip(_BLANK)
        except StopIteration:
            return
        except LineTooLong as refused:
            yield lines.number, _NotJson("", str(refused))
            continue
        if text:
            yield lines.number, _parsed(text)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as refused:
        return _NotJson(text, str(refused))


def _of_lines(values: Iterator[tuple[int, object]]) -> Values:
    for line, value in values:
        yield line, _not_json(line, value.error) if isinstance(value, _NotJson) else value


def _not_json(line: int, error: str) -> RowError:
    return row_error(line, "not JSON", error)


def _check_kind(path: Path, first: _NotJson) -> None:
    """Raises `UnreadableFile` for a file that is no JSON at all, so that not every line of it says so."""
    refused = archive_kind(first.text)
    if refused:
        raise UnreadableFile(f"{path} is {refused.what}.", refused.next_step)
    if first.text and first.text[0] not in '{["':
        shown = safe_text(first.text, 60)
        next_step = "If it is a table, let its name end in .csv. " + COLUMNS_HELP
        raise UnreadableFile(f"{path} isn't JSON: it begins with “{shown}”.", next_step)


def _document(path: Path, file: TextIO, first: _NotJson) -> Values | None:
    """Reads values that span several lines, or gives None where it is a file of lines after all."""
    if path.stat().st_size > LARGEST:
        if first.text in ("{", "["):
            mebibytes = LARGEST // 2**20
            raise UnreadableFile(f"{path} is one JSON document of more than {mebibytes} MiB.", _A_LINE_EACH)
        return None
    text = file.read()
    inside = text.lstrip(_BLANK).startswith("[")
    at = _skip(text, 0)
    try:
        json.JSONDecoder().raw_decode(text, _skip(text, at + 1) if inside else at)
    except (ValueError, RecursionError):
        return None
    return _in_document(text, inside=inside)


def _in_document(text: str, *, inside: bool) -> Values:
    """Yields values one after the other, or an array's elements. It ends after a broken one."""
    decode = json.JSONDecoder().raw_decode
    at = _skip(text, 0) + inside
    line, counted = 1, 0
    while (at := _skip(text, at)) < len(text) and not (inside and text[at] == "]"):
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = decode(text, at)
        except (ValueError, RecursionError) as refused:
            yield line, _not_json(line, f"{refused}; nothing after it was read")
            return
        yield line, value


def _skip(text: str, at: int) -> int:
    """Finds the place of the next character that is part of a value."""
    while at < len(text) and (text[at] in _BLANK or text[at] == ","):
        at += 1
    return at
