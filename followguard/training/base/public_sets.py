"""The public labelled sets, read in place with every trap of theirs disarmed (`training_data/README.md` lists them).

`training_data/sources.toml` says which files the sets are made of, and proves that they are the ones meant.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from followguard.domain.labels import LabelledProfile
from followguard.errors import DatasetMismatch
from followguard.files.csv_table import Tell, untold
from followguard.files.labelled_rows import labelled_rows
from followguard.files.profile_files import read_profiles
from followguard.training.base.public_cells import rows_by_name
from followguard.training.base.public_files import SET_FILES, SetFile

_PACKAGE = Path(__file__).parents[2]
_PLACES = (_PACKAGE / "training_data", _PACKAGE.parent / "training_data")
_HELP = (
    "Give the folder that holds cresci-2017, cresci-2015, caverlee-2011 and human-bots-2020; "
    "training_data/README.md says where they come from."
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a set: sha256 (hex) of its bytes, and how many accounts it holds."""

    sha256: str
    rows: int


Sources = Mapping[str, Source]
"""Path below the directory of the sets -> what the file must be."""


def read_sources() -> Sources:
    """Returns the list shipped with the program: inside the installed package, else in the repository."""
    found = next((place / "sources.toml" for place in _PLACES if (place / "sources.toml").is_file()), None)
    if found is None:
        raise DatasetMismatch("training_data/sources.toml is missing.", "Install followguard again.")
    files = tomllib.loads(found.read_text(encoding="utf-8"))["files"]
    return {path: Source(sha256=file["sha256"], rows=file["rows"]) for path, file in files.items()}


def checked_text(directory: Path, path: str, source: Source) -> str:
    """Returns the text of a file whose bytes are the ones on record. Raises `DatasetMismatch`."""
    try:
        content = (directory / path).read_bytes()
    except OSError as refused:
        raise DatasetMismatch(f"{path} can't be read in {directory}: {refused.strerror}.", _HELP) from refused
    found = hashlib.sha256(content).hexdigest()
    if found != source.sha256:
        raise DatasetMismatch(
            f"{path} isn't the published file: its sha256 is {found[:12]}…, not {source.sha256[:12]}….",
            "Get the file again; don't open and save it in a spreadsheet.",
        )
    return content.decode("utf-8")


INT_FILE = "cresci-2015/int_users.csv"
Say = Callable[[str], None]


def load_public_sets(directory: Path, say: Say | None = None, sources: Sources | None = None) -> list[LabelledProfile]:
    """Returns every labelled account of the sets below `directory`, each account once; `say` gets one line a file.

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
    """Returns the accounts of one file, all of its rows. Raises `DatasetMismatch`."""
    source = (read_sources() if sources is None else sources)[file.path]
    found = list(file.read(checked_text(directory, file.path, source), file))
    if len(found) != source.rows:
        raise DatasetMismatch(
            f"{file.path} holds {len(found):,} accounts, not {source.rows:,}.", "Compare training_data/sources.toml."
        )
    return found


def is_set_file(path: Path) -> bool:
    """Tells whether a path ends as that of a public set's file does."""
    return any(path.resolve().as_posix().endswith(f"/{file.path}") for file in SET_FILES)


def set_file_at(path: Path) -> tuple[Path, SetFile]:
    """Returns the directory of the sets and the file of a set that `path` points at. Raises `DatasetMismatch`."""
    for file in SET_FILES:
        if path.resolve().as_posix().endswith(f"/{file.path}"):
            return path.resolve().parents[1], file
    raise DatasetMismatch(
        f"{path} isn't a file of a public set.", f"One of {', '.join(file.path for file in SET_FILES)} is meant."
    )


def int_ids(directory: Path, sources: Sources | None = None) -> frozenset[str]:
    """Returns which accounts of fake_followers come from the vendor INT: a key, never rows of their own."""
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
    """Tells nobody."""


def public_set_hashes() -> dict[str, str]:
    """Maps the files that `load_public_sets` reads to the sha256 that each must have."""
    sources = read_sources()
    return {file.path: sources[file.path].sha256 for file in SET_FILES}


def read_labelled_file(path: Path, now: datetime, tell: Tell = untold) -> tuple[list[LabelledProfile], Counter[str]]:
    """Returns the labelled rows of a profile file or a public set's file, and why how many rows were left out.

    Raises UnreadableFile, or DatasetMismatch for a file of a public set that isn't the one on record.
    """
    if is_set_file(path):
        return read_set_file(*set_file_at(path)), Counter()
    return labelled_rows(read_profiles(path, now, tell), path.name)
