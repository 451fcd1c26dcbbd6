"""Rows of sheets that don't fit their item, that were carried out already, that contradict one another."""

from typing import Any

import pytest

from followguard.domain.decision import DecisionResult
from followguard.review.decide import Failed
from followguard.review.sheets.rows import SheetRow
from followguard.review.sheets.sheet import import_rows

ORDER = "SELECT kind, reason, until FROM decisions ORDER BY id"


@pytest.fixture
def read_in(house: Any) -> Any:
    """Four followers with cards, on each kind of database."""
    house.read("11", "12", "13", "14")
    house.night()
    return house


def row(house: Any, follower: str, line: int = 2, **cells: str) -> SheetRow:
    """A row about a follower's card, as the export shows it."""
    card = house.card(follower)
    shown = {"item": str(card.item), "account": card.account, "follower_id": follower}
    return SheetRow(line, {**shown, "username": card.profile.username or "", **cells})


def spam(house: Any, follower: str, **cells: str) -> SheetRow:
    """The same with a rejection as spam."""
    return row(house, follower, **{"decision": "reject", "reason": "spam", **cells})


def imported(house: Any, *rows: SheetRow, by: str = "Rea") -> list[Any]:
    """Outcome of an import."""
    return import_rows(house.hand(by), rows)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"username": "somebody_else"}, "but the row says @somebody_else"),
        ({"follower_id": "12"}, "is follower 11, but the row says 12"),
        ({"follower_id": "", "username": "somebody_else"}, "but the row says @somebody_else"),
        ({"follower_id": "", "username": "", "profile_url": "https://x.com/other"}, "the row says x.com/other"),
        ({"account": "beta"}, "is of @acme, but the row says @beta"),
        ({"username": "\u202eemos"}, "but the row says"),
        ({"follower_id": "1E+1", "username": "x"}, "but the row says @x"),
    ],
)
def test_a_row_that_shows_somebody_else_decides_nothing(read_in: Any, cells: dict[str, str], says: str) -> None:
    """Id, username or account contradict the item: a column was sorted by itself, or the sheet is of another desk."""
    (outcome,) = imported(read_in, spam(read_in, "11", **cells))
    assert isinstance(outcome, Failed)
    assert says in outcome.error.message
    assert "export a fresh sheet" in outcome.error.next_step
    assert read_in.rows(ORDER) == []


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"username": ""},
        {"follower_id": ""},
        {"follower_id": "", "username": "", "account": ""},
        {"follower_id": "11.0"},
        {"account": "@ACME"},
    ],
)
def test_a_row_that_shows_its_follower_decides(read_in: Any, cells: dict[str, str]) -> None:
    """Empty cells contradict nothing; case, an @ and a decimal point are the spreadsheet's."""
    username = read_in.card("11").profile.username
    written = {"username": f"@{username.upper()}", **cells}
    (outcome,) = imported(read_in, spam(read_in, "11", **written))
    assert isinstance(outcome, DecisionResult)
    assert read_in.rows(ORDER) == [("reject", "spam", None)]


@pytest.mark.parametrize("written", ["{}.0", "item:{}", "{},0", " {} ", "00{}"])
def test_an_item_is_understood_as_spreadsheets_write_it(read_in: Any, written: str) -> None:
    """A number that became 1.0 on the way."""
    item = written.format(read_in.card("11").item)
    (outcome,) = imported(read_in, spam(read_in, "11", item=item))
    assert isinstance(outcome, DecisionResult)
    assert outcome.follower_id == "11"


@pytest.mark.parametrize("item", ["1.5", "1e3", "", "x", "-1", "9" * 30])
def test_an_item_that_is_none_is_refused(read_in: Any, item: str) -> None:
    """An item that is none is refused with its line."""
    (outcome,) = imported(read_in, spam(read_in, "11", item=item, line=7))
    assert isinstance(outcome, Failed)
    assert outcome.line == 7


def test_the_same_file_twice_changes_nothing(read_in: Any) -> None:
    """Rejections and put-offs stand as the rows say: no second decision, no error; whoever imports it."""
    rows = [
        spam(read_in, "11"),
        row(read_in, "12", decision="later", until="2026-03-01"),
        row(read_in, "13", decision="reject", reason="not_relevant", real="yes"),
    ]
    first = imported(read_in, *rows)
    kept, log = read_in.rows(ORDER), read_in.rows("SELECT count(*) FROM log")
    second = imported(read_in, *rows, by="Ada")
    assert [outcome.already for outcome in first] == [False] * 3
    assert [(outcome.already, outcome.state, outcome.decision_id) for outcome in second] == [
        (True, outcome.state, outcome.decision_id) for outcome in first
    ]
    assert second[0].as_row() == {**first[0].as_row(), "already": True}
    assert read_in.rows(ORDER) == kept
    assert read_in.rows("SELECT count(*) FROM log") == log


