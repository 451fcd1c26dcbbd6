"""The public labelled sets, read in place with every trap of theirs disarmed (`training_data/README.md` lists them)."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from followguard.domain.labels import LabelledProfile
from followguard.errors import DatasetMismatch
from followguard.training.base.public_cells import rows_by_name
from followguard.training.base.public_files import SET_FILES, SetFile
from followguard.training.base.public_sources import Sources, checked_text, read_sources

INT_FILE = "cresci-2015/int_users.csv"
Say = Callable[[str], None]


def load_public_sets(directory: Path, say: Say | None = None, sources: Sources | None = None) -> list[LabelledProfile]:
    """Every labelled account of the sets below `directory`, each account once; `say` gets one line a file.

    An id with both labels in one set is dropped. An id met in an earlier set is dropped from the later one, so that
    holding a set out holds its accounts out. Raises `DatasetMismatch`.
    """
    listed = read_sources() if sources is None else sources
    tell = say or _quiet
    rows: list[LabelledProfile] = []
    for file in SET_FILES:
        found = read_set_file(directory, file, listed)
        tell(f"{file.path}: {len(found):,} accounts")
        rows += found
    once = list(_each_account_once(_without_contradictions(rows)))
    tell(f"{len(once):,} accounts; {len(rows) - len(once)} left out that carry both labels or stand in two sets")
    return once


def read_set_file(directory: Path, file: SetFile, sources: Sources | None = None) -> list[LabelledProfile]:
    """The accounts of one file, all of its rows. Raises `DatasetMismatch`."""
    source = (read_sources() if sources is None else sources)[file.path]
    found = list(file.read(checked_text(directory, file.path, source), file))
    if len(found) != source.rows:
        raise DatasetMismatch(
            f"{file.path} holds {len(found):,} accounts, not {source.rows:,}.", "Compare training_data/sources.toml."
        )
    return found


def is_set_file(path: Path) -> bool:
    """Whether a path ends as that of a public set's file does."""
    return any(path.resolve().as_posix().endswith(f"/{file.path}") for file in SET_FILES)


def set_file_at(path: Path) -> tuple[Path, SetFile]:
    """The directory of the sets and the file of a set that `path` points at. Raises `DatasetMismatch`."""
    for file in SET_FILES:
        if path.resolve().as_posix().endswith(f"/{file.path}"):
            return path.resolve().parents[1], file
    raise DatasetMismatch(
        f"{path} isn't a file of a public set.", f"One of {', '.join(file.path for file in SET_FILES)} is meant."
    )


def int_ids(directory: Path, sources: Sources | None = None) -> frozenset[str]:
    """Which accounts of the group fake_followers come from the vendor INT: a key, never rows of their own."""
    listed = read_sources() if sources is None else sources
    text = checked_text(directory, INT_FILE, listed[INT_FILE])
    return frozenset(row["id"] for row in rows_by_name(text))


def _without_contradictions(rows: Iterable[LabelledProfile]) -> list[LabelledProfile]:
    answers: dict[tuple[str, str], set[bool]] = {}
    listed = list(rows)
    for row in listed:
        answers.setdefault((row.source, row.profile.id), set()).add(row.spam)
    return [row for row in listed if len(answers[row.source, row.profile.id]) == 1]


def _each_account_once(rows: Iterable[LabelledProfile]) -> Iterator[LabelledProfile]:
    met: set[str] = set()
    for row in rows:
        if row.profile.id not in met:
            met.add(row.profile.id)
            yield row


def _quiet(_: str) -> None:
    """Nobody listens."""


def public_set_hashes() -> dict[str, str]:
    """The files that `load_public_sets` reads -> the sha256 that each of them must have."""
    from followguard.training.base.public_files import SET_FILES
    from followguard.training.base.public_sources import read_sources

    sources = read_sources()
    return {file.path: sources[file.path].sha256 for file in SET_FILES}
