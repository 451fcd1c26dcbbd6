"""Files and folders of an installation that more people may read than should, and how they are closed."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from followguard.files.private import GROUP, OTHERS, is_shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """Places where private things lie. `files` need not be there; of a `tree` everything in it counts."""

    files: tuple[Path, ...]
    trees: tuple[Path, ...]

    def loose(self) -> list[Path]:
        """Finds what more than its owner may read, or more than its group where the folder is shared on purpose.

        Links aren't followed.
        """
        return [path for path in self._all() if _surplus(path)]

    def close(self) -> list[Path]:
        """Takes those rights away; returns the mended paths. A file that somebody else owns stays loose."""
        mended = []
        for path in self.loose():
            with suppress(OSError):
                _close(path)
                mended.append(path)
        return mended

    def _all(self) -> Iterator[Path]:
        yield from dict.fromkeys(chain(self.files, *map(_tree, self.trees)))


def belongings(folder: Path, database: Path | None, backups: Path, models: Path, secrets: Path | None) -> Belongings:
    """Lists what an installation with these folders holds. The shipped model is no secret."""
    beside: Iterable[Path] = ()
    if database is not None:
        names = (f"{database.name}{suffix}" for suffix in ("", "-wal", "-shm", "-journal"))
        locks = (path for path in _entries(database.parent) if path.name.startswith(f"{database.name}.lock-"))
        beside = (*(database.with_name(name) for name in names), *locks)
    given = (path for path in _entries(secrets) if _is_ours(path)) if secrets else ()
    exports = (path for path in _entries(folder / "training_data") if any(path.glob("*.parquet")))
    house = (path for path in _entries(models) if path.is_dir() and path.name != "base")
    return Belongings(files=(*beside, *given), trees=(backups, folder / "reports", folder / "heads", *exports, *house))


def _tree(top: Path) -> Iterator[Path]:
    if not top.is_symlink() and top.is_dir():
        yield top
        for above, folders, files in os.walk(top):
            yield from (Path(above, name) for name in sorted([*folders, *files]))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_ours(secret: Path) -> bool:
    """Leaves out secrets that a system mounts for us, read-only or as another user: closing them is its own task."""
    owner = secret.stat().st_uid if secret.is_file() else None
    return secret.name.startswith("FOLLOWGUARD_") and owner == os.geteuid() and os.access(secret, os.W_OK)


def _surplus(path: Path) -> int:
    """Finds the bits that are too many; 0 for what isn't there, and for links."""
    try:
        found = path.lstat()
        shared = is_shared(path if stat.S_ISDIR(found.st_mode) else path.parent)
    except OSError:
        return 0
    kept = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    return found.st_mode & (OTHERS if shared else OTHERS | GROUP) if kept else 0


def _close(path: Path) -> None:
    """Closes what was opened, not what has its name: a link that takes its place in between is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) & ~_surplus(path))
    finally:
        os.close(descriptor)
