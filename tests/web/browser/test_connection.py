"""Without a connection no key decides; with it back, or the server started anew, the work goes on where it was."""

from pathlib import Path
from typing import Any

from tests.builders.browser_desk import RunningDesk, running


def test_offline_no_key_decides(desk: RunningDesk, seat: Any) -> None:
    """The page says so in a banner and once more for a key; back again, the same card waits and nothing is doubled."""
    ada = seat(desk).sit("Ada")
    ada.decide("r", "Rejected")
    before = ada.key
    ada.page.context.set_offline(True)
    ada.page.get_by_role("alert").get_by_text("No connection to the desk").wait_for()
    for key in ("a", "r", "u", "s", "l", "m", "e"):
        ada.press(key)
        ada.hears("no key decides until it is back")
    assert ada.page.get_by_role("dialog").count() == 0
    assert ada.key == before
    ada.page.context.set_offline(False)
    ada.page.locator("#offline").wait_for(state="hidden")
    assert ada.read() == before
    assert desk.kinds() == ["reject"]
    ada.decide("a", "Approved")
    assert desk.kinds() == ["reject", "approve"]


def test_an_answer_that_was_lost(quick_desk: RunningDesk, seat: Any) -> None:
    """The decision is saved, the answer isn't heard: sent again by nobody, it stands once."""
    ada = seat(quick_desk).sit("Ada")
    before = ada.key

    def lose_the_answer(route: Any) -> None:
        route.fetch()
        route.abort()

    ada.page.route("**/desk/decide", lose_the_answer)
    ada.press("a")
    ada.hears("your last decision is saved")
    ada.moves_on(before)
    assert quick_desk.kinds() == ["approve"]


def test_undo_reaches_back_over_a_restart(quick_house: Any, tmp_path: Path, seat: Any) -> None:
    """The page that was open goes on, signed in as before: it decides, and takes back what the desk before recorded."""
    from tests.web.browser.conftest import six

    with running(six(quick_house), tmp_path) as first:
        port = int(first.address.rpartition(":")[2])
        ada = seat(first).sit("Ada")
        keys = [ada.key]
        ada.decide("r", "Rejected")
        keys.append(ada.key)
        ada.decide("a", "Approved")
        third = ada.key
    with running(quick_house, tmp_path, port=port) as second:
        ada.desk = second
        ada.press("r")
        ada.page.locator("#said.refused").wait_for()
        second.answered("POST /desk/seen")
        ada.read()
        assert first.kinds() == ["reject", "approve"]
        assert ada.key == third
        for key in reversed(keys):
            before = ada.key
            ada.press("u")
            ada.hears("Taken back")
            ada.moves_on(before)
            assert ada.key == key
        assert second.kinds() == ["reject", "approve", "undo", "undo"]
