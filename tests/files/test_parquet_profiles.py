"""Parquet files of any shape: read in bounded memory, or refused."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from followguard.domain.follower import Profile
from followguard.errors import UnreadableFile
from followguard.files.profile_files import read_profiles
from followguard.files.profile_row import ProfileRow, RowError

from .conftest import NOW

ROWS = 5_000
HUGE = "x" * 270_000
TEXTS = ("username", "name", "description", "location", "url", "profile_image_url", "verified_type", "label", "group")
MEASURED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from followguard.files.profile_files import read_profiles
from followguard.errors import UnreadableFile
try:
    rows = sum(1 for _ in read_profiles(Path(sys.argv[1]), datetime(2026, 2, 1, tzinfo=UTC)))
except UnreadableFile as refused:
    rows = f"refused: {refused.message}"
status = Path("/proc/self/status").read_text()  # getrusage would count what the parent had before the start
print(rows, int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def same(text: str, rows: int = ROWS) -> Any:
    """A column of one text, kept once."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text], pa.large_string()))


def written(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    """A file of these columns."""
    parquet.write_table(pa.table(columns), path, **options)
    return path


def bomb(kind: str, path: Path) -> Path:
    """A small file that is gigabytes when unpacked as it is."""
    ids = pa.array(range(1, ROWS + 1))
    if kind == "one text in every row":
        return written(path, {"id": ids, "description": same(HUGE)})
    if kind == "every text column":
        return written(path, {"id": ids, **{name: same(HUGE * 3) for name in TEXTS}}, compression="zstd")
    if kind == "a count of a million digits":
        return written(path, {"id": ids, "followers_count": same("9" * 900_000)})
    if kind == "an id of a million digits":
        return written(path, {"id": same("9" * 900_000), "name": same("a")})
    plain = pa.array([HUGE * 2] * 500, pa.large_string())
    options = {"compression": "zstd", "use_dictionary": False, "row_group_size": 100}
    return written(path, {"id": pa.array(range(1, 501)), "name": plain}, **options)


@pytest.mark.parametrize(
    "kind",
    [
        "one text in every row",
        "every text column",
        "a count of a million digits",
        "an id of a million digits",
        "unpacked texts",
    ],
)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system doesn't say what a process took")
def test_a_small_file_never_takes_much_memory(tmp_path: Path, kind: str) -> None:
    """Less than 300 MiB, Python and its libraries included: rows with errors, or a refusal."""
    path = bomb(kind, tmp_path / "a.parquet")
    assert path.stat().st_size < 200_000
    run = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    found, _, mebibytes = run.stdout.strip().rpartition(" ")
    assert int(mebibytes) < 300
    assert found == str(ROWS) or "is too large: name unpacks to" in found


def test_a_text_that_is_too_long_is_the_error_of_its_row(tmp_path: Path) -> None:
    """The rows beside it are read."""
    path = written(tmp_path / "a.parquet", {"id": [1, 2], "name": [HUGE, "a"]})
    long, short = read_profiles(path, NOW)
    assert isinstance(long, RowError)
    assert long.kind == "name has more than 2,000 characters"
    assert isinstance(short, ProfileRow)


def test_columns_of_any_kind_are_read(tmp_path: Path) -> None:
    """Names of other programs, floats, categories, bytes, decimals, seconds since 1970, metrics as an object."""
    columns = {
        "ID": pa.array([5.0, 6.0]),
        "Screen Name": pa.array(["a", None], pa.large_string()),
        "name": pa.array(["A", "A"]).dictionary_encode(),
        "description": pa.array([b"gr\xc3\xbcn", None]),
        "created_at": pa.array([1_577_934_245, None]),
        "listed_count": pa.array([4, None]).cast(pa.decimal128(20, 0)),
        "friends_count": pa.array([7, None], pa.uint32()),
        "protected": pa.array([True, None]),
        "public_metrics": pa.array([{"followers_count": 1, "post_count": 2, "odd": "x"}, None]),
    }
    told: list[str] = []
    rows = list(read_profiles(written(tmp_path / "a.parquet", columns), NOW, told.append))
    assert [row.profile for row in rows if isinstance(row, ProfileRow)] == [
        Profile(
            id="5", observed_at=NOW, username="a", name="A", description="grün", listed_count=4, following_count=7,
            created_at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), protected=True, followers_count=1, tweet_count=2,
        ),
        Profile(id="6", observed_at=NOW, name="A"),
    ]  # fmt: skip
    assert told == [f"{tmp_path / 'a.parquet'}: columns that aren't read: public_metrics.odd."]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"id": [1], "name": [["a", "b"]]}, "holds lists or objects in the column name"),
        ({"id": [1], "name": [{"first": "a"}]}, "holds lists or objects in the column name"),
        ({"naem": ["a"], "idd": [1]}, "no column id, but naem, idd (is id meant?)"),
        ({"id": [1], "ID": [2]}, "two columns for id: id and ID"),
        ({"id": [1], "name": [b"\xff"]}, "isn't a sound Parquet file"),
        ({"id": pa.array([], pa.int64())}, "holds no rows"),
    ],
)
def test_files_that_cannot_be_profiles_are_refused(tmp_path: Path, columns: dict[str, Any], says: str) -> None:
    """One line with the next step."""
    with pytest.raises(UnreadableFile) as refused:
        list(read_profiles(written(tmp_path / "a.parquet", columns), NOW))
    assert says in refused.value.message
    assert refused.value.next_step


def test_row_groups_of_ordinary_profiles_are_read_whatever_their_size(tmp_path: Path) -> None:
    """60,000 bios of 160 letters in one group, no two alike."""
    bios = [f"{number:08d}" * 20 for number in range(60_000)]
    path = written(tmp_path / "a.parquet", {"id": pa.array(range(1, 60_001)), "bio": bios}, use_dictionary=False)
    rows = list(read_profiles(path, NOW))
    assert len(rows) == 60_000
    assert rows[-1].line == 60_000
    assert all(isinstance(row, ProfileRow) for row in rows)


def test_counts_that_are_text_are_read_and_posts_refused(tmp_path: Path) -> None:
    """As data frames write a CSV file of X's pages anew; a post's id is nobody's."""
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"id": ["1"], "public_metrics": ["{'followers_count': 5}"]}), path)
    (row,) = read_profiles(path, NOW)
    assert isinstance(row, ProfileRow)
    assert row.profile.followers_count == 5
    parquet.write_table(pa.table({"id": ["1"], "text": ["x"], "author_id": ["2"]}), path)
    with pytest.raises(UnreadableFile, match="list of posts"):
        next(read_profiles(path, NOW))
