"""Kept things that can't be used: the database, its log, backups and models."""

from followguard.errors.base import LATER, LOCKED, PARTLY, FollowguardError

PUT_BACKUP_BACK = "See followguard db check, then put a backup back: followguard db restore."
"""The next step for a database that isn't whole."""


class DamagedModel(FollowguardError):
    """A model file that can't be read, or whose sha256 differs from the one on record."""

    code = "damaged_model"


class DamagedExport(FollowguardError):
    """An export of labels that can't be read, or whose sha256 differs from the one on record."""

    code = "damaged_export"


class CantServe(FollowguardError):
    """A model that can't become the champion: retired, cleared away, or missing where one would go back to it."""

    code = "cant_serve"


class NotProved(FollowguardError):
    """A row that the log doesn't vouch for: somebody changed the database past followguard. It counts for nothing."""

    code = "not_proved"


class StoreFailed(FollowguardError):
    """The database refused, the disk is full, or a file of followguard's can't be written or removed."""

    code = "store"


class DamagedDatabase(StoreFailed):
    """A damaged database: following stops, and nothing more is written to it."""

    code = "damaged_database"


class BackupFailed(StoreFailed):
    """No backup could be made before the night; the night itself went on."""

    code = "backup"
    exit_code = PARTLY


class StoreBusy(StoreFailed):
    """The database is in other hands for too long, or its server can't be reached: a later run goes on."""

    code = "store_busy"
    exit_code = LATER


class AlreadyRunning(FollowguardError):
    """Another run holds the account's lock."""

    code = "locked"
    exit_code = LOCKED
