"""Profile files as they are read. Every row here is made up."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from followguard.domain.follower import Profile
from followguard.errors import UnreadableFile
from followguard.files.profile_files import read_profiles
from followguard.files.profile_row import ProfileRow, RowError
from tests.builders.places import ROOT

NOW = datetime(2026, 2, 1, 0, 5, tzinfo=UTC)
SAMPLE = ROOT / "training_data" / "sample" / "profiles.csv"


def rows_of(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_profiles(path, NOW))


def csv_row(tmp_path, **cells):
    """The one row of a CSV file with these cells, `id` 1 unless given."""
    cells = {"id": "1", **cells}
    header, values = ",".join(cells), ",".join(f'"{cell}"' for cell in cells.values())
    (row,) = rows_of(tmp_path / "one.csv", f"{header}\n{values}\n")
    return row


def test_the_sample_reads_without_an_error():
    """The file that the documentation shows is a good one: 18 rows, both labels."""
    rows = list(read_profiles(SAMPLE, NOW))
    assert [type(row) for row in rows] == [ProfileRow] * 18
    assert {row.label for row in rows} == {"spam", "genuine"}
    assert {row.group for row in rows} == {"made_up"}


def test_only_id_is_needed_and_unknown_columns_are_ignored(tmp_path):
    """Missing columns, empty cells and cells that are missing at the end mean unknown; `observed_at` is then now."""
    rows = rows_of(tmp_path / "a.csv", "shoe_size,id,name,followers_count\n44,1,,\n,2,Made Up\n")
    assert [row.profile for row in rows] == [
        Profile(id="1", observed_at=NOW),
        Profile(id="2", observed_at=NOW, name="Made Up"),
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    """Excel's CSV UTF-8 begins with one."""
    (row,) = rows_of(tmp_path / "a.csv", b"\xef\xbb\xbfid,name\r\n1,T\xc3\xb6pfer\r\n")
    assert (row.profile.id, row.profile.name) == ("1", "Töpfer")


def test_a_bio_of_several_lines_is_one_row(tmp_path):
    """Line numbers go on counting lines of the file."""
    rows = rows_of(tmp_path / "a.csv", 'id,description\n1,"two\nlines"\n2,one\n')
    assert [(row.line, row.profile.description) for row in rows] == [(2, "two\nlines"), (4, "one")]


BAD_CELLS = [
    ({"id": "abc"}, "digits"),
    ({"id": "1.07E+18"}, "rounded"),
    ({"id": "", "name": "x"}, "no id"),
    ({"followers_count": "-3"}, "followers_count"),
    ({"followers_count": "many"}, "followers_count"),
    ({"followers_count": "3.5"}, "followers_count"),
    ({"created_at": "2020-13-01"}, "created_at"),
    ({"created_at": "1970-01-01"}, "before X's first account"),
    ({"created_at": "2026-03-01"}, "later than observed_at"),
    ({"created_at": "2025-03-01", "observed_at": "2024-03-01"}, "later than observed_at"),
    ({"observed_at": "today"}, "observed_at"),
    ({"protected": "perhaps"}, "protected"),
    ({"label": "1"}, "label"),
    ({"name": "x" * 10_240}, "more than 2,000 characters"),
    ({"name": "x" * 200_000}, "not CSV"),
]


@pytest.mark.parametrize(("cells", "reason"), BAD_CELLS)
def test_a_bad_cell_is_the_error_of_its_row(tmp_path, cells, reason):
    """The error names the line and the column, on one line."""
    row = csv_row(tmp_path, **cells)
    assert isinstance(row, RowError)
    assert reason in row.error
    assert row.error.startswith("line 2: ")
    assert "\n" not in row.error


def test_lenient_spellings_are_read(tmp_path):
    """`3.0`, `TRUE`, `1`, a date without a time and white space around a number are what exports contain."""
    row = csv_row(
        tmp_path,
        id=" 12 ",
        tweet_count="3.0",
        listed_count=" 7 ",
        protected="TRUE",
        verified="0",
        created_at="2020-01-02",
    )
    assert row.profile == Profile(
        id="12",
        observed_at=NOW,
        tweet_count=3,
        listed_count=7,
        protected=True,
        verified=False,
        created_at=datetime(2020, 1, 2, tzinfo=UTC),
    )


def test_a_bad_row_among_good_ones_keeps_its_place(tmp_path):
    """One answer per row, in order; what is wrong with a row costs only that row."""
    content = 'id,name\n1,a\n@@@,###\n2,"b"x\n3,c,d,e\n1,again\n4,e\n'
    rows = rows_of(tmp_path / "a.csv", content)
    assert [row.profile.id if isinstance(row, ProfileRow) else row.error for row in rows] == [
        "1",
        "line 3: the id isn't made of digits: '@@@'",
        "line 4: not CSV: ',' expected after '\"'",
        "line 5: 4 cells under 2 columns",
        "line 6: the same id as line 2",
        "4",
    ]
    assert [row.id for row in rows if isinstance(row, RowError)] == ["@@@", None, "3", "1"]


def test_a_quote_that_is_never_closed_is_an_error_not_a_silence(tmp_path):
    """The rows that it swallows are said to be lost."""
    rows = rows_of(tmp_path / "a.csv", 'id,name\n1,a\n2,"b\n3,c\n')
    assert [type(row) for row in rows] == [ProfileRow, RowError]
    assert "line 3: not CSV" in rows[1].error


