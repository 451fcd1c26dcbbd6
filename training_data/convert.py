"""Turns a public set, read in place, into a profile file: `python -m training_data.convert SET OUTPUT`.

SET is one file of a set (`DIR/human-bots-2020/val.csv`) or the folder of all sets. OUTPUT ends in .jsonl, .csv or
.parquet. It holds rows about real people: keep it out of the repository.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from followguard.adapters.profile_files import write_rows
from followguard.adapters.profile_lines import COLUMNS
from followguard.adapters.public_sets import load_public_sets, read_set_file, set_file_at
from followguard.domain.follower import PROFILE_COLUMNS
from followguard.domain.labelled import LabelledProfile
from followguard.errors import FollowguardError


def convert(source: Path, output: Path) -> int:
    """Writes the profile file and returns its number of rows. Raises `DatasetMismatch` or `UsageError`."""
    rows = load_public_sets(source) if source.is_dir() else read_set_file(*set_file_at(source))
    return write_rows(output, _cells(rows), COLUMNS)


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m training_data.convert", description=__doc__)
    parser.add_argument("set", type=Path, help="a file of a public set, or the folder of all sets")
    parser.add_argument("output", type=Path, help="the profile file to write: .jsonl, .csv or .parquet")
    asked = parser.parse_args(arguments)
    try:
        written = convert(asked.set, asked.output)
    except FollowguardError as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - this is the command line
        return refused.exit_code
    print(f"{asked.output}: {written:,} profiles", file=sys.stderr)  # noqa: T201
    return 0


def _cells(rows: list[LabelledProfile]) -> Iterator[dict[str, object]]:
    for row in rows:
        cells = {column: getattr(row.profile, column) for column in PROFILE_COLUMNS}
        cells |= {name: _iso(cell) for name, cell in cells.items() if isinstance(cell, datetime)}
        yield {**cells, "label": "spam" if row.spam else "genuine", "group": row.group}


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    sys.exit(main())