def test_a_put_off_that_has_come_due_is_still_as_the_file_says(read_in: Any) -> None:
    """A put-off that has come due is no new decision, although its day is past by then."""
    put_off = row(read_in, "12", decision="later", until="2026-03-01")
    imported(read_in, put_off)
    read_in.next_day(365)
    (again,) = imported(read_in, put_off)
    assert isinstance(again, DecisionResult)
    assert again.already
    assert len(read_in.rows(ORDER)) == 1


def test_what_was_carried_out_is_so_whatever_they_are_called_by_now(read_in: Any) -> None:
    """The id in the row is theirs; a new decision about another look is refused."""
    from dataclasses import replace

    first, other = spam(read_in, "11"), spam(read_in, "12")
    imported(read_in, first)
    for follower in ("11", "12"):
        look = read_in.card(follower).profile
        read_in.see_again(replace(look, username="new_name", observed_at=read_in.now))
    done, refused = imported(read_in, first, other)
    assert isinstance(done, DecisionResult)
    assert done.already
    assert isinstance(refused, Failed)
    assert "is @new_name, but the row says" in refused.error.message


def test_what_was_taken_back_is_decided_anew(read_in: Any) -> None:
    """An undo leaves nothing that stands."""
    from followguard.review.undo import undo

    imported(read_in, spam(read_in, "11"))
    undo(read_in.hand("Rea"), "11")
    (again,) = imported(read_in, spam(read_in, "11"))
    assert isinstance(again, DecisionResult)
    assert not again.already


def test_another_decision_than_the_one_that_stands_is_an_error(read_in: Any) -> None:
    """The file can't overrule."""
    imported(read_in, spam(read_in, "11"))
    (outcome,) = imported(read_in, spam(read_in, "11", reason="competitor"))
    assert isinstance(outcome, Failed)
    assert "is decided" in outcome.error.message


def test_two_rows_that_contradict_each_other_decide_nothing(read_in: Any) -> None:
    """Two rows that contradict each other decide nothing, twice over; two that say the same are one decision."""
    rows = [
        spam(read_in, "11", line=2),
        row(read_in, "11", line=3, decision="later", until="2026-03-01"),
        row(read_in, "12", line=4, decision="approve"),
        spam(read_in, "12", line=5),
        spam(read_in, "13", line=6),
        spam(read_in, "13", line=7),
    ]
    for again in (False, True):
        outcomes = imported(read_in, *rows)
        assert [each.line for each in outcomes if isinstance(each, Failed)] == [2, 3, 4, 5]
        assert "Line 3 asks for something else" in outcomes[0].error.message
        assert [each.already for each in outcomes[4:]] == [again, True]
    assert read_in.rows(ORDER) == [("reject", "spam", None)]


def test_a_row_whose_cells_have_moved_decides_nothing(read_in: Any) -> None:
    """A comma too many, and every cell after it stands under another column."""
    moved = SheetRow(4, spam(read_in, "11").cells, "6 cells under 5 columns")
    (outcome,) = imported(read_in, moved)
    assert isinstance(outcome, Failed)
    assert "6 cells under 5 columns" in outcome.error.message


def test_an_approval_that_stands_is_as_the_row_says(read_in: Any) -> None:
    """One that doesn't is never taken."""
    from followguard.domain.decision import Choice
    from followguard.domain.labels import Kind

    read_in.decide("11", Choice(kind=Kind.APPROVE))
    done, refused = imported(read_in, row(read_in, "11", decision="approve"), row(read_in, "12", decision="approve"))
    assert isinstance(done, DecisionResult)
    assert done.already
    assert isinstance(refused, Failed)
    assert "follow everybody" in refused.error.message


@pytest.mark.parametrize(
    ("cell", "day"),
    [("31.03.2026", "2026-03-31"), ("31/03/2026", "2026-03-31"), ("2026/03/31", "2026-03-31"), ("+3", None)],
)
def test_days_are_understood_as_spreadsheets_write_them(read_in: Any, cell: str, day: str | None) -> None:
    """Days are understood where one reading is possible."""
    (outcome,) = imported(read_in, row(read_in, "11", decision="later", until=cell))
    assert isinstance(outcome, DecisionResult)
    assert day is None or outcome.until == day


def test_a_day_with_two_readings_is_refused(read_in: Any) -> None:
    """Day or month first: nobody knows."""
    (outcome,) = imported(read_in, row(read_in, "11", decision="later", until="03/04/2026"))
    assert isinstance(outcome, Failed)
    assert "day or the month first" in outcome.error.message
