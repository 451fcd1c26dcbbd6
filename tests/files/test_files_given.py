"""Files as people have them, given to every command that takes one: one reader, nothing left out silently."""

import csv
import json
from pathlib import Path

import pytest

from training_data.convert import main as convert

SHEET = "sep=;\r\nID;Screen name;Since;Followers;Following;shoe size;Label\r\n"
ROWS = "11;ann;Wed Oct 10 20:19:24 +0000 2018;1,234;20;44;Human\r\n12;win;2018-10-11;2;4900;44;BOT\r\n;;;;;;\r\n"
TWICE = "12;win;2018-10-11;2;4900;44;BOT\r\n13;bad;never;2;4900;44;spam\r\n14;odd;2018-10-11;1;1;44;1\r\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Two good rows, one of nothing, one that came before, one without a date, one with a label nobody knows."""
    path = tmp_path / "sheet.csv"
    path.write_bytes((SHEET + ROWS + TWICE).encode("utf-8-sig"))
    return path


def test_score_answers_each_row_and_tells_what_it_did_not_read(cli, sheet: Path) -> None:
    """Stdout holds the answers alone; stderr names the column, the empty row, and why rows were bad."""
    done = cli("score", str(sheet), "--json")
    assert done.code == 3
    assert [(row["id"], row.get("error")) for row in done.json] == [
        ("11", None),
        ("12", None),
        ("12", "line 6: the same id as line 4"),
        ("13", "line 7: created_at isn't a date like 2026-01-31T08:00:00Z: 'never'"),
        ("14", "line 8: label is neither spam nor genuine: '1'"),
    ]
    assert "columns that aren't read: shoe size." in done.err
    assert "1 row without a single cell passed over." in done.err
    assert "2 rows scored; 3 bad, each with its error: 1 created_at isn't a date" in done.err


def test_evaluate_counts_rows_once_and_says_why_others_are_skipped(cli, sheet: Path) -> None:
    """Skipped rows are told in JSON under a key of their own, to people in words."""
    done = cli("model", "evaluate", "--labels", str(sheet), "--json")
    assert (done.json["rows"], done.json["skipped"], done.json["prevalence"]) == (2, 3, 0.5)
    assert done.json["skipped_reasons"] == {
        "the same id as an earlier row": 1,
        "created_at isn't a date like 2026-01-31T08:00:00Z": 1,
        "label is neither spam nor genuine": 1,
    }
    assert "shoe size" in done.err
    assert "(3 skipped: 1 created_at isn't a date" in cli("model", "evaluate", "--labels", str(sheet)).out


def test_the_demo_says_how_many_rows_it_left_out(cli, sheet: Path) -> None:
    """Two followers arrive, and the document says what became of the other rows."""
    done = cli("demo", "--profiles", str(sheet), "--nights", "1", "--json")
    assert done.code == 0, done.err
    assert done.json["nights"][0]["accounts"][0]["new"] == 2
    assert done.json["profiles"]["read"] == 2
    assert done.json["profiles"]["skipped"] == 3
    assert sum(done.json["profiles"]["skipped_reasons"].values()) == 3
    assert "2 followers from" in done.err
    assert "3 of 5 rows left out: " in done.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.csv", "id,created_at\n1,never\n2,never\n"),
        ("sci.csv", "id,name\n1.29403E+18,Mara\n"),
        ("page.jsonl", '{"errors": [{"title": "Not Found"}]}\n'),
        ("archive.js", 'window.YTD.follower.part0 = [ {\n"follower" : {"accountId" : "1"} } ]'),
        ("head.csv", "id,name\n"),
    ],
)
def test_no_readable_row_is_no_demo(cli, tmp_path: Path, name: str, content: str) -> None:
    """Nobody made up is shown in their place: one line, exit 2, and nothing left behind."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    done = cli("demo", "--profiles", name, "--keep", "left")
    assert (done.code, done.out) == (2, "")
    assert name in done.err
    assert not (tmp_path / "left").exists()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_any_file_of_profiles_can_be_made_a_clean_one(cli, sheet: Path, tmp_path: Path, capsys, ending: str) -> None:
    """The converter reads what the commands read, says what it left out, and writes what needs no remark."""
    sheet.write_bytes((SHEET + ROWS.replace("ann", "=ann")).encode())
    assert convert([str(sheet), str(tmp_path / f"clean.{ending}")]) == 0
    sheet.write_bytes((SHEET + ROWS + TWICE).encode())
    assert convert([str(sheet), str(tmp_path / "other.csv")]) == 3
    assert "2 profiles; 3 rows left out: " in capsys.readouterr().err
    done = cli("score", f"clean.{ending}")
    assert done.code == 0
    assert done.err == "2 rows scored.\n"
    assert convert([str(sheet), str(sheet)]) == 2
    (tmp_path / "bad.csv").write_text("id\nx\n", encoding="utf-8")
    assert convert([str(tmp_path / "bad.csv"), str(tmp_path / "none.csv")]) == 2
    assert not (tmp_path / "none.csv").exists()


def test_scores_in_a_sheet_hold_no_formula(cli, tmp_path: Path) -> None:
    """Whatever stood where the id should be."""
    (tmp_path / "p.csv").write_text('id,name\n"=HYPERLINK(""http://x"")",a\n+1,b\n@x,c\n-2,d\n', encoding="utf-8")
    assert cli("score", "p.csv", "--output", "s.csv").code == 1
    rows = list(csv.reader((tmp_path / "s.csv").read_text(encoding="utf-8").splitlines()))[1:]
    assert len(rows) == 4
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_page_of_the_api_can_be_given_as_it_came(cli, tmp_path: Path) -> None:
    """The page's accounts are scored one by one."""
    page = {"data": [{"id": "1", "public_metrics": {"followers_count": 3}}, {"id": "2"}], "meta": {"result_count": 2}}
    (tmp_path / "page.json").write_text(json.dumps(page, indent=2), encoding="utf-8")
    assert [row["id"] for row in cli("score", "page.json", "--json").json] == ["1", "2"]
