"""People sign in by a personal link, once; a session is theirs alone and ends when it should."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.builders.people import add, set_to, withdraw


def test_the_button_spends_the_link(web: Any) -> None:
    """Opening the link shows whose it is and spends nothing; the button's POST opens the desk."""
    link, one = web.link("Ann"), web.browser()
    for _ in range(2):
        assert "Sign in as Ann" in one.get(link).text
    done = one.post(link)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert "Signed in as Ann" in one.get("/you").text


def test_a_link_is_refused_when_used_or_too_old(web: Any) -> None:
    """In one sentence with the next step, on opening and on spending; no cookie comes with it."""
    used, old = web.link("Ann"), web.link("Ann")
    web.browser().post(used)
    web.pass_time(minutes=15)
    for link, said in ((used, "used already"), (old, "too old"), ("/sign-in/" + "A" * 43, "isn&#39;t known")):
        one = web.browser()
        for answer in (one.get(link), one.post(link)):
            assert answer.status_code == 410
            assert said in answer.text
            assert "followguard desk invite NAME" in answer.text
            assert one.cookies == {}


def test_a_race_opens_one_session(web: Any) -> None:
    """Eight browsers post the same link at once: one is in."""
    link = web.link("Ann")
    with ThreadPoolExecutor(8) as pool:
        came = sorted(answer.status_code for answer in pool.map(lambda _: web.browser().post(link), range(8)))
    assert came == [303] + [410] * 7


@pytest.mark.parametrize("path", ["/", "/you", "/nowhere", "/sign-out", "/sign-in", "/static", "/static/../you"])
def test_nothing_is_shown_without_a_session(quick_web: Any, path: str) -> None:
    """Nor with a made-up, an empty or a huge one: the page says how to get in; not even which pages exist."""
    for cookie in ("", "A" * 43, "x" * 4000):
        one = quick_web.browser()
        one.client.cookies.set("followguard-8017", cookie)
        answer = one.client.get(path, follow_redirects=False)
        assert answer.status_code == 401 or (path, answer.status_code) == ("/static", 307)
        assert "Signed in" not in answer.text
    asked = quick_web.browser().get("/you", accept="application/json")
    assert asked.json()["errors"][0]["code"] == "signed_out"


def test_a_session_is_never_taken_over(web: Any) -> None:
    """A cookie planted before signing in isn't the session afterwards, nor is anybody else's."""
    link, headers = web.link("Ann"), {"cookie": "followguard-8017=planted"}
    given = web.browser().post(link, **headers).cookies["followguard-8017"]
    assert len(given) == 43
    for cookie, status in (("planted", 401), (given, 200)):
        one = web.browser()
        one.client.cookies.set("followguard-8017", cookie)
        assert one.get("/you").status_code == status


def test_another_person_in_the_same_browser(web: Any) -> None:
    """Gets a session of their own; the first one's ends, wherever its cookie was copied to."""
    one = web.signed_in("Ann")
    before = one.cookies["followguard-8017"]
    link = web.link("Ben")
    assert "You are signed in as Ann here; that session ends." in one.get(link).text
    one.post(link)
    assert "Signed in as Ben" in one.get("/you").text
    copied = web.browser()
    copied.client.cookies.set("followguard-8017", before)
    assert copied.get("/you").status_code == 401


def test_a_withdrawn_person_is_out_at_once(web: Any) -> None:
    """With the next request; a lower role goes on."""
    one = web.signed_in("Ben")
    set_to(web.store, "Ben", "viewer", by="Ann")
    assert one.get("/you").status_code == 200
    withdraw(web.store, "Ben", by="Ann")
    assert one.get("/you").status_code == 401
    add(web.store, "Ben", "reviewer", by="Ann")
    assert one.get("/you").status_code == 401


def test_signing_out(web: Any) -> None:
    """Ends this browser's session, or every one and the links that nobody used; the cookie goes too."""
    first, second, third, link = (*(web.signed_in("Ann") for _ in range(3)), web.link("Ann"))
    kept = first.cookies["followguard-8017"]
    assert first.post("/sign-out").headers["location"] == "/signed-out"
    assert first.cookies == {}
    assert first.get("/signed-out").status_code == 200
    copied = web.browser()
    copied.client.cookies.set("followguard-8017", kept)
    assert [one.get("/you").status_code for one in (copied, second, third)] == [401, 200, 200]
    second.post("/sign-out/everywhere")
    assert third.get("/you").status_code == 401
    assert "taken back" in web.browser().get(link).text


def test_a_session_ends_after_its_hours(web: Any) -> None:
    """Twelve, or as many as the configuration says; a clock that goes back doesn't bring it back."""
    one = web.signed_in("Ann")
    web.pass_time(hours=11, minutes=59)
    assert one.get("/you").status_code == 200
    web.pass_time(minutes=1)
    assert one.get("/you").status_code == 401
    web.pass_time(hours=-2)
    assert one.get("/you").status_code == 401
    short = web.configured(session_hours=1)
    other = short.signed_in("Ann")
    short.pass_time(hours=1)
    assert other.get("/you").status_code == 401


def test_a_link_on_another_site_leads_in(web: Any) -> None:
    """The browser keeps the cookie back then; the page that is answered asks again, and only once."""
    one = web.browser()
    led = one.get("/you", **{"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})
    assert (led.status_code, 'http-equiv="refresh"' in led.text) == (200, True)
    again = one.get("/you", **{"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"})
    assert (again.status_code, 'http-equiv="refresh"' in again.text) == (401, False)
