"""axe-core finds nothing on any page and in any dialog, light and dark, wide and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders.browser_desk import RunningDesk, Seat
from tests.builders.browser_pages import full_house
from tests.builders.reviewing import House

LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
LEAST = 44
"""Pixels of a target for a finger, each way."""


@pytest.fixture
def full_desk(open_desk: Callable[..., RunningDesk], quick_house: House) -> RunningDesk:
    """A desk with whatever a card can show, two batches and links to hand off."""
    full_house(quick_house)
    return open_desk()


def violations(seat: Seat) -> list[str]:
    """What axe-core finds on the page as it is."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(seat.page).response["violations"]
    return [f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in found for node in each["nodes"]]


def check(seat: Seat) -> None:
    """Nothing found, nothing wider than the screen, and on a phone every target as large as a finger."""
    assert violations(seat) == []
    assert seat.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    if seat.page.viewport_size["width"] < 500:
        assert small_targets(seat) == []


def small_targets(seat: Seat) -> list[str]:
    """Buttons, fields and links outside of sentences that a finger would miss."""
    return list(seat.page.evaluate(
        """least => [...document.querySelectorAll('button, input:not([type=hidden]), select, summary, textarea, a')]
            .filter(each => each.checkVisibility() && !each.matches('.skip, p a'))
            .map(each => [each, each.getBoundingClientRect()])
            .filter(([each, box]) => box.width < least - 0.5 || box.height < least - 0.5)
            .map(([each, box]) => `${each.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)""",
        LEAST,
    ))  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_and_dialogs(full_desk: RunningDesk, seat: Any, scheme: str, width: int) -> None:
    """The way of a working day: sign in, cards, every dialog, a batch, the end, the hand-off, oneself, out again."""
    ada = seat(full_desk, color_scheme=scheme, viewport={"width": width, "height": 844}, has_touch=width < 500)
    ada.page.goto(full_desk.link("Ada"))
    check(ada)
    ada.page.get_by_role("button").click()
    ada.read()
    check(ada)
    for key in ("e", "l", "m", "w", "?"):
        ada.press(key)
        ada.page.get_by_role("dialog").wait_for()
        check(ada)
        ada.press("Escape")
        assert ada.page.evaluate("() => document.activeElement.dataset.key") == ada.key
    while not ada.key.startswith("batch:"):
        ada.decide("s", "Left on the list.")
    check(ada)
    ada.press("x")
    check(ada)
    ada.press("Escape")
    ada.page.context.set_offline(True)
    ada.page.locator("#offline").wait_for()
    check(ada)
    ada.page.context.set_offline(False)
    ada.page.locator("#offline").wait_for(state="hidden")
    ada.open("/follow-back")
    check(ada)
    ada.page.get_by_role("button", name="Yes, show the links").click()
    ada.page.locator("a.follow").wait_for()
    check(ada)
    for path in ("/you", "/nowhere", "/signed-out", "/sign-in/x"):
        ada.open(path)
        check(ada)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_other_page(full_desk: RunningDesk, seat: Any, scheme: str, width: int) -> None:
    """Whatever stands under an address of its own, and a follower's page, as an owner sees them."""
    ola = seat(full_desk, color_scheme=scheme, viewport={"width": width, "height": 844}, has_touch=width < 500)
    ola.sign_in("Ola")
    for path in pages(full_desk.app):
        answer = ola.page.goto(full_desk.address + path)
        if "text/html" in answer.headers["content-type"]:
            assert answer.ok, path
            check(ola)


def pages(app: Any) -> list[str]:
    """The addresses of pages; the first follower stands for all."""
    found = [each.path.replace("{item:int}", "1").replace("{item}", "1") for each in app.routes
             if "GET" in (getattr(each, "methods", None) or ())]  # fmt: skip
    return [path for path in found if "{" not in path and not path.startswith(("/desk/", "/health", "/report/"))]
