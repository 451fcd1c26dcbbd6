"""Who may read what followguard writes: its owner, and a group where a folder is shared with one on purpose.

Whatever the umask says, and from the first byte: a file that is closed to others afterwards was open for a moment.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXO
GROUP = stat.S_IRWXG


def is_shared(folder: Path) -> bool:
    """Tells whether a group shares the folder on purpose: by the set-group-id bit, or open to it and nobody else.

    0775 isn't on purpose: where the umask is 002 every folder comes out like that.
    """
    mode = folder.stat().st_mode
    return bool(mode & stat.S_ISGID) or (mode & GROUP == GROUP and not mode & OTHERS)


def file_mode(folder: Path) -> int:
    """Tells the rights that a file in that folder gets."""
    return 0o660 if is_shared(folder) else 0o600


def folder_mode(parent: Path) -> int:
    """Tells the rights that a folder in that folder gets; it hands a group on as its parent does."""
    return 0o770 | (parent.stat().st_mode & stat.S_ISGID) if is_shared(parent) else 0o700


def make_folder(path: Path) -> None:
    """Makes a folder and those above it that are missing; what is there stays as it is. Raises OSError."""
    if path.is_dir():
        return
    make_folder(path.parent)
    with suppress(FileExistsError):
        path.mkdir(0o700)
        path.chmod(folder_mode(path.parent))
    path.mkdir(exist_ok=True)  # raises where something else has that name


def make_file(path: Path) -> None:
    """Makes an empty file. Raises FileExistsError where something has that name, also a link, and other OSErrors."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.fchmod(descriptor, file_mode(path.parent))
    finally:
        os.close(descriptor)


def ensure_file(path: Path) -> None:
    """Makes an empty file, through a link too, unless one is there or can't be made; who opens it then says why."""
    with suppress(OSError):
        make_file(Path(os.path.realpath(path)))
