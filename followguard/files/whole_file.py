"""Files that appear whole or not at all, whatever stops the writing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from followguard.errors import UsageError
from followguard.files.private import make_file


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Gives a file to write beside `path`: in its place and on the disk when the block ends, gone when it raises.

    Only its owner may read it, or the group that shares the folder. Raises OSError where it can't be written; the
    caller says what that means.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)  # of a run that was killed
        make_file(part)
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):  # there is none, or what kept it from being written also keeps it from being removed
            part.unlink()


def write_private(path: Path, text: str) -> None:
    """Writes a new file that only its owner may read.

    Raises `UsageError` where one is there, or none can be written.
    """
    try:
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8")
            if path.exists():
                raise UsageError(f"{path} is there already.", "Name a new file, or remove that one.")
    except OSError as error:
        raise UsageError(f"{path} can't be written ({error.strerror or error}).", "Name another file.") from error
