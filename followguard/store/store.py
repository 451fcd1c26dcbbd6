"""The database in which everything is kept, and its transactions."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Engine

from followguard.store.engine import SQLITE, make_engine, parse_url, read_seed, require_current, translated
from followguard.store.locks import StoreFolders, account_lock
from followguard.store.log import Log
from followguard.store.unbroken import unbroken
from followguard.store.upkeep import Upkeep
from followguard.store.work import Work


class Store:
    """A SQLite or PostgreSQL database in which everything is kept."""

    def __init__(self, engine: Engine, places: StoreFolders, token_bytes: Callable[[int], bytes]) -> None:
        self.engine = engine
        self.places = places
        self._token_bytes = token_bytes
        self._checked = False
        self._turn: AbstractContextManager[Any] = RLock() if engine.dialect.name == SQLITE else nullcontext()

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """Begins a transaction: committed when the block ends normally, rolled back when it raises.

        A signal that asks the program to end waits until it has ended. Raises `SchemaMismatch` when the schema isn't
        this program's, and `StoreFailed` when it refuses, stays busy or has no room left.
        """
        with unbroken(), translated(), self._turn:  # threads here queue up: SQLite's own waiting lets some starve
            if not self._checked:  # once for each store: the schema changes only while nothing runs
                require_current(self.engine)
                self._checked = True
            with self.engine.begin() as connection:
                work = Work(connection, self._token_bytes)
                yield work
                Log(work).seal()

    @contextmanager
    def look(self) -> Iterator[Work]:
        """Begins a transaction that only reads: it waits for no writer, and whatever it wrote is rolled back.

        It looks at the schema each time, for a program that runs while the database may be upgraded or restored.
        Raises as `begin` does.
        """
        with translated():
            require_current(self.engine)
            with self.engine.connect().execution_options(begin="DEFERRED") as connection:
                yield Work(connection, self._token_bytes)

    def lock(self, handle: str) -> AbstractContextManager[Callable[[], None]]:
        """Takes the account's lock, freed by the operating system or the server when the holder dies.

        Raises `AlreadyRunning` at once when another run holds it. The function that it gives raises `StoreBusy` once
        the lock is lost, as with a connection that was cut: another run may have the account by then.
        """
        return account_lock(self.engine, self.places.locks, handle)

    @property
    def file(self) -> Path | None:
        """The database's file, None where a server keeps it."""
        name = self.engine.url.database
        return Path(name) if name and self.engine.dialect.name == "sqlite" else None

    @cached_property
    def upkeep(self) -> Upkeep:
        """The schema, the backups and the check."""
        return Upkeep(self.engine, self.places, self._token_bytes)

    def upgrade(self) -> tuple[str | None, str]:
        """Creates the schema or brings it up to date, all or nothing; returns (before, after)."""
        return self.upkeep.upgrade()

    def seed(self) -> int:
        """Returns the number from which chance starts in this installation."""
        with self.begin() as work:
            return read_seed(work.connection)

    def close(self) -> None:
        """Lets go of the idle connection."""
        self.engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def open_store(
    database_url: str,
    *,
    lock_dir: Path | None = None,
    backup_dir: Path | None = None,
    token_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Store:
    """Returns the store at `database_url`; nothing is opened or created yet.

    `lock_dir` and `backup_dir` default to the folder of the SQLite file and `backups` in it; on PostgreSQL the server
    keeps the locks, and backups go to `backups` in the current folder. Raises `ConfigurationError` for a URL that is
    neither SQLite's nor PostgreSQL's.
    """
    url = parse_url(database_url)
    home = Path(url.database).parent if url.get_backend_name() == SQLITE and url.database else Path()
    places = StoreFolders(locks=lock_dir or home, backups=backup_dir or home / "backups")
    return Store(make_engine(url), places, token_bytes)
