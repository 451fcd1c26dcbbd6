"""Guidelines are small plain text in UTF-8; anything else is one sentence with the next step."""

import os
from pathlib import Path

import pytest

from followguard.errors import UnreadableFile
from followguard.files.guidelines_file import MOST_BYTES, read_guidelines_file


def test_a_text_comes_as_it_stands(tmp_path: Path) -> None:
    """Without the mark that some editors put in front; the largest one that is allowed too."""
    path = tmp_path / "guide.txt"
    path.write_bytes(b"\xef\xbb\xbfDo: answer.\r\nDon't: quarrel.\n")
    assert read_guidelines_file(path) == "Do: answer.\r\nDon't: quarrel.\n"
    path.write_bytes(b"x" * MOST_BYTES)
    assert len(read_guidelines_file(path)) == MOST_BYTES


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "are empty"),
        (b" \n\t\n", "are empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 100,000 bytes"),
        (b"fine\nna\xefve\n", "aren't UTF-8: line 2"),
        (b"PK\x03\x04\0\0", "aren't plain text"),
        ("naïve".encode("utf-16"), "aren't UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    """Empty, huge, another encoding, a workbook."""
    path = tmp_path / "guide.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says) as refused:
        read_guidelines_file(path)
    assert refused.value.next_step


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """Gone, a folder, a pipe that nobody writes to (which would wait for ever), a name that no file can have."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path / "gone.txt", tmp_path, pipe, tmp_path / "a\0b"):
        with pytest.raises(UnreadableFile, match="can't be read"):
            read_guidelines_file(path)
