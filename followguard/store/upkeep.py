"""The database's upkeep: schema, backups, restores, and the look at it before nights and follows."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from followguard.domain.health import Health
from followguard.errors import PUT_BACKUP_BACK, DamagedDatabase, SchemaMismatch, StoreFailed
from followguard.store.backup import names, wiping
from followguard.store.backup.postgres import PostgresCopies
from followguard.store.backup.restored import Replaced, note_restore, read_replaced
from followguard.store.backup.sqlite import SqliteCopies
from followguard.store.engine import SCHEMA, current_schema, require_usable, translated, upgrade
from followguard.store.health import look_over
from followguard.store.locks import StoreFolders, whole_lock
from followguard.store.log import Log
from followguard.store.unbroken import unbroken
from followguard.store.work import Work

ANOTHER = "Name another one: followguard db restore FILE."
COPIES: dict[str, type[SqliteCopies] | type[PostgresCopies]] = {"sqlite": SqliteCopies, "postgresql": PostgresCopies}


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup put back, and where the database before it was put aside; None when there was nothing to put aside."""

    backup: Path
    aside: Path | None


class Upkeep:
    """The schema, the backups and the check of a database. Every method raises `StoreFailed` or `SchemaMismatch`.

    `places` says where backups and locks live.
    """

    def __init__(
        self, engine: Engine, places: StoreFolders, token_bytes: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._engine = engine
        self._token_bytes = token_bytes
        self._places = places

    @cached_property
    def _copies(self) -> SqliteCopies | PostgresCopies:
        return COPIES[self._engine.dialect.name](self._engine)

    @property
    def newest(self) -> str:
        """The schema that this program is written for: the newest revision in `migrations/versions`."""
        return SCHEMA

    def upgrade(self) -> tuple[str | None, str]:
        """Creates the schema or brings it up to date, all steps or none; returns (before, after)."""
        with translated():
            return upgrade(self._engine)

    def schema(self) -> str | None:
        """Returns the schema that the database has, None when it has none yet. Never creates a SQLite file."""
        with translated():
            return current_schema(self._engine)

    def back_up(self, now: datetime, keep: int) -> Path:
        """Makes a checked copy beside the database; of its older copies the newest `keep` - 1 stay.

        Refuses to copy a database that isn't followguard's.
        """
        if self.schema() is None:
            raise SchemaMismatch("There is no database to back up.", "Run followguard init.")
        folder, copies = self._places.backups, self._copies
        target = self._written(now)
        names.keep_newest(folder, copies.stem, copies.suffix, keep)
        return target

    def _written(self, now: datetime, tries: int = 20) -> Path:
        """Makes a backup under the first free name; where another run takes that meanwhile, under the next one."""
        target = names.backup_path(self._places.backups, self._copies.stem, now, self._copies.suffix)
        try:
            self._copies.write(target)
        except StoreFailed:
            if not target.is_file() or tries <= 1:
                raise
            return self._written(now, tries - 1)
        return target

    def backups(self) -> list[Path]:
        """Lists the backups, newest first."""
        return names.backups_in(self._places.backups, self._copies.stem, self._copies.suffix)

    def newest_backup(self) -> datetime | None:
        """Tells when the newest backup was made, by its name: to the second."""
        kept = self.backups()
        return names.made_at(kept[0]) if kept else None

    def restore(self, path: Path, now: datetime) -> Restored:
        """Puts a backup in the place of the database, which is put aside first. Raises `AlreadyRunning`.

        Nothing is touched before the backup has proved to be whole and of a schema this program knows.
        """
        found = self._copies.schema_in(path)
        if found is None:
            raise StoreFailed(f"{path.name} isn't a backup of followguard's.", ANOTHER)
        require_usable(found, f"backup {path.name}")
        before = read_replaced(self._engine)
        self._engine.dispose()
        with whole_lock(self._engine, self._places.locks):
            kept = self._copies.put_aside(self._aside(now))
            with unbroken():  # what is put back says so in its log
                self._put_back(path, kept, self._aside(now))
                if found == SCHEMA:
                    self._note(path.name, before, now)
        self._engine.dispose()
        return Restored(path, kept)

    def _note(self, backup: str, before: Replaced, now: datetime) -> None:
        """Notes the restore in the log of the backup, which has the current schema."""
        with translated(), self._engine.begin() as connection:
            work = Work(connection, self._token_bytes)
            note_restore(work, backup, before, now)
            Log(work).seal()

    def _aside(self, now: datetime) -> Path:
        return names.aside_path(self._places.backups, self._copies.stem, now, self._copies.suffix)

    def _put_back(self, path: Path, kept: Path | None, spare: Path) -> None:
        try:
            self._copies.put_back(path, spare)
        except StoreFailed as error:
            where = f" What was there before is {kept}." if kept else ""
            raise StoreFailed(f"{path.name} couldn't be put back: {error.message}{where}", error.next_step) from error

    def alone(self) -> AbstractContextManager[None]:
        """Keeps every run out while the block runs. Raises `AlreadyRunning` while one is under way."""
        return whole_lock(self._engine, self._places.locks)

    def wipe(self) -> None:
        """Rewrites the database, so that nothing that was deleted is left in its free space."""
        with unbroken(), translated():
            wiping.wipe(self._engine)

    def settle(self) -> None:
        """Empties the write-ahead log of SQLite, as far as nobody reads from it right now.

        PostgreSQL recycles its log by itself.
        """
        with unbroken(), translated():
            wiping.checkpoint(self._engine)

    def copies(self) -> list[Path]:
        """Lists every copy that is kept: backups, then what restores put aside; each newest first."""
        return self.backups() + names.asides_in(self._places.backups, self._copies.stem, self._copies.suffix)

    def remove_copies(self, now: datetime, keep: int) -> list[Path]:
        """Makes a new backup (none when `keep` is 0), then removes every older copy; returns which.

        The new one comes first: there is no moment without a backup.
        """
        old = self.copies()
        if keep:
            self.back_up(now, len(old) + 1)
        for path in old:
            names.remove(path)
        return old

    def look_over(self, seconds: float) -> Health:
        """Tells whether the database is whole, as far as can be seen in that time. Raises `DamagedDatabase`."""
        return look_over(self._engine, seconds)


NIGHT_SECONDS = 30.0
HAND_OFF_SECONDS = 10.0
STATUS_SECONDS = 5.0


def require_whole(upkeep: Upkeep, seconds: float) -> tuple[str, ...]:
    """Raises `DamagedDatabase`; returns the parts that weren't reached in that time."""
    found = upkeep.look_over(seconds)
    if found.findings:
        raise damaged(found.findings)
    return found.unchecked


def damaged(findings: tuple[str, ...]) -> DamagedDatabase:
    """Makes the error for what a look has found."""
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    return DamagedDatabase(f"The database is damaged ({findings[0].rstrip('.')}{more}).", PUT_BACKUP_BACK)


def health_of(upkeep: Upkeep, seconds: float) -> Health:
    """Looks as `Upkeep.look_over` does, for those who only tell: damage that stops the reading is a finding."""
    try:
        return upkeep.look_over(seconds)
    except DamagedDatabase as error:
        return Health((error.message,))
