"""The server dies in the middle of a decision: nothing is doubled, and the page says what became of the key."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.builders.browser_desk import RunningDesk, a_browser_house
from tests.builders.browser_process import DeskProcess, process_desk
from tests.web.browser.conftest import six


@pytest.fixture
def mortal(store: Any, store_url: str, tmp_path: Path) -> Iterator[tuple[DeskProcess, RunningDesk]]:
    """A desk that can be killed, with six cards, on each kind of database in turn."""
    house = a_browser_house(store, tmp_path)
    house.now = datetime.now(UTC)
    with process_desk(six(house), tmp_path, store_url) as made:
        yield made


@contextmanager
def nobody_writes(store: Any) -> Iterator[None]:
    """Keeps every decision waiting in the middle of its transaction."""
    with store.begin() as work:
        work.connection.execute(text("UPDATE items SET updated_at = updated_at"))
        yield


def test_killed_before_it_was_saved(mortal: Any, seat: Any) -> None:
    """The key is lost and said to be: the same card stands there again, and the next key counts once."""
    process, desk = mortal
    ada = seat(desk).sit("Ada")
    before = ada.key
    with nobody_writes(desk.house.store):
        with ada.page.expect_request("**/desk/decide"):
            ada.press("r")
        process.kill()
        ada.page.get_by_text("No connection to the desk").wait_for()
        ada.press("r")
        ada.press("a")
    assert desk.kinds() == []
    process.start()
    ada.hears("Your last key was not saved")
    assert ada.read() == before
    assert not ada.page.get_by_text("No connection to the desk").is_visible()
    ada.decide("r", "Rejected")
    assert desk.kinds() == ["reject"]


def test_killed_after_it_was_saved(mortal: Any, seat: Any) -> None:
    """The answer never came; the page finds out that it is saved, shows the next card, and undo takes it back."""
    process, desk = mortal
    ada = seat(desk)

    def lose_the_answer(route: Any) -> None:
        assert route.fetch().ok
        process.kill()
        route.abort()

    ada.sit("Ada")
    before = ada.key
    ada.page.route("**/desk/decide", lose_the_answer)
    ada.press("r")
    ada.page.get_by_text("No connection to the desk").wait_for()
    ada.page.unroute("**/desk/decide")
    process.start()
    ada.hears("your last decision is saved")
    ada.moves_on(before)
    assert desk.kinds() == ["reject"]
    ada.press("u")
    ada.hears("Taken back")
    ada.page.wait_for_selector(f'#hand > [data-key="{before}"]')
    assert desk.kinds() == ["reject", "undo"]
