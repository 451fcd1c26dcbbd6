"""Tables as spreadsheet programs, exporters and bad luck leave them."""

import gzip
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from followguard.errors import UnreadableFile
from followguard.files.profile_files import read_profiles, write_rows
from followguard.files.profile_headings import COLUMNS
from followguard.files.profile_row import ProfileRow

from .conftest import NOW, Read

HEAD = "id,name,description\n"


def packed(name: str) -> bytes:
    """A zip archive with one member."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\nid;name\n1;a,b\n",
        '"sep=;"\r\nid;name\r\n1;a,b\r\n',
        b"\xef\xbb\xbfSEP=;;\r\nid;name\r\n1;a,b\r\n",
        "sep=\t\nid\tname\n1\ta,b\n",
        "sep=\nid;name\n1;a,b\n",
        '"sep="\nid;name\n1;a,b\n',
        "id|name\n1|a,b\n",
        "\n;;\n,,\nid;name\n1;a,b\n",
        '"id";"name"\n"1";"a,b"\n',
        "id;name;;;\n1;a,b;;;\n",
        "sep=;\nid;name\n1;a,b\n".encode("utf-16"),
        "id\tname\n1\ta,b\n".encode("utf-32"),
        'id,name\r1,"a,b"\r',
        'id,name\r\r\n1,"a,b"\r\r\n',
    ],
)
def test_what_spreadsheets_write_round_the_rows_is_no_row(read: Read, content: str | bytes) -> None:
    """A line that names the separator, leading separators, marks, empty columns at the end, old line ends."""
    assert read(content).short == [("1", "a,b")]


def test_excel_unicode_text_is_a_table(read: Read) -> None:
    """A file ending in .txt is read as tabs in UTF-16; .tsv likewise."""
    assert read("id\tname\n1\tä\n".encode("utf-16"), "a.txt").short == [("1", "ä")]
    assert read("id\tname\n1\tä\n", "a.tsv").short == [("1", "ä")]


def test_rows_of_nothing_are_passed_over_and_counted(read: Read) -> None:
    """Separators, spaces and blank lines, wherever they stand; line numbers go on counting."""
    found = read("id,name\n1,a\n,\n , \n\n2,b\n,\n")
    assert [row.line for row in found.rows] == [2, 6]
    assert found.told == ["4 rows without a single cell passed over."]
    assert read("id,name\n1,a\n").told == []


def test_columns_that_are_not_read_are_told(read: Read) -> None:
    """Columns that aren't read are told with the one probably meant, and without a name by their place."""
    found = read(",id,folowers_count,shoe size\n0,1,5,44\n")
    assert found.told == [
        "columns that aren't read: folowers_count (is followers_count meant?), shoe size, the nameless column 1."
    ]


def test_cells_beyond_the_columns_are_an_error_unless_empty(read: Read) -> None:
    """A comma too many moves cells under other columns."""
    assert read("id,name,\n1,a,,,\n2,b,c\n3\n").short == [("1", "a"), "line 3: 3 cells under 2 columns", ("3", None)]


def test_a_bare_carriage_return_never_makes_two_rows(read: Read) -> None:
    """Without quotes it is the row's error, with them a part of the cell."""
    found = read(HEAD + '1,a\rb,c\n2,"x\ry",z\n3,e\r4,f\n')
    assert found.short == [
        "line 2: not CSV: a bare carriage return stands in a cell without quotes",
        ("2", "x\ry"),
        "line 4: not CSV: a bare carriage return stands in a cell without quotes",
    ]


def test_an_endless_line_costs_its_row_and_no_memory(read: Read) -> None:
    """The next row is read again; so it is after a cell of 200,000 characters."""
    big = "x" * 3_000_000
    found = read(f'{HEAD}1,"{big}",c\n{big}\n2,a,b\n3,{"x" * 200_000},b\n4,c,d\n')
    assert [row if isinstance(row, tuple) else row.partition(":")[2][:16] for row in found.short] == [
        " not CSV: a line", " not CSV: a line", ("2", "a"), " not CSV: field ", ("4", "c")
    ]  # fmt: skip


def test_lines_that_an_open_quote_swallowed_are_named(read: Read) -> None:
    """Nobody has to find out how many rows are missing."""
    found = read(HEAD + '1,"a,b\n2,x,y\n3,e,f\n')
    assert found.short == ["line 2: not CSV: unexpected end of data; lines 2 to 4 are lost"]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_same_id_twice_is_one_row(tmp_path: Path, ending: str) -> None:
    """The first good one; each later one says where it stood before, in its place."""
    path = tmp_path / f"a.{ending}"
    cells = [{"id": "7", "created_at": "never"}, {"id": "7"}, {"id": "8"}, {"id": "7", "name": "b"}]
    write_rows(path, cells, COLUMNS)
    rows = list(read_profiles(path, NOW))
    assert [isinstance(row, ProfileRow) for row in rows] == [False, True, True, False]
    first, last = rows[1].line, rows[3]
    assert not isinstance(last, ProfileRow)
    assert last.error == f"line {last.line}: the same id as line {first}"
    assert last.kind == "the same id as an earlier row"
    assert last.id == "7"


def test_ids_beyond_any_number_are_told_apart_too(read: Read) -> None:
    """20 digits are more than a machine's word holds."""
    assert read(f"id\n{'9' * 20}\n{'9' * 19}8\n{'9' * 20}\n").short[1:] == [
        ("9" * 19 + "8", None),
        "line 4: the same id as line 2",
    ]


