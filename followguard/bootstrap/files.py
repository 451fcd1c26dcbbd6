"""Files that people give and get: profiles, labels, sheets, reports, the model card."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from followguard.adapters.loose import Belongings
    from followguard.adapters.store.work import Store
    from followguard.domain.follower import Profile
    from followguard.domain.installation import Installation
    from followguard.domain.labelled import LabelledProfile
    from followguard.domain.profile_row import ProfileRow, RowError
    from followguard.domain.report import NightPage
    from followguard.domain.review_sheet import SheetRow

Tell = Callable[[str], None]


def _untold(_: str) -> None:
    """Nobody listens."""


def read_profile_file(path: Path, now: datetime, tell: Tell = _untold) -> Iterator["ProfileRow | RowError"]:
    """The rows of a profile file (CSV, JSON, Parquet). `tell` gets what isn't read of it. Raises UnreadableFile."""
    from followguard.adapters.profile_files import read_profiles

    return read_profiles(path, now, tell)


def read_labelled_file(path: Path, now: datetime, tell: Tell = _untold) -> "tuple[list[LabelledProfile], Counter[str]]":
    """The labelled rows of a profile file or of a public set's file, and why how many rows were left out.

    Raises UnreadableFile, or DatasetMismatch for a file of a public set that isn't the one on record.
    """
    from followguard.adapters.public_sets import is_set_file, read_set_file, set_file_at
    from followguard.jobs.labelled_rows import labelled_rows

    if is_set_file(path):
        return read_set_file(*set_file_at(path)), Counter()
    return labelled_rows(read_profile_file(path, now, tell), path.name)


def profiles_of(path: Path, tell: Tell = _untold) -> "tuple[tuple[Profile, ...], Counter[str]]":
    """The accounts of a file, for the sandbox, and why how many rows are left out.

    Raises UnreadableFile, also when no row can be read.
    """
    from followguard.domain.profile_row import ProfileRow
    from followguard.errors import UnreadableFile

    rows = list(read_profile_file(path, datetime.now(UTC), tell))
    profiles = tuple(row.profile for row in rows if isinstance(row, ProfileRow))
    errors = [row for row in rows if not isinstance(row, ProfileRow)]
    if not profiles:
        raise UnreadableFile(
            f"{path} holds no profile that can be read: {errors[0].error}.",
            f"Mend the rows; each with its error: followguard score {path}",
        )
    return profiles, Counter(row.kind for row in errors)


def load_public_sets(folder: Path, say: Callable[[str], None]) -> "list[LabelledProfile]":
    """Every labelled account of the public sets. Raises DatasetMismatch."""
    from followguard.adapters.public_sets import load_public_sets as load

    return load(folder, say)


def public_set_hashes() -> dict[str, str]:
    """The files that `load_public_sets` reads -> the sha256 that each of them must have."""
    from followguard.adapters.public_sets.files import SET_FILES
    from followguard.adapters.public_sets.sources import read_sources

    sources = read_sources()
    return {file.path: sources[file.path].sha256 for file in SET_FILES}


def read_sheet(path: Path, tell: Tell = _untold) -> list["SheetRow"]:
    """The rows of a review sheet. `tell` gets what isn't read of it. Raises UnreadableFile."""
    from followguard.adapters.review_csv import read_sheet as read

    return read(path, tell)


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes a review sheet, whole or not at all. Raises UnreadableFile."""
    from followguard.adapters.review_csv import write_sheet as write

    write(path, columns, rows)


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> int:
    """Writes scored rows by the file's ending; returns how many. Raises UsageError."""
    from followguard.adapters.profile_files import write_rows as write

    return write(path, rows)


def write_private(path: Path, text: str) -> None:
    """Writes a new file that only its owner may read. Raises UsageError where one is there, or none can be written."""
    from followguard.adapters.whole_file import write_private as write

    write(path, text)


def belongings(installation: "Installation", store: "Store") -> "Belongings":
    """Lists what the installation keeps on the disk, and who may read it."""
    from followguard.adapters.loose import belongings as found

    secrets = installation.credentials_dir
    return found(installation.folder, store.file, store.places.backups, installation.models_dir, secrets)


def make_folder(path: Path) -> None:
    """Makes a folder that only its owner may look into, and those above it that are missing. Raises OSError."""
    from followguard.adapters.private import make_folder as make

    make(path)


def render_report(page: "NightPage", path: Path) -> None:
    """Writes the HTML page of a night to a file, whole or not at all. Raises UsageError."""
    from followguard.adapters.report.page import render_report as render

    render(page, path)


def write_report(installation: "Installation", store: "Store", now: datetime, day: str | None = None) -> Path:
    """The report of a night, of the newest one unless an ISO day is given; returns where it is. Raises UsageError."""
    from followguard.jobs.report import write_report as write

    return write(store, installation, day, now, render_report)


def remove_old_reports(installation: "Installation", now: datetime) -> None:
    """Reports show those who are held back, so they go when the text of those does."""
    from followguard.adapters.report.old import remove_older
    from followguard.domain.utc_day import day_of
    from followguard.jobs.report import FOLDER

    before = now - timedelta(days=installation.retention.held_back_text)
    remove_older(installation.folder / FOLDER, day_of(before))


def write_card_page(folder: Path) -> Path:
    """The model card beside its Markdown as one HTML page; returns where it is."""
    from followguard.adapters.report.card import card_html
    from followguard.adapters.whole_file import whole_file

    page = folder / "CARD.html"
    text = card_html((folder / "CARD.md").read_text(encoding="utf-8"))
    with whole_file(page) as part:
        part.write_text(text, encoding="utf-8")
    return page
