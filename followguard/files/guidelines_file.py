"""A company's guidelines as a text file: small, UTF-8, and not empty."""

import stat
from pathlib import Path

from followguard.errors import UnreadableFile

MOST_BYTES = 100_000
GO_ON = "Mend it, or set guidelines in the configuration to the right file."


def read_guidelines_file(path: Path) -> str:
    """Returns the text as it stands there, without a byte order mark. Raises `UnreadableFile`, with the next step."""
    data = _bytes_of(path)
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"The guidelines {path} are larger than {MOST_BYTES:,} bytes.", "Shorten them.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as refused:
        line = data[: refused.start].count(b"\n") + 1
        message = f"The guidelines {path} aren't UTF-8: line {line}."
        raise UnreadableFile(message, "Save them as plain text in UTF-8.") from refused
    if "\0" in text:
        raise UnreadableFile(f"The guidelines {path} aren't plain text.", "Save them as plain text in UTF-8.")
    if not text.strip():
        raise UnreadableFile(f"The guidelines {path} are empty.", GO_ON)
    return text


def _bytes_of(path: Path) -> bytes:
    """Returns at most one byte more than is allowed."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFile(f"The guidelines {path} can't be read: it isn't a file.", GO_ON)
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as refused:
        why = getattr(refused, "strerror", None) or str(refused)
        raise UnreadableFile(f"The guidelines {path} can't be read: {why}.", GO_ON) from refused
