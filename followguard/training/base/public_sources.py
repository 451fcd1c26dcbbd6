"""`training_data/sources.toml`: which files the sets are made of, and the proof that they are the ones meant."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from followguard.errors import DatasetMismatch

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
    """The list shipped with the program: inside the installed package, else in the repository."""
    found = next((place / "sources.toml" for place in _PLACES if (place / "sources.toml").is_file()), None)
    if found is None:
        raise DatasetMismatch("training_data/sources.toml is missing.", "Install followguard again.")
    files = tomllib.loads(found.read_text(encoding="utf-8"))["files"]
    return {path: Source(sha256=file["sha256"], rows=file["rows"]) for path, file in files.items()}


def checked_text(directory: Path, path: str, source: Source) -> str:
    """The text of a file whose bytes are the ones on record. Raises `DatasetMismatch`."""
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
