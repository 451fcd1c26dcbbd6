"""Search finds everybody who was ever seen by what stands in the address, and nobody of an account that isn't seen."""

import re
from typing import Any

import pytest

from tests.builders.reviewing import APPROVE
from tests.builders.web_pages import HOSTILE


def found(browser: Any, query: str) -> list[str]:
    """Ids by whose pages the list leads on: those of the address, or those of cards as `item`."""
    answer = browser.get(f"/search?{query}")
    assert answer.status_code == 200
    return re.findall(r'<th scope="row"><a href="([^"]+)"', answer.text)


def test_a_name_a_username_an_id_and_an_item_find_their_follower(pages: Any) -> None:
    """In any case, also of letters beyond ASCII; a username that begins with @ is taken from its beginning."""
    pages.house.next_day()
    pages.reads("301", name="Élodie Müller", username="Elodie_M")
    pages.house.night()
    one, path = pages.browser(), pages.path("301")
    for text in ("élodie", "ÉLODIE M", "müller", "elodie_m", "%40elod", "301", f"item:{path.rpartition('/')[2]}"):
        assert found(one, f"q={text}") == [path]
    assert found(one, "q=%40lodie") == []


def test_wildcards_are_letters_like_others(pages: Any) -> None:
    """`%`, `_` and a backslash stand for themselves."""
    pages.house.next_day()
    pages.reads("301", name="100% real_one\\two", username="x301")
    pages.house.night()
    one = pages.browser()
    for text in ("0%25 r", "l_o", "%5Ctwo"):
        assert found(one, f"q={text}") == [pages.path("301")]
    for text in ("%25%25", "r__l", "100%25two"):
        assert found(one, f"q={text}") == []


def test_filters_narrow_together(pages: Any) -> None:
    """State, who decided, words of the bio, route and day; each is in the address and stays in the form."""
    pages.house.decide("101", APPROVE, by="Ada")
    pages.house.next_day()
    pages.reads("301", description="A journalist from Graz")
    pages.house.night()
    one, ada = pages.browser(), pages.web.people["Ada"].id
    assert found(one, f"state=approved&person={ada}&account=acme") == [pages.path("101")]
    assert found(one, f"state=waiting&person={ada}") == []
    assert found(one, "words=graz+journalist") == [pages.path("301")] == found(one, "route=press")
    assert found(one, f"since={pages.house.now:%Y-%m-%d}") == [pages.path("301")]
    assert len(found(one, f"until={pages.house.now:%Y-%m-%d}")) == 6
    assert 'value="graz journalist"' in one.get("/search?words=graz+journalist").text


def test_another_account_is_not_there(pages: Any) -> None:
    """Bea has a role for beta alone: no follower, no name and no choice of acme, and its name in the address is 404."""
    bea = pages.browser("Bea")
    text = bea.get("/search").text
    assert sorted(found(bea, "")) == sorted([pages.path("201", "beta"), pages.path("103", "beta")])
    assert "acme" not in text
    answer = bea.get("/search?account=acme")
    assert answer.status_code == 404
    assert answer.text.replace("acme", "") == bea.get("/search?account=nothing").text.replace("nothing", "")


def test_a_hostile_profile_is_text(quick_pages: Any) -> None:
    """Markup in name and bio is shown as letters; so is what somebody puts into the address."""
    quick_pages.reads("301", name=HOSTILE, description=HOSTILE, username="x301")
    quick_pages.house.night()
    one = quick_pages.browser()
    text = (
        one.get(
            "/search",
        ).text
        + one.get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text
    )
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("query", ["state=nonsense", "since=31.1.2026", "until=0001-01-01", "since=2026-13-01"])
def test_what_cannot_be_asked_is_one_sentence(quick_pages: Any, query: str) -> None:
    """400, and what to write instead."""
    assert quick_pages.browser().get(f"/search?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["page=0", "page=-3", "page=x", "page=99999999999", "person=x", "q=%00", "q=" + "a" * 9000]
)
def test_odd_addresses_answer(pages: Any, query: str) -> None:
    """A page that can't be is the first one or an empty one; nothing fails."""
    assert pages.browser().get(f"/search?{query}").status_code == 200


def test_pages_follow_each_other(quick_pages: Any) -> None:
    """Fifty a page, the newest first, and nobody twice or left out."""
    quick_pages.house.next_day()
    quick_pages.house.read(*(str(number) for number in range(1001, 1061)))
    one = quick_pages.browser()
    first, second = found(one, "account=acme"), found(one, "account=acme&page=2")
    assert (len(first), len(second)) == (50, 13)
    assert not set(first) & set(second)
    assert 'href="/search?account=acme&amp;page=2"' in one.get("/search?account=acme").text
