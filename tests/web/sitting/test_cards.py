"""Cards as HTML: what stands on them, what doesn't, and how hostile text comes out."""

from dataclasses import replace
from typing import Any

from tests.builders.web_pages import HOSTILE
from tests.web.sitting.test_deciding import seat


def test_hostile_text_stays_text(quick_pages: Any) -> None:
    """In name, username, bio, place, link and picture; no link is followed by a click."""
    picture = "https://evil.example/x.png"
    told = {"name": HOSTILE, "username": "x", "description": HOSTILE, "location": HOSTILE}
    quick_pages.reads("301", **told, url="javascript:alert(1)", profile_image_url=picture)
    quick_pages.house.night()
    html = "".join(card["html"] for card in _all(quick_pages))
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "onerror=alert(1)&gt;" in html
    assert "\u202e" not in html
    assert 'href="javascript' not in html
    assert "evil.example" not in html


def test_a_blind_card_hides_band_and_reasons(quick_pages: Any) -> None:
    """Also in the queue; showing them is a request, and from then on it isn't decided blind."""
    for handle in ("acme", "beta"):
        quick_pages.house.policy(handle, blind_share=1.0)
    one = seat(quick_pages)
    answer = one.get("/desk/hand").json()
    card = answer["hand"][0]
    assert 'class="band' not in card["html"]
    assert "genuine" not in answer["queue"]
    assert "reveal" in card["can"]
    assert 'class="band' in one.post("/desk/reveal", {"item": card["item"]}).json()["html"]


def test_earlier_looks_stand_on_the_card(quick_pages: Any) -> None:
    """Somebody who was renamed, with the old name."""
    card = quick_pages.house.card("101")
    quick_pages.house.see_again(replace(card.profile, username="new_name", observed_at=quick_pages.house.now))
    html = next(each["html"] for each in _all(quick_pages) if each["item"] == card.item)
    assert "@new_name" in html
    assert f"@{card.profile.username}" in html


def test_pictures_only_where_they_are_wanted(quick_pages: Any) -> None:
    """And only from X's own hosts."""
    picture = "https://pbs.twimg.com/profile_images/1/x.png"
    quick_pages.reads("302", profile_image_url=picture)
    quick_pages.house.night()
    assert picture not in "".join(card["html"] for card in _all(quick_pages))
    quick_pages.web = quick_pages.web.configured(pictures=True)
    assert picture in "".join(card["html"] for card in _all(quick_pages))


def _all(pages: Any) -> list[dict[str, Any]]:
    """Every card, one after the other."""
    one, found = seat(pages), []
    while cards := one.hand():
        found.append(cards[0])
        if cards[0].get("batch"):
            one.post("/desk/batch/skip", {"batch": cards[0]["batch"]})
        else:
            one.post("/desk/skip", {"item": cards[0]["item"]})
    return found
