"""Who leaves the desk for another page gives the cards back, and finds the sitting as it was."""

from typing import Any

from tests.builders.browser_desk import RunningDesk
from tests.builders.reviewing import House, look_alikes


def test_the_sitting_goes_on_after_another_page(quick_desk: RunningDesk, seat: Any) -> None:
    """The count goes on, what was skipped doesn't come again, and meanwhile somebody else could have the cards."""
    ada = seat(quick_desk).sit("Ada")
    ada.decide("r", "Rejected")
    skipped = ada.key
    ada.decide("s", "Left on the list.")
    third = ada.key
    ada.open("/you")
    quick_desk.answered("POST /desk/leave")
    assert quick_desk.house.rows("SELECT count(*) FROM items WHERE claimed_by IS NOT NULL") == [(0,)]
    ada.open("/")
    assert ada.read() == third
    assert "1 decided, 4 left" in ada.page.locator("#progress").inner_text()
    met = [third]
    while not ada.page.locator("#hand > .end").count():
        ada.decide("r", "Rejected")
        met.append(ada.page.locator("#hand > *").first.get_attribute("data-key"))
    assert skipped not in met
    assert len(met) == 5


def test_a_batch_comes_back_as_one(open_desk: Any, quick_house: House, seat: Any) -> None:
    """Also when the page was left before it was decided."""
    quick_house.read(*look_alikes(20))
    quick_house.night()
    desk = open_desk()
    ada = seat(desk).sit("Ada")
    before = ada.key
    ada.open("/you")
    desk.answered("POST /desk/leave")
    ada.open("/")
    assert ada.read() == before
    assert before.startswith("batch:")


def test_two_tabs_of_one_person(quick_desk: RunningDesk, seat: Any) -> None:
    """A key in the second on a card that the first has decided decides nothing, and the next card comes."""
    ada = seat(quick_desk).sit("Ada")
    key, other = ada.key, seat(quick_desk)
    other.page.context.add_cookies(ada.page.context.cookies())
    other.open("/")
    assert other.read() == key
    ada.decide("r", "Rejected")
    other.press("a")
    other.page.locator("#said.refused").wait_for()
    other.moves_on(key)
    assert quick_desk.kinds() == ["reject"]
    other.decide("n", "Rejected")
