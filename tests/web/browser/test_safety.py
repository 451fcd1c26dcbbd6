"""Other sites, captured requests and frames get nothing from somebody's signed-in browser."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders.browser_desk import RunningDesk
from tests.builders.browser_requests import decision, send, token
from tests.builders.reviewing import House

EVIL = "http://localhost.evil.example"
FORGED = """
<form id="forged" method="post" action="{address}/desk/decide" enctype="text/plain">
<input name='{{"item": 1, "action": "approve", "x": "' value='"}}'></form>
<script>
const sent = {{method: "POST", mode: "no-cors", credentials: "include", body: "{{}}"}};
fetch("{address}/desk/decide", sent).catch(() => {{}});
document.getElementById("forged").submit();
</script>"""


def test_a_captured_approval_sent_again(desk: RunningDesk, seat: Any) -> None:
    """Approves nobody twice: not at once, not after undo with the card on the screen again, not by another person."""
    ada, ben = seat(desk).sit("Ada"), seat(desk).sit("Ben")
    with ada.page.expect_request("**/desk/decide") as caught:
        ada.decide("a", "Approved")
    body = caught.value.post_data_json
    for _ in range(3):
        assert send(ada, "/desk/decide", body).status == 409
    assert send(ben, "/desk/decide", body).status == 409
    before = ada.key
    ada.press("u")
    ada.hears("Taken back")
    ada.moves_on(before)
    assert ada.key == f"item:{body['item']}"
    send(ben, "/desk/decide", body)
    assert desk.kinds() == ["approve", "undo"]
    assert desk.house.rows("SELECT count(*) FROM orders WHERE state = 'queued'") == [(0,)]


def test_requests_that_no_page_made(quick_desk: RunningDesk, seat: Any) -> None:
    """Without token or origin, with another session's token, with a word that was bent: nothing is decided."""
    ada, ben = seat(quick_desk).sit("Ada"), seat(quick_desk).sit("Ben")
    body = decision(ada)
    refused: list[dict[str, Any]] = [
        {"x-followguard-token": None},
        {"x-followguard-token": "x"},
        {"x-followguard-token": token(ben)},
        {"origin": "https://evil.example"},
        {"origin": None},
        {"origin": "null"},
    ]
    for headers in refused:
        assert send(ada, "/desk/decide", body, **headers).status == 403, headers
    for seen in ("", "x", body["seen"][:-1], body["seen"] + "A", body["seen"].lower()):
        assert send(ada, "/desk/decide", body | {"seen": seen}).status == 409
    for other in (
        [],
        "approve",
        {"item": [1, 2]},
        body | {"item": [body["item"], 2]},
        body | {"action": "approve_all"},
    ):
        assert send(ada, "/desk/decide", {"item": other} if not isinstance(other, dict) else other).status in {400, 409}
    assert quick_desk.kinds() == []
    assert send(ada, "/desk/decide", body).ok
    assert quick_desk.kinds() == ["approve"]


def test_another_site_in_the_same_browser(quick_desk: RunningDesk, seat: Any) -> None:
    """Its forms and scripts decide nothing, and a frame of the desk stays empty."""
    ada = seat(quick_desk).sit("Ada")
    ada.allowed = frozenset({"evil.example"})
    ada.may_complain = True
    page = ada.page.context.new_page()
    forged = FORGED.format(address=quick_desk.address)
    page.route("http://evil.example/**", lambda route: route.fulfill(body=forged, content_type="text/html"))
    with page.expect_response(lambda answer: answer.status == 403 and answer.request.is_navigation_request()):
        page.goto("http://evil.example/")
    assert quick_desk.kinds() == []
    framed = f'<iframe src="{quick_desk.address}/"></iframe>'
    page.unroute("http://evil.example/**")
    page.route("http://evil.example/**", lambda route: route.fulfill(body=framed, content_type="text/html"))
    page.goto("http://evil.example/framed")
    inner = page.frames[-1]
    inner.wait_for_load_state()
    assert "chrome-error" in inner.url
    assert ada.read() == ada.key
    ada.decide("a", "Approved")


def test_a_foreign_name_for_this_machine(quick_desk: RunningDesk, seat: Any, chromium: Any) -> None:
    """DNS rebinding: the desk answers no page under another name than its own."""
    one = seat(quick_desk)
    port = quick_desk.address.rpartition(":")[2]
    answer = one.page.context.request.get(quick_desk.address + "/", headers={"host": f"evil.example:{port}"})
    assert answer.status == 421
    assert "isn&#39;t reached under that name" in answer.text()


@pytest.mark.parametrize("wanted", [False, True])
def test_pictures_only_where_configured(
    open_desk: Callable[..., RunningDesk], quick_house: House, seat: Any, wanted: bool
) -> None:
    """And then from X's own host alone, without saying where from."""
    quick_house.read("1001")
    quick_house.night()
    ada = seat(open_desk(pictures=wanted))
    asked: list[Any] = []
    ada.allowed = frozenset({"pbs.twimg.com"} if wanted else ())

    def picture(route: Any) -> None:
        asked.append(route.request)
        route.fulfill(body=b"GIF89a", content_type="image/gif")

    ada.page.context.route("https://pbs.twimg.com/**", picture)
    ada.sit("Ada")
    assert ada.page.locator("#hand img").count() == (1 if wanted else 0)
    for image in ada.page.locator("#hand img").all():
        image.evaluate("each => each.complete || new Promise(done => (each.onload = each.onerror = done))")
    assert len(asked) == (1 if wanted else 0)
    assert all("referer" not in each.headers for each in asked)
    stolen = "() => fetch('https://pbs.twimg.com/x').then(() => 'sent', () => 'refused')"
    ada.may_complain = True
    assert ada.page.evaluate(stolen) == "refused"
