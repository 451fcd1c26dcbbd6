"""The same by mouse, and by a finger on a phone."""

from typing import Any

import pytest

from tests.builders.browser_desk import RunningDesk, Seat

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def hit(seat: Seat, selector: str, touch: bool) -> None:
    """Clicks or taps."""
    target = seat.page.locator(selector)
    if touch:
        target.tap()
    else:
        target.click()


@pytest.mark.parametrize("touch", [False, True])
def test_decisions_without_a_keyboard(quick_desk: RunningDesk, seat: Any, touch: bool) -> None:
    """Approve, spam, another reason of a real account, later, skip, undo; on a phone the rarer ones behind `more`."""
    ada = seat(quick_desk, **(PHONE if touch else {})).sit("Ada")
    for button, then, words in (
        ("approve", "", "Approved"),
        ("spam", "", "Rejected"),
        ("other", "#ask-other [data-reason=competitor][data-real]", "A real account all the same."),
        ("later", "#ask-later [data-days='7']", "until 2026-01-12"),
        ("skip", "", "Left on the list."),
    ):
        before = ada.key
        hit(ada, f"#keys [data-action={button}]", touch)
        if then:
            hit(ada, then, touch)
        ada.hears(words)
        ada.moves_on(before)
    before = ada.key
    hit(ada, "#keys [data-action=undo]", touch)
    ada.hears("Taken back")
    ada.moves_on(before)
    if touch:
        assert not ada.page.locator("#keys [data-action=note]").is_visible()
        hit(ada, "#more", touch)
    hit(ada, "#keys [data-action=note]", touch)
    assert ada.page.get_by_role("dialog").is_visible()
    assert quick_desk.kinds() == ["approve", "reject", "reject", "later", "undo"]


def test_more_stays_open_and_closes_again(quick_desk: RunningDesk, seat: Any) -> None:
    """Also after decisions: one tap, one change."""
    ada = seat(quick_desk, **PHONE).sit("Ada")
    ada.decide("r", "Rejected")
    ada.decide("r", "Rejected")
    for shown in (True, False, True):
        ada.page.locator("#more").tap()
        assert ada.page.locator("#keys [data-action=help]").is_visible() is shown
        assert ada.page.locator("#more").get_attribute("aria-expanded") == str(shown).lower()
