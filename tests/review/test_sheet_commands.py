"""`review export` and `review import`: answers come back once, and nobody is approved by a column."""

import csv
from pathlib import Path
from typing import Any


def test_export_and_import(desk: Any, tmp_path: Path) -> None:
    """Out, two answers filled in and one approval, back in: two decided, one refused with its line, exit 3."""
    assert desk("review", "export", "list.csv", "--account", "acme", "--json").json == {"file": "list.csv", "rows": 4}
    path = tmp_path / "list.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert desk("review", "import", "list.csv", "--by", "Ann").code == 0
    rows[0].update(decision="approve")
    rows[1].update(decision="reject", reason="competitor", real="x")
    rows[2].update(decision="later", until="2099-05-05")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = desk("review", "import", "list.csv", "--by", "Ann", "--json")
    assert done.code == 3
    assert "Line 2" in done.err
    states = {row["follower_id"]: row["state"] for row in desk("review", "list", "--all", "--json").json}
    assert (states["12"], states["13"], states["11"]) == ("rejected", "later", "waiting")


def test_an_export_keeps_a_file_that_is_there(desk: Any, tmp_path: Path) -> None:
    """Somebody's answers may be in it; --force overwrites. Excel's mark is in front, reasons have their direction."""
    path = tmp_path / "list.csv"
    path.write_text("mine", encoding="utf-8")
    refused = desk("review", "export", "list.csv")
    assert (refused.code, refused.out, path.read_text(encoding="utf-8")) == (2, "", "mine")
    assert "--force" in refused.err
    assert desk("review", "export", "list.csv", "--force").code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbfitem,")
    assert "genuine: what the test says" in path.read_text(encoding="utf-8-sig")


def test_a_column_filled_down_is_told_in_one_line(desk: Any, tmp_path: Path) -> None:
    """Six approvals: how many, the first lines, why, and the way for one of them; the JSON still has each row."""
    rows = "".join(f"{item},approve\n" for item in range(1, 7))
    (tmp_path / "list.csv").write_text(f"item,decision\n{rows}", encoding="utf-8")
    done = desk("review", "import", "list.csv", "--by", "Ann")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert "6 rows (lines 2, 3, 4, 5, 6 and 1 more): Approvals aren't taken from a file" in done.err
    assert "review approve item:1" in done.err
    assert len(desk("review", "import", "list.csv", "--by", "Ann", "--json").json) == 6


def test_a_sheet_as_excel_writes_it_twice(desk: Any, tmp_path: Path) -> None:
    """`sep=;`, 1.0 for an item, capital headings, a column of one's own: decided once, and exit 0 both times."""
    desk("review", "export", "list.csv", "--account", "acme")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second, *_ = csv.DictReader(file)
    heads = "sep=;\r\nItem;Follower id;Username;Decision;Reason;Comment\r\n"
    answered = f"{first['item']}.0;{first['follower_id']};{first['username']};reject;spam;seen\r\n"
    open_yet = f"{second['item']};{second['follower_id']};{second['username']};;;\r\n;;;;;\r\n"
    (tmp_path / "list.csv").write_bytes((heads + answered + open_yet).encode("utf-8-sig"))
    done = desk("review", "import", "list.csv", "--by", "Ann")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert "columns that aren't read: Comment." in done.err
    assert "1 row without a single cell passed over." in done.err
    assert done.err.endswith("2 rows: 1 decided, 1 without a decision.\n")
    again = desk("review", "import", "list.csv", "--by", "Ann")
    assert again.code == 0
    assert "rejected already" in again.out
    assert again.err.endswith("2 rows: 1 as the row says already, 1 without a decision.\n")
    (row,) = desk("review", "import", "list.csv", "--by", "Ann", "--json").json
    assert row["already"] is True
