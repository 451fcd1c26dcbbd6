"""Today and the log tell people of their accounts, in words, and of no others."""

from datetime import UTC, datetime
from typing import Any

import pytest

from followguard.review.notes import ask
from followguard.review.undo import undo
from tests.builders.reviewing import APPROVE, SPAM
from tests.builders.web_pages import night


def test_the_night_and_what_waits(pages: Any) -> None:
    """Status, new followers, cost, errors with what a person in a browser can do, and what waits."""
    night(pages, "acme", "partial", ({"code": "budget", "message": "The budget is used up. Run: followguard nightly"},))
    pages.house.decide("101", APPROVE, by="Ada")
    text = pages.browser().get("/today?account=acme").text
    for said in (
        "partly done",
        "4711 new",
        "0.890 USD",
        "The budget is used up.",
        "Ask an owner",
        "Approved, to follow",
    ):
        assert said in text
    assert "@beta" not in text


def test_the_month_is_for_those_who_see_every_account(pages: Any) -> None:
    """Bea sees beta's figures and nothing that acme's can be worked out from."""
    night(pages, "acme")
    text = pages.browser("Bea").get("/today").text
    assert "@beta" in text
    for hidden in ("acme", "4711", "all accounts together"):
        assert hidden not in text
    assert "all accounts together" in pages.browser("Vic").get("/today").text
    assert pages.browser("Bea").get("/today?account=acme").status_code == 404


def test_a_question_stands_on_the_page_of_whom_it_asks(pages: Any) -> None:
    """With who asks and a way to the card; on nobody else's page."""
    item, hand = pages.house.card("101").item, pages.house.hand("Rea")
    with pages.house.store.begin() as work:
        ask(work, hand, item, "Ben", "Is she <b>ours</b>?")
    text = pages.browser("Ben").get("/today").text
    assert "Is she &lt;b&gt;ours&lt;/b&gt;?" in text
    assert f'href="/follower/{item}"' in text
    assert "Is she" not in pages.browser("Ada").get("/today").text


def test_the_log_is_filtered_by_its_address(pages: Any) -> None:
    """By who, account, follower and day; the newest first, each with a way to the follower."""
    pages.house.decide("101", SPAM, by="Ada")
    pages.house.decide("102", SPAM, by="Ben")
    one = pages.browser()
    everything = one.get("/log").text
    assert everything.index("rejected @" + (pages.house.card("102").profile.username or "")) > 0
    assert f'href="{pages.path("101")}"' in one.get("/log?by=Ada").text
    assert pages.path("102") not in one.get("/log?by=Ada").text
    assert pages.path("102") in one.get(f"/log?follower=item:{pages.path('102').rpartition('/')[2]}").text
    assert "no such entry" in one.get(f"/log?since={datetime(2100, 1, 1, tzinfo=UTC):%Y-%m-%d}").text
    assert "no such entry" in one.get("/log?before=1").text


def test_the_log_goes_on_page_by_page(quick_pages: Any) -> None:
    """A hundred entries a page, then the ones before; the last page has no further one."""
    for _ in range(26):
        for text in ("101", "102"):
            quick_pages.house.decide(text, SPAM, by="Ada")
            undo(quick_pages.house.hand("Ada"), text)
    one = quick_pages.browser()
    first = one.get("/log?by=Ada").text
    assert first.count("<tr>") == 101
    onward = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = one.get(onward).text
    assert 1 < second.count("<tr>") < 101
    assert 'rel="next"' not in second


@pytest.mark.parametrize("query", ["by=Nobody", "follower=nobody_of_that_name", "account=nothing", "follower=101"])
def test_what_bea_may_not_know_is_not_found(pages: Any, query: str) -> None:
    """An unknown name and somebody of another account's are one answer: 404."""
    assert pages.browser("Bea").get(f"/log?{query}").status_code == 404


def test_another_accounts_entries_are_not_there(pages: Any) -> None:
    """Bea reads beta's entries; neither acme's nor those of no account."""
    pages.house.decide("101", SPAM, by="Ada")
    pages.house.decide("201", SPAM, by="Ben")
    text = pages.browser("Bea").get("/log").text
    assert pages.path("201", "beta") in text
    for hidden in ("acme", pages.path("101"), "signed in"):
        assert hidden not in text.partition("<table")[2]
