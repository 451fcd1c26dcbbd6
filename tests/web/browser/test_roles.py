"""What a person may not do isn't offered, and refused where a page asks for it all the same."""

from typing import Any

from followguard.setup.appointments import withdraw_person
from tests.builders.browser_desk import RunningDesk
from tests.builders.browser_requests import decision, send


def test_a_reviewer_isnt_offered_to_approve(quick_desk: Any, seat: Any) -> None:
    """Neither by button nor key, and a request that was made up is refused; the rest is there."""
    rea = seat(quick_desk).sit("Rea")
    assert not rea.page.locator("[data-action=approve]").is_visible()
    assert rea.page.locator("[data-action=spam]").is_visible()
    rea.press("a")
    rea.hears("No such key here")
    assert send(rea, "/desk/decide", decision(rea)).status == 403
    assert quick_desk.kinds() == []
    rea.read()
    rea.decide("r", "Rejected")


def test_two_people_approve(open_desk: Any, quick_house: Any, seat: Any) -> None:
    """A reviewer's key is a proposal then, and said to be one; a second person's approves."""
    quick_house.policy(two_person_approval=True)
    quick_house.read("1001")
    quick_house.night()
    desk = open_desk()
    rea = seat(desk).sit("Rea")
    rea.press("a")
    rea.hears("Proposed @person_1001; a second person must approve.")
    rea.page.locator("#hand > .end").wait_for()
    assert quick_house.rows("SELECT count(*) FROM orders") == [(0,)]
    ada = seat(desk).sit("Ada")
    assert "proposed" in ada.page.locator(".history").inner_text()
    ada.press("a")
    ada.hears("Approved @person_1001.")
    assert desk.kinds() == ["propose", "approve"]
    assert quick_house.rows("SELECT count(*) FROM orders") == [(1,)]


def test_a_viewer_has_no_cards(quick_desk: Any, seat: Any) -> None:
    """The desk leads to today, which shows how the night went and offers no decision."""
    vic = seat(quick_desk)
    vic.page.goto(quick_desk.link("Vic"))
    vic.page.get_by_role("button", name="Sign in as Vic").click()
    vic.page.wait_for_url(f"{quick_desk.address}/today")
    assert vic.page.locator("[data-action]").count() == 0


def test_a_withdrawn_persons_page_ends_with_the_next_key(desk: RunningDesk, seat: Any) -> None:
    """Nothing is decided any more, no card stays on the screen, and the session doesn't come back."""
    ben = seat(desk).sit("Ben")
    with desk.house.store.begin() as work:
        withdraw_person(work, "Ben", None, "Ola", desk.house.now)
    ben.press("a")
    ben.page.get_by_text("You aren't signed in.").wait_for()
    assert ben.page.locator("[data-key]").count() == 0
    assert desk.kinds() == []
    assert ben.page.context.request.get(desk.address + "/").status == 401


def test_a_page_that_lies_idle_ends_too(quick_desk: Any, seat: Any) -> None:
    """Without any key: what shows who else is here notices that the person is gone."""
    ben = seat(quick_desk)
    ben.page.clock.install()
    ben.sit("Ben")
    with quick_desk.house.store.begin() as work:
        withdraw_person(work, "Ben", None, "Ola", quick_desk.house.now)
    ben.page.clock.run_for(20_000)
    ben.page.get_by_text("You aren't signed in.").wait_for()
    assert ben.page.locator("[data-key]").count() == 0
