"""Backups as files: their names, how one comes into being whole or not at all, and which are kept."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from followguard.errors import StoreFailed
from followguard.files.private import make_file, make_folder

STAMP = "%Y%m%dT%H%M%SZ"
PARTIAL = ".partial"
PARTS = ("", "-wal", "-shm")
"""Suffixes of the files that one SQLite database may consist of."""
_ASIDE = "before-restore-"
_WHEN = r"(\d{8}T\d{6}Z)(?:-(\d+))?"


def backup_path(folder: Path, stem: str, now: datetime, suffix: str) -> Path:
    """Makes the name of a backup: `followguard-20260822T000000Z.db`; a second one of that second ends in `-2.db`."""
    return _unused(folder, f"{stem}-{now.astimezone(UTC):{STAMP}}", suffix)


def aside_path(folder: Path, stem: str, now: datetime, suffix: str) -> Path:
    """Makes the name of what a restore puts aside: it isn't counted among the backups, so it stays."""
    return _unused(folder, f"{stem}-{_ASIDE}{now.astimezone(UTC):{STAMP}}", suffix)


def _unused(folder: Path, name: str, suffix: str) -> Path:
    """Returns the first free one of NAME, NAME-2, NAME-3, ...; parts of a damaged file beside it count too."""
    names = (f"{name}{'' if number == 1 else f'-{number}'}{suffix}" for number in count(1))
    return next(folder / each for each in names if not any(os.path.lexists(folder / f"{each}{part}") for part in PARTS))


def backups_in(folder: Path, stem: str, suffix: str) -> list[Path]:
    """Lists the backups, newest first, by the time in the name."""
    return _named(folder, rf"{re.escape(stem)}-{_WHEN}{re.escape(suffix)}")


def made_at(path: Path) -> datetime | None:
    """Returns the time in the name of a backup."""
    found = re.search(_WHEN, path.name)
    return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) if found else None


def asides_in(folder: Path, stem: str, suffix: str) -> list[Path]:
    """Lists what restores put aside, newest first; each part of a damaged SQLite file."""
    parts = "|".join(map(re.escape, PARTS))
    return _named(folder, rf"{re.escape(stem)}-{_ASIDE}{_WHEN}{re.escape(suffix)}(?:{parts})")


def _named(folder: Path, pattern: str) -> list[Path]:
    matches = [(re.fullmatch(pattern, path.name), path) for path in folder.glob("*")]
    found = [(match[1], int(match[2] or 1), path.name, path) for match, path in matches if match]
    return [path for *_, path in sorted(found, reverse=True)]


def remove(path: Path) -> None:
    """Removes a file. Raises `StoreFailed` when it stays."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path.name} can't be removed ({error.strerror or error})."
        raise StoreFailed(message, "Remove it by hand, or run the same command again.") from error


def keep_newest(folder: Path, stem: str, suffix: str, keep: int) -> None:
    """Removes older backups, and what a killed backup left half-written; one that is being written stays."""
    end = rf"{re.escape(suffix)}(?:\.\d+)?{re.escape(PARTIAL)}"
    halves = _named(folder, rf"{re.escape(stem)}-(?:{_ASIDE})?{_WHEN}{end}")
    dead = [half for half in halves if not _is_being_written(half)]
    for old in [*backups_in(folder, stem, suffix)[max(keep, 1) :], *dead]:
        remove(old)


def _is_being_written(half: Path) -> bool:
    """Tells whether the process whose number stands in the name still runs, and isn't this one."""
    number = re.search(rf"\.(\d+){re.escape(PARTIAL)}$", half.name)
    if os.name != "posix" or number is None or int(number[1]) == os.getpid():
        return False
    try:
        os.kill(int(number[1]), 0)
    except PermissionError:  # it is somebody else's
        return True
    except (OSError, OverflowError):
        return False
    return True


@contextmanager
def whole_or_nothing(target: Path) -> Iterator[Path]:
    """Gives a path to write to, which becomes `target` when the block ends normally and vanishes when it raises.

    Raises `StoreFailed` when the folder can't be written.
    """
    partial = target.with_name(f"{target.name}.{os.getpid()}{PARTIAL}")
    try:
        make_folder(target.parent)
        partial.unlink(missing_ok=True)  # left by a run that was killed
        make_file(partial)
        yield partial
        _to_disk(partial)
        _give_name(partial, target)
        _to_disk(target.parent)
    except OSError as error:
        next_step = "Free some disk space or give yourself write permission there; the database itself is untouched."
        raise StoreFailed(f"{target.name} can't be written ({error.strerror or error}).", next_step) from error
    finally:
        with suppress(OSError):  # there is none, or what kept it from being written also keeps it from being removed
            partial.unlink()


def _give_name(partial: Path, target: Path) -> None:
    """Gives the file its name. Raises OSError, also for a name that is taken where the file system can link."""
    try:
        target.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError:  # a file system without such links
        partial.replace(target)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
