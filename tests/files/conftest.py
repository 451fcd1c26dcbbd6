"""A file with some content, read as profiles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followguard.files.profile_files import read_profiles
from followguard.files.profile_row import ProfileRow, RowError

NOW = datetime(2026, 2, 1, 0, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Reading:
    """The rows of a file, and what was told of it."""

    rows: list[ProfileRow | RowError]
    told: list[str]

    @property
    def short(self) -> list[object]:
        """(id, name) of good rows, the errors of bad ones."""
        return [(r.profile.id, r.profile.name) if isinstance(r, ProfileRow) else r.error for r in self.rows]


Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes content to a file and reads it."""

    def reading(content: str | bytes, name: str = "a.csv") -> Reading:
        path, told = tmp_path / name, list[str]()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        rows = list(read_profiles(path, NOW, told.append))
        return Reading(rows, [text.replace(f"{path}: ", "") for text in told])

    return reading
