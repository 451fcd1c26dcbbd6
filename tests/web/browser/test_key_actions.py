"""Keys that don't decide at once: putting off, passing over, taking back, notes, questions, looking."""

from typing import Any

import pytest

from followguard.domain.policy import HoldingBack

X_PAGE = "<title>X</title><script>document.title = 'opener ' + (window.opener === null) + document.referrer</script>"


def test_later_asks_for_the_day(quick_desk: Any, seat: Any) -> None:
    """Enter takes the week that stands there; a day of one's own can be typed, and none in the past."""
    ada = seat(quick_desk).sit("Ada")
    before = ada.key
    ada.press("l")
    ada.page.get_by_role("textbox", name="Day").press("Enter")
    ada.hears("until 2026-01-12")
    ada.moves_on(before)
    before = ada.key
    ada.press("l")
    ada.page.get_by_role("textbox", name="Day").fill("2026-01-01")
    ada.page.get_by_role("button", name="Put off").click()
    assert ada.page.locator("#ask-later").is_visible()
    ada.page.get_by_role("textbox", name="Day").fill("2026-02-03")
    ada.page.get_by_role("button", name="Put off").click()
    ada.hears("until 2026-02-03")
    ada.moves_on(before)
    assert quick_desk.kinds() == ["later", "later"]
    assert "2 later" in ada.page.locator("#progress").inner_text()


def test_a_day_by_one_button(quick_desk: Any, seat: Any) -> None:
    """Tomorrow, in a week, in a month."""
    ada = seat(quick_desk).sit("Ada")
    for words, day in (("tomorrow", "2026-01-06"), ("in a week", "2026-01-12"), ("in a month", "2026-02-04")):
        before = ada.key
        ada.press("l")
        ada.page.get_by_role("button", name=words).click()
        ada.hears(f"until {day}")
        ada.moves_on(before)
    days = quick_desk.house.rows("SELECT until FROM decisions ORDER BY id")
    assert days == [("2026-01-06",), ("2026-01-12",), ("2026-02-04",)]


def test_undo_takes_back_three_one_after_the_other(desk: Any, seat: Any) -> None:
    """The newest first, each card on the screen again; a fourth has nothing to take back."""
    ada = seat(desk).sit("Ada")
    keys = []
    for key, words in (("a", "Approved"), ("r", "spam"), ("n", "not relevant")):
        keys.append(ada.key)
        ada.decide(key, words)
    for key in reversed(keys):
        before = ada.key
        ada.press("u")
        ada.hears("Taken back")
        ada.moves_on(before)
        assert ada.key == key
    ada.press("u")
    ada.hears("no decision that stands")
    assert desk.kinds() == ["approve", "reject", "reject", "undo", "undo", "undo"]
    assert desk.house.rows("SELECT count(*) FROM items WHERE state IN ('approved', 'rejected')") == [(0,)]


def test_skip_leaves_the_card_on_the_list(quick_desk: Any, seat: Any) -> None:
    """It doesn't come again in this sitting, and nothing is recorded."""
    ada = seat(quick_desk).sit("Ada")
    met = [ada.key]
    for _ in range(5):
        ada.decide("s", "Left on the list.")
        met.append(ada.key)
    ada.press("s")
    ada.page.wait_for_selector("#hand > .end")
    assert len(set(met)) == 6
    assert quick_desk.kinds() == []


def test_a_note_stands_on_the_card(quick_desk: Any, seat: Any) -> None:
    """As text, whatever it says; keys typed into it decide nothing, and an empty one is refused in the dialog."""
    ada = seat(quick_desk).sit("Ada")
    before = ada.key
    ada.press("m")
    ada.page.get_by_role("button", name="Save").click()
    ada.page.locator("#ask-note .said:not(:empty)").wait_for()
    ada.page.get_by_role("textbox", name="Note").press_sequentially("arn <b>bold</b>")
    ada.page.get_by_role("button", name="Save").click()
    ada.hears("Noted.")
    assert "arn <b>bold</b>" in ada.page.locator(".notes").inner_text()
    assert (ada.key, quick_desk.kinds()) == (before, [])
    assert ada.read() == before
    ada.decide("r", "Rejected")


def test_a_colleague_is_asked(quick_desk: Any, seat: Any) -> None:
    """The card leaves this desk and is first on theirs, with the question."""
    ada, ben = seat(quick_desk).sit("Ada"), seat(quick_desk).sign_in("Ben")
    asked = ada.key
    ada.press("w")
    ada.page.get_by_label("Whom").select_option("Ben")
    ada.page.get_by_label("Question").fill("Do we know her?")
    ada.page.get_by_role("button", name="Ask", exact=True).click()
    ada.hears("Ben is asked")
    ada.moves_on(asked)
    ben.open("/")
    assert ben.read() == asked
    assert "asks Ben, " in ben.page.locator(".notes").inner_text()
    assert "Do we know her?" in ben.page.locator(".notes").inner_text()
    ben.decide("a", "Approved")


