"""Turns a public set, or any file of profiles, into a clean profile file: `python -m training_data.convert SET OUTPUT`.

SET is one file of a set (`DIR/human-bots-2020/val.csv`), the folder of all sets, or a file of profiles as other
programs write them: tables saved by spreadsheets, pages of X's API, objects of API 1.1. OUTPUT ends in .jsonl, .csv or
.parquet. It holds rows about real people: keep it out of the repository.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from followguard.domain.follower import PROFILE_COLUMNS, Profile
from followguard.domain.labels import LabelledProfile
from followguard.domain.wording import safe_text
from followguard.errors import PARTLY, FollowguardError, UnreadableFile, UsageError
from followguard.files.profile_files import read_profiles, write_rows
from followguard.files.profile_headings import COLUMNS
from followguard.files.profile_row import ProfileRow, RowError, reasons_in_words
from followguard.training.base.public_sets import is_set_file, load_public_sets, read_set_file, set_file_at


def convert(source: Path, output: Path) -> int:
    """Writes the profile file of a public set and returns its number of rows.

    Raises `DatasetMismatch` or `UsageError`.
    """
    rows = load_public_sets(source) if source.is_dir() else read_set_file(*set_file_at(source))
    return write_rows(output, map(_labelled_cells, rows), COLUMNS)


def convert_profiles(source: Path, output: Path, now: datetime) -> tuple[int, Counter[str]]:
    """Writes the good rows of a file of profiles; returns how many they are, and why how many others were left out.

    Rows without a time of observation get none. Raises `UsageError`, also where no row is good.
    """
    if output.exists() and output.samefile(source):
        raise UsageError(f"{source} would be overwritten by its own rows.", "Give another file.")
    left_out: Counter[str] = Counter()
    written = write_rows(output, _good_cells(source, read_profiles(source, now, _say), left_out, now), COLUMNS)
    return written, left_out


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code: 0, or 3 where rows were left out."""
    parser = argparse.ArgumentParser(prog="python -m training_data.convert", description=__doc__)
    parser.add_argument("set", type=Path, help="a file of a public set, the folder of all sets, or a file of profiles")
    parser.add_argument("output", type=Path, help="the profile file to write: .jsonl, .csv or .parquet")
    asked = parser.parse_args(arguments)
    left_out: Counter[str] = Counter()
    try:
        if asked.set.is_dir() or is_set_file(asked.set) or not asked.set.exists():
            written = convert(asked.set, asked.output)
        else:
            written, left_out = convert_profiles(asked.set, asked.output, datetime.now(UTC))
    except FollowguardError as refused:
        _say(str(refused))
        return refused.exit_code
    bad = f"; {left_out.total():,} rows left out: {reasons_in_words(left_out)}" if left_out else ""
    _say(f"{asked.output}: {written:,} profiles{bad}")
    return PARTLY if left_out else 0


def _say(text: str) -> None:
    print(safe_text(text, 2_000), file=sys.stderr)  # noqa: T201 - this is the command line


def _good_cells(
    source: Path, rows: Iterable[ProfileRow | RowError], left_out: Counter[str], now: datetime
) -> Iterator[dict[str, object]]:
    first, written = "", 0
    for row in rows:
        if isinstance(row, RowError):
            left_out[row.kind] += 1
            first = first or row.error
        else:
            written += 1
            yield {**_cells(row.profile, now), "label": row.label, "group": row.group}
    if not written:
        raise UnreadableFile(f"{source} holds no profile that can be read: {first}.", "Mend its rows.")


def _labelled_cells(row: LabelledProfile) -> dict[str, object]:
    return {**_cells(row.profile), "label": "spam" if row.spam else "genuine", "group": row.group}


def _cells(profile: Profile, unobserved: datetime | None = None) -> dict[str, object]:
    """The profile's columns. A time of observation that is `unobserved` is left open."""
    cells = {column: getattr(profile, column) for column in PROFILE_COLUMNS}
    if cells["observed_at"] == unobserved:
        cells["observed_at"] = None
    return cells | {name: _iso(cell) for name, cell in cells.items() if isinstance(cell, datetime)}


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    sys.exit(main())
