"""Two accounts: one after the other under a loud header, or the one that the address names."""

from pathlib import Path
from typing import Any

from tests.builders.browser_desk import a_browser_house, running

TWO = '[accounts.acme]\ntraining_basis = "none"\n[accounts.beta]\ntraining_basis = "none"\ncolour = "#aa0066"\n'


def test_one_account_after_the_other(sqlite_store: Any, tmp_path: Path, seat: Any) -> None:
    """All of acme, then all of beta; with `?account=beta` only those, and every key works there too."""
    house = a_browser_house(sqlite_store, tmp_path, TWO)
    for account, first in (("acme", 1001), ("beta", 2001)):
        house.read(*(str(first + place) for place in range(3)), account=account)
        house.night(account)
    with running(house, tmp_path) as desk:
        ada = seat(desk).sit("Ada")
        headers = []
        for _ in range(4):
            headers.append(ada.page.locator("#account-name").inner_text())
            ada.decide("s", "Left on the list.")
        assert headers == ["@acme"] * 3 + ["@beta"]
        ben = seat(desk).sign_in("Ben")
        ben.open("/?account=beta")
        ben.read()
        colour = "() => getComputedStyle(document.querySelector('#account-name')).borderLeftColor"
        assert ben.page.evaluate(colour) == "rgb(170, 0, 102)"
        ben.decide("r", "Rejected")
        ben.press("u")
        ben.hears("Taken back")
        ben.read()
        ben.press("m")
        ben.page.get_by_role("textbox", name="Note").fill("Known from the fair.")
        ben.page.get_by_role("button", name="Save").click()
        ben.hears("Noted.")
        assert ben.page.locator("#account-name").inner_text() == "@beta"
        assert house.rows("SELECT DISTINCT account_id FROM decisions") == [(2,)]
