"""The rows of CSV profile files, as raw cells; what they mean is decided by `domain/profile_row.py`."""

from collections.abc import Iterator
from pathlib import Path

from followguard.domain.follower import PROFILE_COLUMNS
from followguard.domain.x_profile import TEXT_COLUMNS
from followguard.errors import UnreadableFile
from followguard.files.csv_table import CsvRow, Tell, read_table, unguarded
from followguard.files.headings import Headings
from followguard.files.profile_cells import UNKNOWN_TEXTS
from followguard.files.profile_headings import COLUMNS, PROFILE_HEADINGS
from followguard.files.profile_row import RowError, row_error
from followguard.files.text_file import begins_as_json
from followguard.files.x_objects import posts_under

RawRows = Iterator[tuple[int, object]]
"""Line number and what stood there: a mapping of our columns, any JSON value, or a `RowError`."""

COLUMNS_HELP = f"Its columns may be {', '.join(COLUMNS)}; only id is required."
_GUARDED = frozenset(TEXT_COLUMNS) & frozenset(PROFILE_COLUMNS)


def csv_rows(path: Path, tell: Tell) -> RawRows:
    """Yields the rows below the heading, empty cells as None."""
    if begins_as_json(path):
        raise UnreadableFile(f"{path} is JSON, not CSV.", "Let its name end in .jsonl.")
    table = read_table(path, PROFILE_HEADINGS, ("id",), COLUMNS_HELP, tell)
    check_accounts(path, table.headings)
    places = [(index, column) for index, column in enumerate(table.headings.columns) if column]
    id_at = next(index for index, column in places if column == "id")
    for row in table.rows:
        yield row.line, _bad(row, id_at) if row.wrong else _named(places, row.cells)


def check_accounts(path: Path, headings: Headings) -> None:
    """Raises `UnreadableFile` for a table of posts."""
    refused = posts_under(headings)
    if refused:
        raise UnreadableFile(f"{path} is {refused.what}.", refused.next_step)


def _named(places: list[tuple[int, str]], cells: list[str]) -> dict[str, str | None]:
    """Gives the cells of a row by column. Cells missing at its end are unknown too."""
    if len(cells) <= places[-1][0]:
        cells = cells + [""] * (places[-1][0] + 1 - len(cells))
    found = {column: None if cells[index] in UNKNOWN_TEXTS else cells[index] for index, column in places}
    for column, cell in found.items():
        if cell is not None and "'" in cell and column in _GUARDED:
            found[column] = cell[1:] if cell[0] == "'" and cell[1:] in UNKNOWN_TEXTS else unguarded(cell)
    return found


def _bad(row: CsvRow, id_at: int) -> RowError:
    if not row.cells:
        return row_error(row.line, row.wrong, row.detail)
    shown = row.cells[id_at].strip()[:40] or None
    return RowError(line=row.line, id=shown, error=f"line {row.line}: {row.detail}", reason=row.wrong)
