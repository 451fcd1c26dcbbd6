"""What keeps the database itself well: its schema, copies of it, and a check."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from followguard.domain.health import Health


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

    def newest_backup(self) -> datetime | None:
        """When the newest backup was made, by its name."""
        ...

    def restore(self, path: Path, now: datetime) -> Restored:
        """Puts a backup in the place of the database, which is put aside first. Raises `AlreadyRunning`."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Keeps every run out while the block runs. Raises `AlreadyRunning` while one is under way."""
        ...

    def wipe(self) -> None:
        """Rewrites the database, so that nothing that was deleted is left in its free space. Raises `StoreFailed`."""
        ...

    def settle(self) -> None:
        """Empties the write-ahead log, as far as nobody reads from it right now."""
        ...

    def copies(self) -> list[Path]:
        """Every copy of the database that is kept: backups, and what restores put aside."""
        ...

    def remove_copies(self, now: datetime, keep: int) -> list[Path]:
        """Makes a new backup (none when `keep` is 0), then removes every older copy; returns which."""
        ...

    def look_over(self, seconds: float) -> Health:
        """Whether the database is whole, as far as can be seen in that time. Raises `DamagedDatabase`."""
        ...

    def check(self) -> Checked:
        """Reads the whole database: its pages, its keys, its schema and the chain of its log."""
        ...