def test_nul_and_lone_surrogates_are_made_storable(tmp_path):
    """NUL and lone surrogates become U+FFFD: the row is read, and any database can hold it."""
    (nul,) = rows_of(tmp_path / "a.csv", b"id,name\n1,a\0b\n")
    (lone,) = rows_of(tmp_path / "a.jsonl", '{"id": "1", "name": "a\\ud83db"}\n')
    assert nul.profile.name == lone.profile.name == "a\ufffdb"


def test_jsonl_takes_our_columns_and_objects_of_x(tmp_path):
    """Both spec versions, entities and a `verified_followers_count` of either type beside plain columns."""
    lines = [
        {"id": 1, "followers_count": 5, "description": "", "label": "spam", "group": "made_up"},
        {"id": "2", "public_metrics": {"followers_count": 6, "tweet_count": 7}, "verified_followers_count": "3"},
        {"id": "3", "public_metrics": {"post_count": 8, "like_count": None}, "entities": {"description": {}}},
    ]
    rows = rows_of(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)) + "\n\n")
    assert [row.profile for row in rows] == [
        Profile(id="1", observed_at=NOW, followers_count=5, description=""),
        Profile(id="2", observed_at=NOW, followers_count=6, tweet_count=7),
        Profile(id="3", observed_at=NOW, tweet_count=8),
    ]
    assert (rows[0].label, rows[0].group) == ("spam", "made_up")


def test_bad_lines_of_jsonl_cost_only_themselves(tmp_path):
    """Cut JSON, another value than an object and endless nesting are errors of their line."""
    rows = rows_of(
        tmp_path / "a.jsonl", '{"id": "1"\n12\n' + "[" * 100_000 + '\nnull\n{"id": "5", "tweet_count": NaN}\n'
    )
    assert [type(row) for row in rows] == [RowError] * 4 + [ProfileRow]
    assert all(row.error.startswith(f"line {line}: ") for line, row in enumerate(rows[:4], start=1))
    assert rows[4].profile == Profile(id="5", observed_at=NOW)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "is empty"),
        ("a.jsonl", b"\n\n", "holds no rows"),
        ("a.csv", b"id,name\n", "holds no rows"),
        ("a.csv", b"name,label\nx,spam\n", "no column id"),
        ("a.csv", b"id,name,id\n1,x,2\n", "column id twice"),
        ("a.csv", "id,name\n1,x\n2,Töpfer\n".encode("latin-1"), "line 3, byte 15"),
        ("a.csv", "id,name\n1,x\n".encode("utf-16") + b"x", "isn't UTF-16"),
        ("a.jsonl", b'{"id": "1"}\n{"id": "2", "name": "\xff"}\n', "line 2, byte 33"),
        ("a.csv", b"id,name\n1,\xc3", "line 2, byte 10"),
        ("a.parquet", b"PAR1 but no more", "isn't a sound Parquet file"),
        ("a.xlsx", b"PK", "ends in .xlsx"),
        ("a", b"id\n1\n", "ends in nothing"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_with_a_next_step(tmp_path, name, content, reason):
    """Nothing is yielded first: a wrong encoding in the last row is said before the first is used."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        read_profiles(path, NOW)
    assert reason in refused.value.message
    assert refused.value.next_step
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code == 2


def test_a_wrong_byte_far_into_the_file_is_placed_exactly(tmp_path):
    """Line and byte are counted over the pieces in which the file is read, also through a cut letter."""
    good = "id,name\n" + "".join(f"{n},ö\n" for n in range(1, 200_001))
    content = good.encode()
    path = tmp_path / "a.csv"
    path.write_bytes(content + b"200001,\xff\n")
    with pytest.raises(UnreadableFile, match=f"line 200002, byte {len(content) + 7:,}\\."):
        read_profiles(path, NOW)
    path.write_bytes(content)
    assert sum(1 for _ in read_profiles(path, NOW)) == 200_000


def test_a_missing_file_and_a_folder_are_said(tmp_path):
    """A missing file and a folder are told with the reason of the operating system."""
    (tmp_path / "folder.csv").mkdir()
    for name in ("none.csv", "folder.csv"):
        with pytest.raises(UnreadableFile, match="can't be read"):
            read_profiles(tmp_path / name, NOW)


def test_parquet_columns_of_other_types_are_read(tmp_path):
    """Ids and counts as numbers, times as timestamps down to nanoseconds, NaN as unknown."""
    born = pa.array([1_577_934_245_123_456_789, None], pa.timestamp("ns", "Europe/Rome"))
    seen = pa.array([1_700_000_000, 1_700_000_000], pa.timestamp("s"))
    table = pa.table(
        {"id": [1, 2], "created_at": born, "observed_at": seen, "tweet_count": [3.0, float("nan")], "x": [1, 2]}
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    seen_at = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert [row.profile for row in read_profiles(tmp_path / "a.parquet", NOW)] == [
        Profile(id="1", observed_at=seen_at, created_at=datetime(2020, 1, 2, 3, 4, 5, 123456, UTC), tweet_count=3),
        Profile(id="2", observed_at=seen_at),
    ]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ";"), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16", ",")]
)
def test_csv_is_read_as_spreadsheet_programs_save_it(tmp_path, encoding, delimiter):
    """Semicolons, tabs and UTF-16 with its mark, as `review import` reads them; the bio keeps its commas."""
    path = tmp_path / "a.csv"
    path.write_text(delimiter.join(["id", "description"]) + "\n" + f'1{delimiter}"Töpfer, Köln"\n', encoding=encoding)
    (row,) = read_profiles(path, NOW)
    assert (row.profile.id, row.profile.description) == ("1", "Töpfer, Köln")
