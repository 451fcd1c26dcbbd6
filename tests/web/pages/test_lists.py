"""Trust, look-alikes and guidelines are told by account, and every page answers everybody without a word of others."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders.reviewing import SPAM, look_alikes

OF_ACCOUNTS = ("/today", "/search", "/report", "/log", "/trust", "/batches", "/guidelines", "/", "/follow-back")
PLACES = (*OF_ACCOUNTS, "/people", "/you")


@pytest.mark.parametrize("name", ["Ola", "Rea", "Vic"])
def test_every_page_answers(pages: Any, name: str) -> None:
    """On an installation that is days old, for a person of any role; who decides nothing is led to today."""
    one = pages.browser(name)
    at_desk = {"/": 303} if name == "Vic" else {}
    assert {path: one.get(path).status_code for path in PLACES} == dict.fromkeys(PLACES, 200) | at_desk


@pytest.mark.parametrize("path", OF_ACCOUNTS)
def test_an_account_that_is_not_seen_is_not_found(quick_pages: Any, path: str) -> None:
    """404 for its handle in the address, and no word of it without."""
    bea = quick_pages.browser("Bea")
    assert bea.get(f"{path}?account=acme").status_code == 404
    assert "acme" not in bea.get(path).text


def test_look_alikes_with_what_became_of_them(pages: Any) -> None:
    """The sentence, how many wait and how many were rejected; its members by a link."""
    pages.house.read(*look_alikes(12))
    pages.house.night()
    pages.house.decide("5000", SPAM, by="Ada")
    one = pages.browser()
    text = one.get("/batches").text
    for said in ("no bio", "11 wait.", "1 rejected.", 'href="/search?batch=1"'):
        assert said in text
    assert one.get("/search?batch=1").text.count('<th scope="row">') == 12
    assert "No" in pages.browser("Bea").get("/batches").text
    assert "search?batch" not in pages.browser("Bea").get("/batches").text


def test_trust_counts_what_people_said(pages: Any) -> None:
    """The machine's word against people's, each beside the base rate."""
    pages.house.p_spam = {}
    pages.house.decide("101", SPAM, by="Ada")
    text = pages.browser().get("/trust?account=acme").text
    assert "1 of 1 (100 %; of all cards 100 %)" in text
    assert "Of 1 decisions of people 0 were turned" in text


def test_guidelines_stand_with_their_version(pages: Any) -> None:
    """The text as letters with its hash, here and beside the card; an account without a file says so."""
    path = pages.web.installation.folder / "guide.md"
    path.write_text("Do <b>smile</b>", encoding="utf-8")
    accounts = pages.web.installation.accounts
    policy = replace(accounts["acme"].policy, guidelines="guide.md")
    accounts["acme"] = replace(accounts["acme"], policy=policy)
    one = pages.browser()
    text = one.get("/guidelines").text
    assert "Do &lt;b&gt;smile&lt;/b&gt;" in text
    assert "names no file" in text
    assert one.get("/desk/hand").json()["guidelines"] == {"acme": "Do <b>smile</b>"}
    bea = pages.browser("Bea")
    assert "smile" not in bea.get("/guidelines").text + bea.get("/desk/hand").text
    path.unlink()
    assert "smile" in one.get("/guidelines").text
    assert 'class="trouble"' in one.get("/guidelines").text


def test_a_next_step_is_one_for_the_browser(quick_pages: Any) -> None:
    """Who is signed in is told no command; JSON keeps code and message."""
    one, path = quick_pages.browser("Rea"), quick_pages.path("101")
    answer = one.post(f"{path}/overrule", {"reason": "spam"})
    assert answer.status_code == 403
    assert "Ask an owner" in answer.text
    assert "followguard person" not in answer.text
    told = one.post(f"{path}/overrule", {"reason": "spam"}, accept="application/json").json()
    assert told["errors"][0]["code"] == "missing_role"


def test_an_unknown_account_names_no_other(quick_pages: Any) -> None:
    """Neither to a person nor to a script: the sentence of the command line lists every account."""
    bea = quick_pages.browser("Bea")
    answers = [bea.get("/desk/hand?account=nothing", accept=kind) for kind in ("text/html", "application/json")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("acme" not in answer.text for answer in answers)
    assert answers[1].json()["errors"][0]["code"] == "unknown_account"
