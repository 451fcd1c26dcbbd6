"""One run an account: locks that the operating system or the server frees when their holder dies."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from followguard.adapters.store.errors import translated
from followguard.errors import AlreadyRunning, StoreFailed


@contextmanager
def account_lock(engine: Engine, folder: Path, handle: str) -> Iterator[None]:
    """Held while the block runs. Raises `AlreadyRunning` at once when it is taken, `StoreFailed` when it can't be."""
    if engine.dialect.name == "postgresql":
        with _server_lock(engine, handle):
            yield
    else:
        with _file_lock(lock_path(engine, folder, handle), handle):
            yield


def lock_path(engine: Engine, folder: Path, handle: str) -> Path:
    """`followguard.db.lock-acme`, beside the database unless another folder is named."""
    return folder / f"{Path(engine.url.database or '').name}.lock-{handle}"


@contextmanager
def _file_lock(path: Path, handle: str) -> Iterator[None]:
    """The file stays when the lock goes: removing it would let two runs lock two files of one name."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        message = f"The lock file of @{handle} can't be opened ({error.strerror})."
        raise StoreFailed(message, "Check that the database's folder exists and is yours to write in.") from error
    try:
        _take(descriptor, handle)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, handle: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise _taken(handle) from error
    except OSError as error:
        message = f"The folder of the database can't hold the lock of @{handle} ({error.strerror})."
        raise StoreFailed(message, "Keep the database on a local disk.") from error


@contextmanager
def _server_lock(engine: Engine, handle: str) -> Iterator[None]:
    """A session lock on a connection of its own, outside any transaction."""
    name = int.from_bytes(hashlib.sha256(f"followguard lock {handle}".encode()).digest()[:8], signed=True)
    with translated():
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with translated():
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:name)"), {"name": name}).scalar()
        if not taken:
            raise _taken(handle)
        yield
    finally:
        connection.invalidate()  # ends the session, and with it the lock
        connection.close()


def _taken(handle: str) -> AlreadyRunning:
    return AlreadyRunning(f"Another run is busy with @{handle}.", "Wait until it ends, then run the command again.")