def test_ids_that_a_spreadsheet_rounded_are_told(read: Read) -> None:
    """One such id is chance, most of them are not."""
    rounded = "id,name\n1294030472427830000,a\n1294030472427840000,b\n1294030472427835393,c\n"
    assert read(rounded).told == [
        "2 of 3 long ids end in zeros, as if a spreadsheet had rounded them. Export the column as text."
    ]
    assert read("id\n1294030472427830000\n1294030472427835393\n5\n").told == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "1294030472427835393,mara\n1294030472427835394,tom\n", "is a row, not the names of columns"),
        ("a.csv", ";;;\n;;;\n", "holds no rows"),
        ("a.csv", "naem,idd\n1,2\n", "no column id, but naem, idd (is id meant?)"),
        ("a.csv", "id,user_id\n1,2\n", "two columns for id: id and user_id"),
        ("a.csv", "id,name\n1,Müller\n".encode("cp1252"), "seems to be Windows-1252 (“Müller”)"),
        ("a.csv", "id,name\n1,a\n".encode("utf-16-le"), "UTF-16 without its mark"),
        ("a.csv", gzip.compress(b"id\n1\n", mtime=0), "is compressed (gzip)"),
        ("a.csv", packed("[Content_Types].xml"), "is a workbook"),
        ("a.jsonl", packed("a.csv"), "is a zip archive"),
        ("a.csv", b"PAR1xxxx", "is a Parquet file"),
        ("a.csv", b"%PDF-1.4", "is a PDF"),
        ("a.csv", b"<!DOCTYPE html><html>", "a page of HTML"),
        ("a.csv", b"SQLite format 3\0", "is a database"),
        ("a.csv", b'[{"id": "1"}]', "is JSON, not CSV"),
        ("a.xlsx", b"PK\x03\x04", "ends in .xlsx (a workbook)"),
        ("a.parquet", b"id,name\n1,a\n", "isn't a sound Parquet file"),
    ],
)
def test_other_files_are_named_with_what_to_do(read: Read, name: str, content: Any, says: str) -> None:
    """One line, exit code 2, nothing read."""
    with pytest.raises(UnreadableFile) as refused:
        read(content, name)
    assert says in refused.value.message
    assert refused.value.next_step
    assert "\n" not in str(refused.value)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe, a device and a folder: nothing is read of them."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    (tmp_path / "folder.csv").mkdir()
    for name, kind in (
        ("pipe.csv", "a pipe or a device"),
        ("zero.csv", "a pipe or a device"),
        ("folder.csv", "a fold"),
    ):
        with pytest.raises(UnreadableFile, match=f"can't be read: it is {kind}"):
            read_profiles(tmp_path / name, NOW)


def test_texts_for_nothing_are_unknown_and_people_stay(read: Read) -> None:
    """Programs write nan, NULL and None; somebody may be called Nan, and write a hyphen."""
    found = read("id,name,location\n1,nan,NULL\n2,Nan,-\n3,None,none\n")
    assert found.short == [("1", None), ("2", "Nan"), ("3", None)]
    assert [row.profile.location for row in found.rows if isinstance(row, ProfileRow)] == [None, "-", "none"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+49", "-x", "@you", "\tx", "'=1", "''", "NULL", "nan", "None", "plain", "'a"]
)
def test_texts_that_spreadsheets_run_are_written_safely_and_come_back(tmp_path: Path, text: str) -> None:
    """No cell of a written CSV file begins a formula, and reading it gives the text again."""
    path = tmp_path / "a.csv"
    write_rows(path, [{"id": "1", "name": text, "description": text}], COLUMNS)
    assert not any(cell.startswith(tuple("=+-@\t")) for cell in path.read_text().splitlines()[1].split(","))
    (row,) = read_profiles(path, NOW)
    assert isinstance(row, ProfileRow)
    assert (row.profile.name, row.profile.description) == (text, text)


def test_scores_of_hostile_rows_hold_no_formula(tmp_path: Path) -> None:
    """The cell under id is shown in the row's answer, and may be anything."""
    path = tmp_path / "scores.csv"
    write_rows(path, [{"id": "=cmd|' /C calc'!A0", "error": "line 2: no"}])
    assert path.read_text().splitlines()[1].startswith("'=cmd")


def test_ids_are_told_apart_by_the_ten_thousand(read: Read) -> None:
    """The table of ids grows several times; every later one is found, none is taken for another."""
    ids = [str(1294030472427835393 + 4_096 * number) for number in range(20_000)]
    found = read("id\n" + "\n".join([*ids, *ids[::100]]) + "\n")
    assert [row.profile.id for row in found.rows if isinstance(row, ProfileRow)] == ids
    errors = [row for row in found.rows if not isinstance(row, ProfileRow)]
    assert [row.id for row in errors] == ids[::100]
    assert errors[3].error == "line 20005: the same id as line 302"


@pytest.mark.parametrize(
    "heading",
    ["id,text,author_id,author.username", "id,created_at,full_text,retweet_count", '"id";"Text";"conversation id"'],
)
def test_a_table_of_posts_is_refused(read: Read, heading: str) -> None:
    """A post's id isn't that of an account: somebody else, or nobody, would be scored under it."""
    with pytest.raises(UnreadableFile, match="list of posts, not of accounts"):
        read(f"{heading}\n1,x,2,y\n")


def test_a_text_beside_accounts_is_only_not_read(read: Read) -> None:
    """The newest post of each, as exporters add it; accounts by their posts, each named by its own column."""
    assert read("id,username,text\n1,ann,hello\n").told == ["columns that aren't read: text."]
    assert read("tweet_id,user_id,text,retweet_count\n9,1,hello,3\n").short == [("1", None)]
