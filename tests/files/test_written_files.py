"""Profile files as they are written: whole, flat where the format is flat, or not at all."""

import csv
import json
from datetime import UTC, datetime

import pytest
from pyarrow import parquet

from followguard.errors import UnreadableFile, UsageError
from followguard.files.profile_files import read_profiles, write_rows
from followguard.files.profile_headings import COLUMNS
from followguard.files.profile_row import SCORE_COLUMNS
from tests.builders.places import ROOT

NOW = datetime(2026, 2, 1, 0, 5, tzinfo=UTC)
SAMPLE = ROOT / "training_data" / "sample" / "profiles.csv"


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_file_written_and_read_again_holds_the_same_profiles(tmp_path, ending):
    """The three formats carry the same columns, and writing leaves nothing else behind."""
    rows = list(read_profiles(SAMPLE, NOW))
    cells = [{c: getattr(row.profile, c, getattr(row, c, None)) for c in COLUMNS} for row in rows]
    for row in cells:
        row |= {c: row[c] and row[c].isoformat() for c in ("created_at", "observed_at")}
    path = tmp_path / f"again.{ending}"
    assert write_rows(path, cells, COLUMNS) == 18
    again = list(read_profiles(path, NOW))
    assert [(r.profile, r.label, r.group) for r in again] == [(r.profile, r.label, r.group) for r in rows]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_scores_are_written_flat_where_the_format_is_flat(tmp_path):
    """Reasons are JSON text in CSV and Parquet, and a list in JSONL; a bad row keeps its line."""
    scores = [
        {
            "id": "1",
            "p_spam": 0.25,
            "band": "unsure",
            "reasons": [{"code": "c", "text": "ü,\n", "weight": 0.1}],
            "base_logit": -1.25,
            "model": "m",
        },
        {"id": None, "error": "line 3: no id"},
    ]
    for name in ("s.csv", "s.jsonl", "s.parquet"):
        write_rows(tmp_path / name, scores)
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert json.loads(first.pop("reasons")) == scores[0]["reasons"]
    assert first == {"id": "1", "p_spam": "0.25", "band": "unsure", "base_logit": "-1.25", "model": "m", "error": ""}
    assert second == {**dict.fromkeys(SCORE_COLUMNS, ""), "error": "line 3: no id"}
    assert [json.loads(line) for line in (tmp_path / "s.jsonl").read_text(encoding="utf-8").splitlines()] == scores
    flat = parquet.read_table(tmp_path / "s.parquet").to_pylist()
    assert json.loads(flat[0].pop("reasons")) == scores[0]["reasons"]
    assert flat == [
        {"id": "1", "p_spam": 0.25, "band": "unsure", "base_logit": -1.25, "model": "m", "error": None},
        dict.fromkeys(SCORE_COLUMNS) | {"error": "line 3: no id"},
    ]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_file_appears_whole_or_not_at_all(tmp_path, ending):
    """Rows that fail half-way leave the earlier file as it was, and no scrap beside it."""
    path = tmp_path / f"s.{ending}"
    path.write_text("earlier")

    def failing():
        yield {"id": "1"}
        raise UnreadableFile("cut off", "again")

    with pytest.raises(UnreadableFile):
        write_rows(path, failing())
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["s.txt", "none/s.csv", "s.csv/s.csv", "folder.csv"])
def test_a_place_that_cannot_be_written_is_said(tmp_path, name):
    """An unknown ending, a missing folder, a file as a folder, a folder as a file."""
    (tmp_path / "s.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match="can't be written"):
        write_rows(tmp_path / name, [{"id": "1"}])
