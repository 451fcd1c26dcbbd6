"""One run an account: locks that the operating system or the server frees when their holder dies.

Every run also shares a lock on the whole database, which a restore takes for itself alone.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from followguard.errors import AlreadyRunning, StoreFailed
from followguard.files.private import ensure_file
from followguard.store.engine import translated
from followguard.store.unbroken import unbroken

WHOLE = "@whole"
"""The lock's name where a handle would stand; no handle has an @ in it."""
_LATER = "Wait until it ends, then run the command again."


Take = Callable[[str, bool], bool]
"""(name, shared) -> whether the lock was free."""
Held = Callable[[], None]
"""Raises `StoreBusy` once the lock is lost."""


@contextmanager
def account_lock(engine: Engine, folder: Path, handle: str) -> Iterator[Held]:
    """Holds the lock while the block runs. Raises `AlreadyRunning` when it is taken, `StoreFailed` when it can't be."""
    with ExitStack() as held:
        with unbroken():
            take, still_held = _taker(engine, folder, held)
            if not take(WHOLE, True):
                raise AlreadyRunning(f"The database of @{handle} is being restored.", _LATER)
            if not take(handle, False):
                raise AlreadyRunning(f"Another run is busy with @{handle}.", _LATER)
        yield still_held


@contextmanager
def whole_lock(engine: Engine, folder: Path) -> Iterator[None]:
    """Keeps every run out while the block runs. Raises `AlreadyRunning` while one is under way."""
    with ExitStack() as held:
        with unbroken():
            take, _ = _taker(engine, folder, held)
            if not take(WHOLE, False):
                raise AlreadyRunning("A run is under way on this database.", _LATER)
        yield


def lock_path(engine: Engine, folder: Path, name: str) -> Path:
    """Returns a lock's path, `followguard.db.lock-acme`, beside the database unless another folder is named."""
    return folder / f"{Path(engine.url.database or '').name}.lock-{name}"


def _taker(engine: Engine, folder: Path, held: ExitStack) -> tuple[Take, Held]:
    """Takes locks of this database and leaves their end to `held`."""
    if engine.dialect.name == "postgresql":
        return _server_taker(engine, held)
    return lambda name, shared: _take_file(lock_path(engine, folder, name), held, shared), _surely


def _take_file(path: Path, held: ExitStack, shared: bool) -> bool:
    """Locks the file, which stays when the lock goes: removing it would let two runs lock two files of one name."""
    next_step = (
        "Keep the database on a local disk, in a folder that is yours to write in; "
        "for a group to share it: chmod 2770 FOLDER, and 660 for the files in it."
    )
    try:
        ensure_file(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        held.callback(os.close, descriptor)
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise StoreFailed(f"The lock {path.name} can't be taken ({error.strerror}).", next_step) from error
    return True


def _surely() -> None:
    """Does nothing: a file's lock goes only with its process."""


def _server_taker(engine: Engine, held: ExitStack) -> tuple[Take, Held]:
    """Takes session locks on a connection of their own, outside any transaction."""
    with translated():
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    held.callback(_end_session, connection)

    def take(name: str, shared: bool) -> bool:
        call = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
        with translated():
            return bool(connection.execute(text(f"SELECT {call}(:number)"), {"number": _number(name)}).scalar())

    def still_held() -> None:
        """Raises once the session is gone: the locks live as long as it does."""
        with unbroken(), translated():
            connection.execute(text("SELECT 1"))

    return take, still_held


def _end_session(connection: Connection) -> None:
    """Gives the locks back, and closes the connection for good instead of giving it to the pool.

    The session's end frees them too, but not before the server has noticed it.
    """
    with unbroken():
        with suppress(SQLAlchemyError):  # a connection that is lost has no locks, and can't be detached
            connection.execute(text("SELECT pg_advisory_unlock_all()"))
            connection.detach()
        with suppress(SQLAlchemyError):
            connection.close()


def _number(name: str) -> int:
    """Returns the number (64 bits, signed) that an advisory lock has in place of a name."""
    return int.from_bytes(hashlib.sha256(f"followguard lock {name}".encode()).digest()[:8], signed=True)


@dataclass(frozen=True, slots=True)
class StoreFolders:
    """Folders beside the database."""

    locks: Path
    backups: Path
