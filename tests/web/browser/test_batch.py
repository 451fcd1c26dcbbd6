"""A batch of look-alikes is one card: told by what they share, rejected by one typed number, taken back by one key."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders.browser_desk import RunningDesk, Seat
from tests.builders.reviewing import House, look_alikes

SIZE = 40


@pytest.fixture
def batch_seat(open_desk: Callable[..., RunningDesk], quick_house: House, seat: Any) -> Seat:
    """Ada before a card of a person, then a batch of forty."""
    quick_house.read("1001", *look_alikes(SIZE))
    quick_house.night()
    ada: Seat = seat(open_desk()).sit("Ada")
    ada.decide("s", "Left on the list.")
    assert ada.key.startswith("batch:")
    return ada


def type_number(ada: Seat, number: str) -> None:
    """Asks to reject all and types a number."""
    ada.press("x")
    ada.page.get_by_role("dialog").get_by_role("textbox").fill(number)
    ada.press("Enter")


def rejected(ada: Seat) -> int:
    """How many cards are rejected now."""
    return int(ada.desk.house.rows("SELECT count(*) FROM items WHERE state = 'rejected'")[0][0])


def test_all_by_the_number_and_back_by_one_key(batch_seat: Seat) -> None:
    """Forty decisions, one undo; afterwards it stands there as a batch again."""
    ada, before = batch_seat, batch_seat.key
    type_number(ada, str(SIZE))
    ada.hears("40 of 40 rejected as spam.")
    ada.page.locator("#hand > .end").wait_for()
    assert rejected(ada) == SIZE
    ada.press("u")
    ada.hears("Taken back: 40 decisions.")
    assert ada.read() == before
    assert rejected(ada) == 0


@pytest.mark.parametrize("typed", ["39", "", "40 ", "4O", "<b>", "0x28"])
def test_only_the_very_number(batch_seat: Seat, typed: str) -> None:
    """Anything else rejects nobody and says how many they are; spaces round it don't matter."""
    type_number(batch_seat, typed)
    batch_seat.hears("40 of 40" if typed.strip() == "40" else "Nothing was rejected: the batch has 40 cards.")
    assert rejected(batch_seat) == (SIZE if typed.strip() == "40" else 0)


def test_its_members_are_listed_on_demand(batch_seat: Seat) -> None:
    """All of them, by a key on the summary; and what the picture shows is said in words."""
    ada = batch_seat
    assert ada.page.locator(".members li").count() < SIZE
    ada.page.get_by_text("All 40 of them").focus()
    ada.press("Enter")
    ada.page.wait_for_function("() => document.querySelectorAll('.members li').length === 40")
    assert ada.page.get_by_role("img", name="Creation dates against the order of following").count() == 1


def test_it_opens_into_cards(batch_seat: Seat) -> None:
    """One after the other, each decided by itself; no key on the batch decides a single card or approves all."""
    ada = batch_seat
    for key in ("a", "r", "n", "e"):
        ada.press(key)
        ada.hears("No such key here")
    before = ada.key
    ada.press("o")
    ada.moves_on(before)
    assert ada.key.startswith("item:")
    assert "One of 40 look-alikes" in ada.page.locator("#hand").inner_text()
    ada.decide("r", "Rejected")
    assert rejected(ada) == 1


def test_it_can_wait(batch_seat: Seat) -> None:
    """Skipping it leaves every card on the list."""
    batch_seat.press("s")
    batch_seat.page.locator("#hand > .end").wait_for()
    assert rejected(batch_seat) == 0