def test_open_shows_the_profile_in_a_tab_of_its_own(quick_desk: Any, seat: Any) -> None:
    """X learns neither where it was opened from nor gets a hold of the desk; the card stays."""
    ada = seat(quick_desk)
    ada.allowed = frozenset({"x.com"})
    asked: list[Any] = []

    def answer(route: Any) -> None:
        asked.append(route.request)
        route.fulfill(body=X_PAGE, content_type="text/html")

    ada.page.context.route("https://x.com/**", answer)
    ada.sit("Ada")
    before = ada.key
    with ada.page.context.expect_page() as opened:
        ada.press("o")
    opened.value.wait_for_function("() => document.title.startsWith('opener')")
    assert opened.value.title() == "opener true"
    assert opened.value.url.startswith("https://x.com/")
    assert [request.headers.get("referer") for request in asked] == [None]
    assert ada.key == before


def test_held_back_cards_come_by_a_key(open_desk: Any, quick_house: Any, seat: Any) -> None:
    """They aren't among the cards before."""
    quick_house.p_spam = {"1001": 0.02, "1002": 0.99}
    quick_house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=0)
    quick_house.read("1001", "1002")
    quick_house.night()
    ada = seat(open_desk()).sit("Ada")
    assert "1 left" in ada.page.locator("#progress").inner_text()
    ada.press("h")
    ada.hears("1 cards are held back")
    ada.decide("s", "Left on the list.")
    assert "spam" in ada.page.locator(".judged").inner_text()


def test_a_blind_card_shows_its_band_by_a_key(open_desk: Any, quick_house: Any, seat: Any) -> None:
    """Neither the card nor the queue tells before, nor anything else that the page got."""
    quick_house.policy(blind_share=1.0)
    for place in range(3):
        quick_house.p_spam[str(1001 + place)] = 0.5
    quick_house.read("1001", "1002", "1003")
    quick_house.night()
    ada = seat(open_desk())
    told: list[str] = []
    ada.page.on("response", lambda answer: told.append(answer.text()) if "/desk/hand" in answer.url else None)
    ada.sit("Ada")
    assert "what the test says" not in "".join(told)
    assert "unsure" not in "".join(told)
    assert "Band and reasons are hidden" in ada.page.locator("#hand").inner_text()
    ada.press("v")
    ada.page.locator(".judged .band").wait_for()
    assert "what the test says" in ada.page.locator("#hand").inner_text()
    ada.read()
    ada.decide("r", "Rejected")
    ada.decide("r", "The machine thought")


def test_guidelines_stand_beside_the_card(open_desk: Any, quick_house: Any, seat: Any, tmp_path: Any) -> None:
    """Their key leads there; without any, the page says how to have some."""
    quick_house.read("1001")
    quick_house.night()
    bare = seat(open_desk()).sit("Ada")
    bare.press("g")
    bare.hears("policy.guidelines names their file")
    bare.page.context.close()
    (tmp_path / "rules.txt").write_text("Never follow <i>bookmakers</i>.", encoding="utf-8")
    quick_house.policy(guidelines="rules.txt")
    ada = seat(open_desk()).sit("Ben")
    ada.press("g")
    assert ada.page.evaluate("document.activeElement.id") == "guidelines"
    assert "Never follow <i>bookmakers</i>." in ada.page.locator("#guidelines").inner_text()


def test_search_and_help(quick_desk: Any, seat: Any) -> None:
    """`?` lists every key, Escape goes back to the card; `/` leads to the search."""
    ada = seat(quick_desk).sit("Ada")
    ada.press("?")
    said = ada.page.get_by_role("dialog").inner_text()
    for words in ("reject as spam", "put it off until a day", "write a note", "search everybody"):
        assert words in said
    ada.press("a")
    ada.press("Escape")
    assert ada.page.evaluate("document.activeElement.dataset.key") == ada.key
    ada.press("z")
    ada.hears("No such key here. ? shows them all.")
    assert quick_desk.kinds() == []
    with ada.page.expect_navigation(url="**/search"):
        ada.press("/")


@pytest.mark.parametrize("combined", ["Control+a", "Alt+r", "Meta+n"])
def test_shortcuts_of_the_browser_decide_nothing(quick_desk: Any, seat: Any, combined: str) -> None:
    """Only an unmodified key counts."""
    ada = seat(quick_desk).sit("Ada")
    ada.press(combined)
    ada.press("s")
    ada.hears("Left on the list.")
    assert "POST /desk/decide" not in quick_desk.requests


def test_keys_of_the_configuration(open_desk: Any, quick_house: Any, seat: Any) -> None:
    """What `[desk.keys]` changes counts here, on the buttons and in the help; the old key is none."""
    from followguard.domain.desk_keys import key_table

    quick_house.read("1001", "1002")
    quick_house.night()
    ada = seat(open_desk(keys=key_table({"approve": "y", "spam": "x", "reject_all": "k"}))).sit("Ada")
    assert ada.page.locator("[data-action=approve] kbd").inner_text() == "y"
    ada.press("a")
    ada.hears("No such key here")
    ada.decide("y", "Approved")
    ada.press("x")
    ada.hears("Rejected")
    assert quick_house.rows("SELECT kind FROM decisions ORDER BY id") == [("approve",), ("reject",)]
