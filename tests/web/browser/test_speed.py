"""A key counts for the card that stood on the screen, and an approval only once it could have been read."""

from typing import Any


def test_keys_typed_ahead_decide_nothing_more(quick_desk: Any, seat: Any) -> None:
    """Five keys in one go while the first is under way: one decision, and the next card waits."""
    ada = seat(quick_desk).sit("Ada")
    before = ada.key
    ada.page.evaluate(
        "for (let i = 0; i < 5; i++) document.dispatchEvent(new KeyboardEvent('keydown', {key: 'r', bubbles: true}))"
    )
    ada.hears("Rejected")
    ada.moves_on(before)
    assert quick_desk.kinds() == ["reject"]


def test_a_key_held_down_decides_once(quick_desk: Any, seat: Any) -> None:
    """What the keyboard repeats by itself isn't a key."""
    ada = seat(quick_desk).sit("Ada")
    before = ada.key
    ada.page.keyboard.down("a")
    ada.hears("Approved")
    ada.moves_on(before)
    ada.page.keyboard.down("a")
    ada.page.keyboard.down("a")
    ada.page.keyboard.up("a")
    ada.decide("s", "Left on the list.")
    assert quick_desk.kinds() == ["approve"]


def test_an_approval_too_fast_to_have_looked(quick_desk: Any, seat: Any) -> None:
    """Is refused in one sentence and the card stays; a second later it counts."""
    ada = seat(quick_desk).sit("Ada")
    before = ada.key
    ada.press("r")
    ada.hears("Rejected")
    second = ada.page.wait_for_selector(f'#hand > [data-seen]:not([data-key="{before}"])').get_attribute("data-key")
    ada.press("a")
    ada.hears("too fast to have read the card")
    assert (ada.key, quick_desk.kinds()) == (second, ["reject"])
    ada.read()
    ada.decide("a", "Approved")


def test_ten_approvals_in_twenty_seconds_are_a_pause(open_desk: Any, quick_house: Any, seat: Any) -> None:
    """The eleventh is refused with the time when it may be given again; rejecting goes on."""
    quick_house.read(*(str(1001 + place) for place in range(14)))
    quick_house.night()
    desk = open_desk()
    ada = seat(desk).sign_in("Ada")
    key = ""
    for _ in range(10):
        found = ada.page.wait_for_selector(f'#hand > [data-seen]:not([data-key="{key}"])')
        key = found.get_attribute("data-key")
        desk.pass_time(seconds=1)
        ada.press("a")
    key = ada.page.wait_for_selector(f'#hand > [data-seen]:not([data-key="{key}"])').get_attribute("data-key")
    desk.pass_time(seconds=1)
    ada.press("a")
    ada.page.locator("#said.refused").wait_for()
    assert ada.key == key
    assert desk.kinds() == ["approve"] * 10
    ada.decide("r", "Rejected")
    desk.pass_time(seconds=90)
    ada.read()
    ada.decide("a", "Approved")
