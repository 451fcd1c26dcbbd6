"""What a database refuses, said so that a person can act on it. SQL and its values never reach a message."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Error as SqliteError

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from followguard.errors import StoreFailed

_RERUN = "Nothing of this step was saved; run the same command again."
# What the driver says (lower case) -> what it means, what to do. The first row that fits counts.
MEANINGS: tuple[tuple[str, str, str], ...] = (
    ("locked", "The database stayed busy with another run for too long", _RERUN),
    (
        "disk is full",
        "No room is left where the database lives",
        "Free some disk space, then run the same command again.",
    ),
    ("no space left", "No room is left where the database lives", "Free some disk space, then run it again."),
    ("readonly", "The database can't be written to", "Give yourself write permission on its file and folder."),
    ("read-only", "The database can't be written to", "Connect to the primary server, with a role that may write."),
    ("permission denied", "The database can't be used with these rights", "Ask for the right on it that is missing."),
    (
        "unable to open",
        "The database file can't be opened",
        "Check that its folder exists and is yours to write in, as the file must be.",
    ),
    (
        "not a database",
        "The file isn't a database",
        "Check `database_url`, or put a backup back: followguard db restore.",
    ),
    ("malformed", "The database file is damaged", "Put a backup back: followguard db restore."),
    ("disk i/o error", "The disk failed while the database was used", "Check the disk, then: followguard db check."),
    ("deadlock", "Two runs waited for each other", _RERUN),
    ("password authentication", "The database server refused the password", "Check `database_url`."),
    ("does not exist", "The database server doesn't know that name", "Check `database_url`, or create the database."),
    ("connection", "The database server can't be reached", "Check that it runs, and `database_url`."),
    ("could not translate host", "The database server can't be found", "Check the host in `database_url`."),
)
_UNKNOWN = ("The database failed", "Run followguard db check.")


def explained(error: Exception) -> StoreFailed:
    """The one-line error for anything a driver raised."""
    said = _said(error)
    if isinstance(error, IntegrityError):
        return StoreFailed(f"The database refused a change that breaks a rule ({said}).", "Nothing of it was saved.")
    lowered = said.lower()
    fits = (row[1:] for row in MEANINGS if row[0] in lowered)
    message, next_step = next(fits, _UNKNOWN)
    return StoreFailed(f"{message} ({said}).", next_step)


@contextmanager
def translated() -> Iterator[None]:
    """Turns what SQLAlchemy and sqlite3 raise into `StoreFailed`."""
    try:
        yield
    except (SQLAlchemyError, SqliteError) as error:
        raise explained(error) from error


def _said(error: Exception) -> str:
    """The driver's own first line, without SQL or values."""
    source = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = str(source).strip().splitlines() or [type(source).__name__]
    return lines[0].strip().removesuffix(".")
