"""Files that appear whole or not at all, whatever stops the writing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to: in its place and on the disk when the block ends, gone when it raises.

    Raises OSError where it can't be written; the caller says what that means.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):  # there is none, or what kept it from being written also keeps it from being removed
            part.unlink()
