"""A database's refusals, said so that a person can act on them. SQL and its values never reach a message."""

from sqlite3 import Error as SqliteError
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError, IntegrityError

from followguard.errors import PUT_BACKUP_BACK, DamagedDatabase, StoreBusy, StoreFailed

SQLITE_TROUBLE = (SqliteError, UnicodeDecodeError)
"""Errors that Python's sqlite3 raises: sometimes it can't even decode a damaged file's error message."""
CORRUPTED = ("XX001", "XX002")
"""PostgreSQL's codes for data_corrupted and index_corrupted."""
MISSING = ("42P01", "42703")
"""PostgreSQL's codes for undefined_table and undefined_column."""
_RERUN = "Nothing of this step was saved; run the same command again."
_SERVER = "Check that it runs, and `database_url`; then run the same command again."
_GONE = "The connection to the database server was cut"


class Meaning(NamedTuple):
    """A driver's words (lower case), what they mean, what to do, and the kind of error that is.

    `quoted`: whether the driver's words are repeated; not where they would hold what is stored.
    """

    words: str
    message: str
    next_step: str
    kind: type[StoreFailed] = StoreFailed
    quoted: bool = True


MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        "could not decode",
        "The database holds text that isn't UTF-8: it is damaged",
        PUT_BACKUP_BACK,
        DamagedDatabase,
        False,
    ),
    Meaning("locked", "The database stayed busy with another run for too long", _RERUN, StoreBusy),
    Meaning(
        "disk is full",
        "No room is left where the database lives",
        "Free some disk space, then run the same command again.",
    ),
    Meaning("no space left", "No room is left where the database lives", "Free some disk space, then run it again."),
    Meaning("readonly", "The database can't be written to", "Give yourself write permission on its file and folder."),
    Meaning(
        "read-only", "The database can't be written to", "Connect to the primary server, with a role that may write."
    ),
    Meaning(
        "permission denied", "The database can't be used with these rights", "Ask for the right on it that is missing."
    ),
    Meaning(
        "unable to open",
        "The database file can't be opened",
        "Check that its folder exists and is yours to write in, or put a backup back: followguard db restore.",
    ),
    Meaning(
        "not a database",
        "The file isn't a database",
        "Check `database_url`, or put a backup back: followguard db restore.",
        DamagedDatabase,
    ),
    Meaning("malformed", "The database file is damaged", PUT_BACKUP_BACK, DamagedDatabase),
    Meaning("no such table", "The database lacks a part of its schema", PUT_BACKUP_BACK, DamagedDatabase),
    Meaning("no such column", "The database lacks a part of its schema", PUT_BACKUP_BACK, DamagedDatabase),
    Meaning("unsupported file format", "The database file is damaged", PUT_BACKUP_BACK, DamagedDatabase),
    Meaning(
        "disk i/o error", "The disk failed while the database was used", "Check the disk, then: followguard db check."
    ),
    Meaning("deadlock", "Two runs waited for each other", _RERUN, StoreBusy),
    Meaning("password authentication", "The database server refused the password", "Check `database_url`."),
    Meaning(
        "does not exist", "The database server doesn't know that name", "Check `database_url`, or create the database."
    ),
    Meaning("terminating connection", _GONE, _RERUN, StoreBusy),
    Meaning("server closed the connection", _GONE, _RERUN, StoreBusy),
    Meaning("connection is lost", _GONE, _RERUN, StoreBusy),
    Meaning("consuming input failed", _GONE, _RERUN, StoreBusy),
    Meaning("can't reconnect", _GONE, _RERUN, StoreBusy),
    Meaning("is starting up", "The database server isn't ready yet", _RERUN, StoreBusy),
    Meaning("is shutting down", "The database server is shutting down", _RERUN, StoreBusy),
    Meaning("recovery mode", "The database server isn't ready yet", _RERUN, StoreBusy),
    Meaning("connection", "The database server can't be reached", _SERVER, StoreBusy),
    Meaning("could not translate host", "The database server can't be found", "Check the host in `database_url`."),
)
"""The first row that fits counts."""
_UNKNOWN = Meaning("", "The database failed", "Run followguard db check.")


def explained(error: Exception) -> StoreFailed:
    """Returns the one-line error for anything a driver raised."""
    if isinstance(error, UnicodeDecodeError):
        return DamagedDatabase("The database holds names that aren't UTF-8: it is damaged.", PUT_BACKUP_BACK)
    said = _said(error)
    if isinstance(error, IntegrityError):
        return StoreFailed(f"The database refused a change that breaks a rule ({said}).", "Nothing of it was saved.")
    if _sqlstate(error) in CORRUPTED:
        return DamagedDatabase(f"The database is damaged ({said}).", PUT_BACKUP_BACK)
    if _sqlstate(error) in MISSING:
        return DamagedDatabase(f"The database lacks a part of its schema ({said}).", PUT_BACKUP_BACK)
    lowered = said.lower()
    meaning = next((row for row in MEANINGS if row.words in lowered), _UNKNOWN)
    quote = f" ({said})" if meaning.quoted else ""
    return meaning.kind(f"{meaning.message}{quote}.", meaning.next_step)


def unreadable(what: str) -> DamagedDatabase:
    """Returns the error for a stored value that is none of its kind."""
    return DamagedDatabase(f"The database holds {what} that can't be read: it is damaged.", PUT_BACKUP_BACK)


def _sqlstate(error: Exception) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def _said(error: Exception) -> str:
    """Returns the driver's own first line, without SQL or values."""
    source = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = str(source).strip().splitlines() or [type(source).__name__]
    return lines[0].strip().removesuffix(".")
