"""A personal link lets one person in, once, by a button."""

from typing import Any

import pytest

from tests.builders.browser_desk import RunningDesk


def test_a_link_is_good_once_and_by_the_button(desk: RunningDesk, seat: Any) -> None:
    """A mail scanner that opens it, however often, spends nothing; the second who presses is told that it was used."""
    link = desk.link("Ada")
    scanner = seat(desk)
    for _ in range(3):
        assert scanner.page.goto(link).status == 200
    assert scanner.page.context.request.head(link).status == 200
    ada = seat(desk)
    ada.page.goto(link)
    assert ada.page.get_by_role("button").count() == 1
    ada.page.keyboard.press("Tab")
    ada.page.get_by_role("button", name="Sign in as Ada").press("Enter")
    ada.read()
    assert "Signed in as Ada" in ada.page.locator(".top").inner_text()
    scanner.page.get_by_role("button", name="Sign in as Ada").click()
    scanner.page.get_by_role("heading", name="That didn't work").wait_for()
    assert scanner.page.context.cookies() == []


@pytest.mark.parametrize("kind", ["expired", "made up", "of a person who was withdrawn"])
def test_links_that_open_nothing(quick_desk: RunningDesk, seat: Any, kind: str) -> None:
    """Each says what to do; no cookie is given, and no page of the desk is reached."""
    from followguard.setup.appointments import withdraw_person

    link = quick_desk.link("Ben")
    if kind == "expired":
        quick_desk.pass_time(minutes=16)
    elif kind == "made up":
        link = quick_desk.address + "/sign-in/" + "A" * 43
    else:
        with quick_desk.house.store.begin() as work:
            withdraw_person(work, "Ben", None, "Ola", quick_desk.house.now)
    one = seat(quick_desk)
    assert one.page.goto(link).status == 410
    assert "desk invite" in one.page.locator("main").inner_text()
    assert one.page.context.cookies() == []
    assert one.page.goto(quick_desk.address + "/").status == 401


def test_a_link_of_somebody_else_doesnt_take_over_in_silence(quick_desk: RunningDesk, seat: Any) -> None:
    """In Ada's browser Ben's link says whose it is and that her session ends, and only the button ends it."""
    one = seat(quick_desk).sit("Ada")
    one.page.goto(quick_desk.link("Ben"))
    assert "You are signed in as Ada here; that session ends." in one.page.locator("main").inner_text()
    before = one.page.context.cookies()[0]["value"]
    one.page.get_by_role("button", name="Sign in as Ben").click()
    one.read()
    assert "Signed in as Ben" in one.page.locator(".top").inner_text()
    assert one.page.context.cookies()[0]["value"] != before


def test_a_session_that_was_planted_is_none(quick_desk: RunningDesk, seat: Any) -> None:
    """A cookie that was there before signing in isn't the session afterwards; scripts read neither."""
    one = seat(quick_desk)
    name = f"followguard-{quick_desk.address.rpartition(':')[2]}"
    one.page.context.add_cookies([{"name": name, "value": "planted", "url": quick_desk.address}])
    one.sit("Ada")
    (cookie,) = one.page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (name, True, "Strict")
    assert cookie["value"] != "planted"
    assert one.page.evaluate("document.cookie") == ""


def test_signing_out_ends_the_page_for_good(quick_desk: RunningDesk, seat: Any) -> None:
    """The way back of the browser shows no card."""
    one = seat(quick_desk).sit("Ada")
    one.page.get_by_role("button", name="Sign out").click()
    one.page.get_by_text("You are signed out.").wait_for()
    one.page.go_back()
    one.page.get_by_text("You aren't signed in.").wait_for()
    assert one.page.locator("[data-key]").count() == 0
