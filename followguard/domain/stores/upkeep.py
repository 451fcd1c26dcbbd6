"""What keeps the database itself well: its schema, copies of it, and a check."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the database was put aside before a backup took its place; None when there was nothing to put aside."""

    backup: Path
    aside: Path | None


@dataclass(frozen=True, slots=True)
class Checked:
    """`findings` is empty when all is well; each is one sentence."""

    schema: str
    entries: int
    head: str
    findings: tuple[str, ...]


class Upkeep(Protocol):
    """Every method raises `StoreFailed` or `SchemaMismatch`."""

    @property
    def newest(self) -> str:
        """The schema that this program is written for."""
        ...

    def upgrade(self) -> tuple[str | None, str]:
        """Creates the schema or brings it up to date; returns (before, after)."""
        ...

    def schema(self) -> str | None:
        """The schema that the database has; None when it has none yet."""
        ...

    def back_up(self, now: datetime, keep: int) -> Path:
        """A checked copy beside the database; of its older copies the newest `keep` - 1 stay."""
        ...

    def backups(self) -> list[Path]:
        """Newest first."""
        ...

    def restore(self, path: Path, now: datetime) -> Restored:
        """Puts a backup in the place of the database, which is put aside first. Raises `AlreadyRunning`."""
        ...

    def check(self) -> Checked:
        """Reads the whole database: its pages, its keys, its schema and the chain of its log."""
        ...
