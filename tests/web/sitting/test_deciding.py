"""The desk's requests, as its page sends them: one card at a time, and only what stood on the screen."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.builders.web_desk import OWN, Browser


@dataclass
class Seat:
    """One person's page: what it has, and what it sends."""

    browser: Browser
    pages: Any

    def get(self, path: str) -> Any:
        """Asks as the script does."""
        return self.browser.client.get(path, headers={"accept": "application/json"})

    def post(self, path: str, body: Any) -> Any:
        """Sends JSON with the page's token."""
        headers = OWN | {"x-followguard-token": self.browser.csrf, "accept": "application/json"}
        return self.browser.client.post(path, json=body, headers=headers)

    def hand(self) -> list[dict[str, Any]]:
        """The cards in hand."""
        found: list[dict[str, Any]] = self.get("/desk/hand").json()["hand"]
        return found

    def look(self, item: int, seconds: float = 1) -> str:
        """The card stands on the screen for so long; returns the word for it."""
        word = str(self.post("/desk/seen", {"item": item}).json()["seen"])
        self.pages.web.pass_time(seconds=seconds)
        return word

    def decide(self, item: int, action: str, word: str = "", **more: Any) -> Any:
        """Looks and decides."""
        return self.post("/desk/decide", {"item": item, "action": action, "seen": word or self.look(item), **more})


def seat(pages: Any, name: str = "Ada") -> Seat:
    """A person at the desk."""
    return Seat(pages.browser(name), pages)


def kinds(pages: Any) -> list[str]:
    """What was decided."""
    return [row[0] for row in pages.house.rows("SELECT kind FROM decisions ORDER BY id")]


def code(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_a_card_is_approved_put_off_and_taken_back(pages: Any) -> None:
    """Each key is one request; the card that was taken back comes first again."""
    one = seat(pages)
    first, second, *_ = [card["item"] for card in one.hand()]
    assert "Approved" in one.decide(first, "approve").json()["said"]
    assert one.decide(second, "later", until="+7").status_code == 200
    assert kinds(pages) == ["approve", "later"]
    back = one.post("/desk/undo", {}).json()
    assert (back["hand"][0]["item"], back["kind"]) == (second, "undo")
    assert one.post("/desk/undo", {}).json()["hand"][0]["item"] == first


def test_only_the_card_on_the_screen_is_decided(quick_pages: Any) -> None:
    """Not one that waits in hand, not by another card's word, not without one, not by another session's."""
    one = seat(quick_pages)
    first, second, *_ = [card["item"] for card in one.hand()]
    word = one.look(first)
    assert code(one.decide(second, "approve", word)) == (409, "already_decided")
    assert code(one.decide(first, "approve", "made-up")) == (409, "already_decided")
    other = seat(quick_pages)
    assert code(other.post("/desk/decide", {"item": first, "action": "approve", "seen": word})) == (
        409,
        "already_decided",
    )
    assert kinds(quick_pages) == []


def test_a_replayed_approval_approves_nobody_twice(quick_pages: Any) -> None:
    """The very same request, sent once more, is refused; one order stands."""
    one = seat(quick_pages)
    item = one.hand()[0]["item"]
    word = one.look(item)
    assert one.decide(item, "approve", word).status_code == 200
    assert code(one.decide(item, "approve", word)) == (409, "already_decided")
    assert quick_pages.house.rows("SELECT count(*) FROM orders") == [(1,)]


def test_an_approval_faster_than_anybody_reads_counts_for_nothing(quick_pages: Any) -> None:
    """The key was meant for the card before; the card waits. Rejections may be quick."""
    one = seat(quick_pages)
    first, second, *_ = [card["item"] for card in one.hand()]
    assert code(one.decide(first, "approve", one.look(first, 0.1))) == (429, "approving_paused")
    assert one.decide(first, "reject", one.look(first, 0.1), reason="spam").status_code == 200
    assert one.decide(second, "reject", one.look(second, 0.1), reason="not_relevant", real=True).status_code == 200
    assert kinds(quick_pages) == ["reject", "reject"]


def test_a_card_that_changed_is_shown_anew(quick_pages: Any) -> None:
    """What was fetched ahead is old: looking at it brings the new look, and an approval binds to that."""
    one = seat(quick_pages)
    item = one.hand()[0]["item"]
    word = one.look(item)
    card = next(each for each in quick_pages.house.cards() if each.item == item)
    changed = replace(card.profile, description="Now sells followers", observed_at=quick_pages.web.now)
    quick_pages.house.see_again(changed)
    assert code(one.decide(item, "approve", word)) == (409, "already_decided")
    assert kinds(quick_pages) == []
    again = one.hand()[0]
    assert again["item"] == item
    assert "Now sells followers" in again["html"]
    assert one.decide(item, "approve").status_code == 200


def test_two_people_never_hold_one_card(pages: Any) -> None:
    """What one has in hand the other isn't offered; what is left goes to the other."""
    one, two = seat(pages), seat(pages, "Rea")
    mine, theirs = ({card["item"] for card in each.hand()} for each in (one, two))
    assert mine
    assert not mine & theirs
    assert "Ada has" in two.get("/desk/others").json()["queue"]
    assert one.post("/desk/leave", {}).status_code == 200
    assert {card["item"] for card in two.hand()} & mine


def test_nobody_is_offered_what_they_may_not_do(quick_pages: Any) -> None:
    """A reviewer has no approve, nor is one taken; a viewer has no desk; beta's approver sees nothing of acme."""
    rea = seat(quick_pages, "Rea")
    card = rea.hand()[0]
    assert "approve" not in card["can"]
    assert code(rea.decide(card["item"], "approve")) == (403, "missing_role")
    assert code(seat(quick_pages, "Vic").get("/desk/hand")) == (403, "missing_role")
    assert {card["account"] for card in seat(quick_pages, "Bea").hand()} == {"beta"}


@pytest.mark.parametrize("body", [[], "x", 7, None, {"item": "1"}, {"item": True}, {}, {"item": 1, "action": "love"}])
def test_what_no_page_sends_is_refused_in_a_sentence(quick_pages: Any, body: Any) -> None:
    """And nothing is decided."""
    one = seat(quick_pages)
    one.hand()
    assert one.post("/desk/decide", body).status_code in (400, 409)
    assert kinds(quick_pages) == []


def test_a_note_and_a_question(pages: Any) -> None:
    """Both stand on the card; the question puts it first on the colleague's list."""
    one = seat(pages)
    first, second, *_ = [card["item"] for card in one.hand()]
    noted = one.post("/desk/note", {"item": first, "text": "Met her <b>there</b>"}).json()["html"]
    assert "Met her &lt;b&gt;there&lt;/b&gt;" in noted
    assert one.decide(first, "reject", reason="spam").status_code == 200
    assert one.post("/desk/ask", {"item": second, "whom": "Rea", "text": "Do you know them?"}).status_code == 200
    asked = seat(pages, "Rea").hand()[0]
    assert asked["item"] == second
    assert "asks Rea" in asked["html"]
    assert code(one.post("/desk/note", {"item": second, "text": "x"})) == (409, "already_decided")


def test_a_note_too_long_is_refused(quick_pages: Any) -> None:
    """2,001 letters by the note's rule, a megabyte before it is read; nothing is kept."""
    one = seat(quick_pages)
    item = one.hand()[0]["item"]
    assert one.post("/desk/note", {"item": item, "text": "x" * 2001}).status_code == 400
    assert one.post("/desk/note", {"item": item, "text": "x" * 2**20}).status_code == 413
    assert quick_pages.house.rows("SELECT count(*) FROM notes") == [(0,)]
