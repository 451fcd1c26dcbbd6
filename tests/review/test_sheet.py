"""Sheets: out to a file, filled in, back in."""

import codecs
import csv
from pathlib import Path
from typing import Any

import pytest

from followguard.errors import UnknownPerson, UnreadableFile
from followguard.review.decide import Failed
from followguard.review.sheets.file import read_sheet, write_sheet
from followguard.review.sheets.rows import COLUMNS, SheetRow, sheet_row
from followguard.review.sheets.sheet import import_rows

BIG = "1234567890123456789"


@pytest.fixture
def sheet(lite_house: Any, tmp_path: Path) -> Any:
    """A house with four cards and the file of its list."""
    lite_house.read("11", "12", "13", BIG)
    lite_house.night()
    lite_house.file = tmp_path / "list.csv"
    write_sheet(lite_house.file, COLUMNS, [sheet_row(card, lite_house.now) for card in lite_house.cards()])
    return lite_house


def filled(house: Any, **answers: dict[str, str]) -> list[dict[str, str]]:
    """The rows of the file with answers filled in, by follower id (`f11=`)."""
    with house.file.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(answers.get(f"f{row['follower_id']}", {}))
    return rows


def saved(house: Any, rows: list[dict[str, str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Saves rows as a spreadsheet program would."""
    with house.file.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return house.file


def imported(house: Any, path: Path) -> list[Any]:
    """Outcome of an import."""
    return import_rows(house.hand("Rea"), read_sheet(path))


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-8", ";")]
)
def test_rejections_and_put_offs_come_back_in(sheet: Any, encoding: str, delimiter: str) -> None:
    """As Excel, LibreOffice and Numbers save it; rows without a decision are passed over."""
    rows = filled(
        sheet,
        f11={"decision": "Reject", "reason": "Not relevant", "real": "yes"},
        f12={"decision": "later", "until": "2026-02-01"},
        f13={"decision": " reject ", "reason": "spam"},
    )
    outcomes = imported(sheet, saved(sheet, rows, encoding, delimiter))
    assert [(each.follower_id, each.state) for each in outcomes] == [
        ("11", "rejected"), ("12", "later"), ("13", "rejected")
    ]  # fmt: skip
    assert sheet.rows("SELECT real_account FROM decisions ORDER BY id")[0][0] in (1, True)
    assert sheet.card(BIG).state == "waiting"


def test_an_approval_is_never_taken_from_a_file(sheet: Any) -> None:
    """A column filled down: every row is refused with the reason, nobody is approved."""
    rows = [row | {"decision": "approve"} for row in filled(sheet)]
    outcomes = imported(sheet, saved(sheet, rows))
    assert all(isinstance(each, Failed) for each in outcomes)
    assert "follow everybody" in outcomes[0].error.message
    assert "review approve item:" in outcomes[0].error.next_step
    assert sheet.rows("SELECT count(*) FROM orders") == sheet.rows("SELECT count(*) FROM decisions") == [(0,)]


def test_bad_rows_name_their_line_and_good_ones_are_done(sheet: Any) -> None:
    """No reason, a wrong word, a past day, a mixed-up row, an unknown item: five errors, one decision."""
    rows = filled(sheet, f11={"decision": "reject", "reason": "spam"}, f12={"decision": "reject"})
    rows[2].update(decision="delete")
    rows[3].update(decision="later", until="2020-01-01")
    rows.append(dict(rows[0]) | {"follower_id": "12", "decision": "reject", "reason": "spam"})
    rows.append(dict(rows[0]) | {"item": "999", "decision": "reject", "reason": "spam"})
    rows.append(dict(rows[0]) | {"item": "1", "decision": "reject", "reason": "spam", "real": "maybe"})
    outcomes = imported(sheet, saved(sheet, rows))
    failed = [each for each in outcomes if isinstance(each, Failed)]
    assert len(outcomes) - len(failed) == 1
    assert [each.line for each in failed] == [3, 4, 5, 6, 7, 8]
    assert sheet.rows("SELECT count(*) FROM decisions") == [(1,)]


def test_ids_that_a_spreadsheet_rounded_are_recognised(sheet: Any) -> None:
    """1.23457E+18 and 1234567890123450000 are this follower; another number isn't."""
    item = sheet.card(BIG).item
    for number, shown in enumerate(("1.23457E+18", "1,23457E+18", "1234567890123450000", BIG)):
        row = SheetRow(
            2, {"item": str(item), "follower_id": shown, "decision": "later", "until": f"2026-03-0{number + 1}"}
        )
        assert not isinstance(import_rows(sheet.hand("Rea"), [row])[0], Failed), shown
    for shown in ("1.23557E+18", "1.23457E+17", "1234567890123460000", "12", "E", "1e99999"):
        row = SheetRow(2, {"item": str(item), "follower_id": shown, "decision": "later", "until": "2026-03-09"})
        assert isinstance(import_rows(sheet.hand("Rea"), [row])[0], Failed), shown


def test_who_imports_is_checked_before_anything(sheet: Any) -> None:
    """Nobody named, nothing read."""
    with pytest.raises(UnknownPerson):
        import_rows(sheet.hand("Nobody"), read_sheet(sheet.file))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"a,b\r\n1,2\r\n", "no column item"),
        (b"item;username\r\n1;x\r\n", "no column decision"),
        ("item,decision\r\n1,später\r\n".encode("cp1252"), "isn't UTF-8: line 2"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (codecs.BOM_UTF16_LE + b"x", "isn't UTF-16"),
        (b"item,decision\r\n1," + b"x" * 200_000, "isn't a CSV file"),
    ],
)
def test_files_that_are_no_sheets(tmp_path: Path, content: bytes, says: str) -> None:
    """One line with the next step each, and exit code 2."""
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=says) as caught:
        read_sheet(path)
    assert caught.value.next_step


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """A missing file, a folder, and a place where nothing can be written."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UnreadableFile):
            read_sheet(path)
    with pytest.raises(UnreadableFile):
        write_sheet(tmp_path / "no" / "where.csv", ["a"], [])


def test_line_breaks_in_bios_stay_in_their_cell(tmp_path: Path) -> None:
    """The lines of later rows are counted as an editor would."""
    path = tmp_path / "sheet.csv"
    write_sheet(path, ("item", "bio", "decision"), [["1", "a\nb", "later"], ["2", "c", "later"]])
    assert [(row.line, row.cell("item")) for row in read_sheet(path)] == [(2, "1"), (4, "2")]
