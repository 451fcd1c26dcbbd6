"""The hand-off page: who is signed in on X, one link at a time, and one key for what was done about it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders.browser_desk import RunningDesk, Seat
from tests.builders.reviewing import APPROVE, House


@pytest.fixture
def approved_desk(open_desk: Callable[..., RunningDesk], quick_house: House) -> RunningDesk:
    """Three who were approved."""
    quick_house.read("1001", "1002", "1003", "1004")
    quick_house.night()
    for follower in ("1001", "1002", "1003"):
        quick_house.decide(follower, APPROVE)
        quick_house.now = quick_house.now.replace(minute=quick_house.now.minute + 1)
    return open_desk()


def orders(desk: RunningDesk) -> list[str]:
    """Where each order is, by follower."""
    return [row[0] for row in desk.house.rows("SELECT state FROM orders ORDER BY follower_id")]


def stand_in_for_x(seat: Seat) -> list[str]:
    """Answers instead of X; returns what was asked, in time."""
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(body="X")

    seat.allowed = frozenset({"x.com"})
    seat.page.context.route("https://x.com/**", answer)
    return asked


def test_three_links_three_keys(approved_desk: RunningDesk, seat: Any) -> None:
    """Opening the page hands nothing off; then f, c and s say what was done, and nobody is left."""
    ada = seat(approved_desk).sign_in("Ada")
    asked = stand_in_for_x(ada)
    ada.open("/follow-back")
    assert "Are you signed in on X as @acme, in this browser?" in ada.page.locator("main").inner_text()
    assert orders(approved_desk) == ["queued"] * 3
    ada.press("f")
    ada.page.get_by_role("button", name="Yes, show the links").press("Enter")
    for place, (key, words) in enumerate((("f", "marked as followed"), ("c", "back on the list"), ("s", "put off"))):
        ada.page.get_by_text(f"{place + 1} of 3").wait_for()
        with ada.page.context.expect_page() as opened:
            ada.press("o")
        opened.value.wait_for_load_state()
        assert opened.value.evaluate("() => window.opener") is None
        ada.press(key)
        ada.hears(words)
    ada.page.get_by_text("No link is left here.").wait_for()
    assert sorted(orders(approved_desk)) == ["queued", "sent", "void"]
    assert len(set(asked)) == 3
    assert [url.rpartition("?")[0] for url in asked] == ["https://x.com/intent/follow"] * 3


def test_what_was_followed_cant_be_undone(approved_desk: RunningDesk, seat: Any) -> None:
    """Undo leaves it and says what is to do instead; it stays followed."""
    ada = seat(approved_desk).sign_in("Ada")
    ada.open("/follow-back")
    ada.page.get_by_role("button", name="Yes, show the links").click()
    for place in range(3):
        ada.page.get_by_text(f"{place + 1} of 3").wait_for()
        ada.press("f")
    ada.page.get_by_text("No link is left here.").wait_for()
    ada.open("/")
    ada.read()
    ada.press("u")
    ada.page.locator("#said.refused").wait_for()
    assert orders(approved_desk) == ["sent"] * 3
    assert approved_desk.kinds() == ["approve"] * 3


def test_a_reviewer_marks_nothing(approved_desk: RunningDesk, seat: Any) -> None:
    """Links may be opened; what was done is an approver's to say."""
    rea = seat(approved_desk).sign_in("Rea")
    rea.open("/follow-back")
    rea.page.get_by_role("button", name="Yes, show the links").click()
    rea.page.locator("a.follow").wait_for()
    assert rea.page.locator("[data-mark]").count() == 0
    rea.press("f")
    assert "POST /follow-back/mark" not in approved_desk.requests


def test_offline_nothing_is_marked(approved_desk: RunningDesk, seat: Any) -> None:
    """The link stays, the page says so, and the key counts once the connection is back."""
    ada = seat(approved_desk).sign_in("Ada")
    ada.open("/follow-back")
    ada.page.get_by_role("button", name="Yes, show the links").click()
    ada.page.get_by_text("1 of 3").wait_for()
    ada.page.context.set_offline(True)
    ada.press("f")
    ada.page.locator("#offline").wait_for()
    ada.press("f", "c")
    ada.page.context.set_offline(False)
    ada.page.locator("#offline").wait_for(state="hidden")
    assert ada.page.get_by_text("1 of 3").is_visible()
    ada.press("f")
    ada.hears("marked as followed")
    assert orders(approved_desk).count("sent") == 1


def test_keyboard_alone_from_the_link_to_the_last_follow(quick_desk: RunningDesk, seat: Any) -> None:
    """Sign in, decide about six, go to the hand-off and through it: no mouse, and the focus is never lost."""
    ada = seat(quick_desk)
    stand_in_for_x(ada)
    ada.page.goto(quick_desk.link("Ada"))
    tab_to(ada, "Sign in as Ada")
    ada.press("Enter")
    ada.read()
    for place in range(6):
        assert ada.page.evaluate("() => document.activeElement.dataset.key") == ada.key
        ada.decide("a" if place < 2 else "n", "Approved" if place < 2 else "Rejected")
    tab_to(ada, "Follow those who were approved")
    ada.press("Enter")
    ada.page.wait_for_url("**/follow-back")
    tab_to(ada, "Yes, show the links")
    ada.press("Enter")
    for place in (1, 2):
        ada.page.get_by_text(f"{place} of 2").wait_for()
        assert ada.page.evaluate("() => document.activeElement.className") == "follow"
        with ada.page.context.expect_page():
            ada.press("Enter")
        ada.press("f")
    ada.page.get_by_text("No link is left here.").wait_for()
    assert ada.page.evaluate("() => document.activeElement !== document.body")
    assert orders(quick_desk) == ["sent", "sent"]


def tab_to(seat: Seat, name: str) -> None:
    """Presses Tab until the focus stands on what is called so; at most forty times."""
    for _ in range(40):
        seat.press("Tab")
        if name == seat.page.evaluate("() => document.activeElement.textContent.trim()"):
            return
    raise AssertionError(f"Tab doesn't reach {name}")
