"""Backups as files: their names, how one comes into being whole or not at all, and which are kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from followguard.adapters.private import make_file, make_folder
from followguard.errors import StoreFailed

STAMP = "%Y%m%dT%H%M%SZ"
_STAMP_GLOB = "[0-9]" * 8 + "T" + "[0-9]" * 6 + "Z"
PARTIAL = ".partial"


def backup_name(stem: str, now: datetime, suffix: str) -> str:
    """`followguard-20260822T000000Z.db`."""
    return f"{stem}-{now.astimezone(UTC):{STAMP}}{suffix}"


def aside_name(stem: str, now: datetime, suffix: str) -> str:
    """What a restore puts aside; never counted among the backups, so never thrown away."""
    return f"{stem}-before-restore-{now.astimezone(UTC):{STAMP}}{suffix}"


def backups_in(folder: Path, stem: str, suffix: str) -> list[Path]:
    """Newest first, by the time in the name."""
    return sorted(folder.glob(f"{escape(stem)}-{_STAMP_GLOB}{suffix}"), reverse=True)


def asides_in(folder: Path, stem: str, suffix: str) -> list[Path]:
    """What restores put aside, newest first; of a damaged SQLite file each part."""
    return sorted(folder.glob(f"{escape(stem)}-before-restore-{_STAMP_GLOB}{suffix}*"), reverse=True)


def remove(path: Path) -> None:
    """Raises `StoreFailed` when it stays."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path.name} can't be removed ({error.strerror or error})."
        raise StoreFailed(message, "Remove it by hand, or run the same command again.") from error


def keep_newest(folder: Path, stem: str, suffix: str, keep: int) -> None:
    """Removes older backups, and what a killed backup left half-written."""
    for old in [*backups_in(folder, stem, suffix)[max(keep, 1) :], *folder.glob(f"{escape(stem)}-*{suffix}{PARTIAL}")]:
        old.unlink(missing_ok=True)


@contextmanager
def whole_or_nothing(target: Path) -> Iterator[Path]:
    """A path to write to, which becomes `target` when the block ends normally and vanishes when it raises.

    Raises `StoreFailed` when the folder can't be written.
    """
    partial = target.with_name(target.name + PARTIAL)
    try:
        make_folder(target.parent)
        partial.unlink(missing_ok=True)  # of a run that was killed
        make_file(partial)
        yield partial
        _to_disk(partial)
        partial.replace(target)
        _to_disk(target.parent)
    except OSError as error:
        next_step = "Free some disk space or give yourself write permission there; the database itself is untouched."
        raise StoreFailed(f"{target.name} can't be written ({error.strerror or error}).", next_step) from error
    finally:
        if partial.exists():
            partial.unlink()


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
