"""A follower's page tells everything on record to whoever may see the account, and offers only what they may do."""

from dataclasses import replace
from typing import Any

import pytest

from followguard.review.notes import add_note
from tests.builders.reviewing import APPROVE, SPAM, ordinary
from tests.builders.web_pages import HOSTILE


def test_the_story_is_told(pages: Any) -> None:
    """First seen, renamed with both names, decisions and by whom, the order, a note, left, the log's link."""
    house, one = pages.house, pages.browser()
    house.decide("101", APPROVE, by="Ada")
    house.next_day()
    house.see_again(replace(ordinary("101", house.now), username="renamed_101", description="Another bio"))
    item = house.card("101").item
    with house.store.begin() as work:
        add_note(work, house.hand("Rea"), item, "Knows our founder")
    house.leaves("101")
    text = one.get(pages.path("101")).text
    for said in ("First seen", "Renamed", "renamed_101", "Another bio", "Ada approved", "Follow order made",
                 "Rea wrote: Knows our founder", "Seen not to follow us any more", "follower=101"):  # fmt: skip
        assert said in text


def test_a_follower_without_a_card_has_a_page(pages: Any) -> None:
    """Under account and id; nothing can be decided there."""
    pages.house.read("301")
    text = pages.browser().get("/follower/acme/301").text
    assert "no card yet" in text
    assert "Overrule" not in text


@pytest.mark.parametrize("path", ["/follower/999999", "/follower/x", "/follower/9999999999999999999999", "/follower/²",
                                  "/follower/acme/9", "/follower/nothing/101", "/follower/acme/x"])  # fmt: skip
def test_whom_nobody_knows_is_not_found(quick_pages: Any, path: str) -> None:
    """404 in one sentence."""
    answer = quick_pages.browser().get(path)
    assert (answer.status_code, "There is no such follower." in answer.text) == (404, True)


def test_another_accounts_follower_is_not_there(pages: Any) -> None:
    """Bea, who has a role for beta alone, gets the same 404 as for nobody: by card, by id, and for every change.

    Of somebody who follows both accounts her page says nothing about acme.
    """
    bea, path = pages.browser("Bea"), pages.path("101")
    nobody = bea.get("/follower/999999").text
    for each in (path, "/follower/acme/101"):
        assert (bea.get(each).status_code, bea.get(each).text) == (404, nobody)
        for act in ("note", "route", "undo", "overrule", "forget", "disclose"):
            assert bea.post(f"{each}/{act}", {"typed": "101", "text": "x"}).status_code == 404
    both = bea.get(pages.path("103", "beta"))
    assert both.status_code == 200
    assert "acme" not in both.text


def test_people_are_offered_what_they_may(pages: Any) -> None:
    """A viewer nothing, a reviewer notes, an approver overruling, an owner disclose and forget; others are refused."""
    pages.house.decide("101", SPAM, by="Rea")
    path = pages.path("101")
    marks = {
        "/note": "Rea Ada Ola",
        "/undo": "Rea Ada Ola",
        "/overrule": "Ada Ola",
        "/forget": "Ola",
        "/disclose": "Ola",
    }
    for name in ("Vic", "Rea", "Ada", "Ola"):
        one = pages.browser(name)
        text = one.get(path).text
        for act, who in marks.items():
            assert (f'action="{path}{act}"' in text) == (name in who.split()), (name, act)
            if name not in who.split():
                fields = {"text": "x", "reason": "spam", "typed": "101", "decision": "1"}
                assert one.post(path + act, fields).status_code == 403, (name, act)
    assert pages.house.card("101").state.value == "rejected"


def test_notes_routes_undo_and_overrule_come_from_the_page(pages: Any) -> None:
    """Each leads back to the page, which says so; the verbs are those of the commands."""
    one, path = pages.browser("Ada"), pages.path("101")
    assert one.post(f"{path}/note", {"text": "Ask the press team"}).headers["location"] == f"{path}?said=noted"
    assert one.post(f"{path}/route", {"route": "press"}).status_code == 303
    text = one.get(f"{path}?said=routed").text
    assert ("Ask the press team" in text, "Ada sent them to press" in text, "Sent." in text) == (True, True, True)
    assert one.post(f"{path}/route", {"route": "press", "back": "1"}).status_code == 303
    pages.house.decide("101", SPAM, by="Ada")
    [(decision,)] = pages.house.rows("SELECT max(id) FROM decisions")
    assert one.post(f"{path}/overrule", {"reason": "real"}).status_code == 303
    assert one.post(f"{path}/undo", {"decision": str(decision)}).status_code == 409
    assert one.post(f"{path}/undo", {"decision": str(decision + 1)}).status_code == 303
    assert [kind for (kind,) in pages.house.rows("SELECT kind FROM decisions ORDER BY id")] == [
        "reject",
        "overrule",
        "undo",
    ]


def test_hostile_text_is_text(quick_pages: Any) -> None:
    """Name, bio, link and an earlier look are letters; a picture from elsewhere isn't loaded."""
    house = quick_pages.house
    quick_pages.reads("301", name=HOSTILE, description=HOSTILE, url=f"javascript:{HOSTILE}", location=HOSTILE)
    house.night()
    house.next_day()
    house.see_again(
        replace(ordinary("301", house.now), name=f"{HOSTILE}2", profile_image_url="https://evil.example/x.png")
    )
    text = quick_pages.browser().get(quick_pages.path("301")).text
    assert text.count("<script") == 1
    assert "<img" not in text
    assert "\u202e" not in text
    assert 'href="javascript' not in text
    assert "evil.example" not in text


def test_a_card_that_hides_its_band_hides_it_here_too(quick_pages: Any) -> None:
    """Until it is decided or the person asks; afterwards band and reasons stand there."""
    quick_pages.house.policy(blind_share=1.0)
    one, path = quick_pages.browser("Ada"), quick_pages.path("101")
    assert 'class="band' not in one.get(path).text
    assert 'class="band' in one.get(f"{path}?reveal=1").text
    quick_pages.house.decide("101", SPAM, by="Ada")
    assert 'class="band' in one.get(path).text
