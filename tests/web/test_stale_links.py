"""Links that weren't read within 24 hours: checked on X by one button, its price said before, where credentials are."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.store import People
from followguard.cli.opened import load_installation, open_store
from tests.builders.company import company
from tests.builders.web_desk import OWN, Browser, Web

__all__ = ["company"]


@pytest.fixture
def morning(company: Any, tmp_path: Path) -> Any:
    """Two approved followers of the night before last, and an owner's browser at the desk."""
    company.cli("db", "upgrade")
    company.cli("person", "add", "Ann", "--role", "owner")
    company.nightly()
    cards = [card for card in company.cli("review", "list", "--json").json if card["account"] == "acme"]
    for card in cards[:2]:
        assert company.cli("review", "approve", f"item:{card['item']}", "--by", "Ann").code == 0
    company.at(company.now + timedelta(hours=30))
    with open_store(load_installation("followguard.toml")) as store:
        web = Web(load_installation("followguard.toml"), store, now=company.now)
        with store.begin() as work:
            web.people["Ann"] = People(work).by_name("Ann")
        yield web, web.signed_in("Ann")


def opened(browser: Browser, **more: Any) -> Any:
    """Opens acme's list as the page does."""
    headers = OWN | {"x-followguard-token": browser.csrf, "accept": "application/json"}
    answer = browser.client.post("/follow-back/open", json={"account": "acme"} | more, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_stale_links_are_checked_for_a_price_that_is_said(morning: Any) -> None:
    """Free of charge none is shown; by the button both are, and X was paid for two profiles."""
    web, browser = morning
    assert "0.020 USD" in browser.get("/follow-back").text
    free = opened(browser)
    assert (free["links"], free["stale"]) == ([], 2)
    paid = "SELECT coalesce(sum(cost_micro), 0) FROM ledger WHERE call = 'lookup'"
    before = _one(web.store, paid)
    asked = opened(browser, ask_x=True)
    assert (len(asked["links"]), asked["stale"]) == (2, 0)
    assert _one(web.store, paid) - before == 20_000


def test_without_credentials_they_wait_for_the_night(morning: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No button is offered, the page says when they come, and asking all the same shows none."""
    _, browser = morning
    for name in [name for name in os.environ if name.startswith("FOLLOWGUARD_ACME_")]:
        monkeypatch.delenv(name)
    page = browser.get("/follow-back").text
    assert "USD" not in page.partition('data-account="acme"')[2].partition("</section>")[0]
    assert "tonight" in page
    assert opened(browser, ask_x=True)["links"] == []


def _one(store: Any, sql: str) -> int:
    from sqlalchemy import text

    with store.begin() as work:
        return int(work.connection.execute(text(sql)).scalar())
