"""The night's message: our own words alone, bounded, whatever followers call themselves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from followguard.domain.policy import AccountSettings
from followguard.notify.delivery import LONGEST
from followguard.notify.message import Telling, minutes_in_words, night_message, plain_name
from followguard.reports.figures import NightError, figures_of
from followguard.reports.gather import _blank
from followguard.reports.page import DeskCounts, NightPage, OrderFigures, Stuck

NOW = datetime(2026, 1, 5, 0, 10, tzinfo=UTC)
HOSTILE = (
    "@everyone",
    "<!channel>",
    "[x](http://evil.example)",
    "evil.example",
    "a`b",
    "x" * 400,
    "",
    "\u202enom",
)


def page_of(*handles: str, stuck: tuple[Stuck, ...] = ()) -> NightPage:
    """A page of accounts with 24 cards each."""
    accounts = [_blank(AccountSettings(handle=handle, training_basis="none")) for handle in handles]
    return NightPage(
        day="2026-01-05",
        newest="2026-01-05",
        made_at=NOW,
        accounts=tuple(replace(each, desk=DeskCounts(today=24), orders=OrderFigures(stuck=stuck)) for each in accounts),
        month_spent_usd=0.002,
        month_limit_usd=50.0,
        log_head="0" * 64,
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_what_isnt_a_username_of_x_isnt_named(name: str) -> None:
    """A mention, a link, markup, another direction of reading: nothing of it comes through."""
    assert plain_name(name) == plain_name(None) == ""


def test_a_username_stands_as_code() -> None:
    """So that no chat makes a mention or italics of it."""
    assert plain_name("_everyone_") == "`_everyone_`"


@pytest.mark.parametrize("profiles", [False, True])
def test_parked_follows_are_named_only_where_allowed(profiles: bool) -> None:
    """And never by what isn't a username."""
    stuck = tuple(
        Stuck(item=1, follower_id="7", name=name, url="https://x.com", why="@here") for name in ("olaf", *HOSTILE)
    )
    text = night_message(page_of("acme", stuck=stuck), Telling(profiles=profiles)).text
    assert f"{len(HOSTILE) + 1} follows need help" in text
    assert ("`olaf`" in text) == profiles
    assert not [hostile for hostile in ("@", "<", "evil", "http", "channel") if hostile in text]


def test_an_errors_own_words_are_left_out() -> None:
    """They may quote a profile: the code alone is told."""
    page = page_of("acme")
    (account,) = page.accounts
    figures = replace(figures_of((), ever=True), status="partial", errors=(NightError("partly", "@evil http://x.y"),))
    text = night_message(replace(page, accounts=(replace(account, figures=figures),)), Telling()).text
    assert "- the night: partial (partly)" in text
    assert "evil" not in text


def test_many_accounts_are_counted_where_they_dont_fit() -> None:
    """The end of the message stays: what was spent, the log's head and the desk."""
    text = night_message(page_of(*(f"account{n}" for n in range(200))), Telling(desk="https://desk.example.com")).text
    assert len(text) <= LONGEST
    assert " more accounts." in text
    assert "This month: $0.002 of $50.00" in text
    assert text.endswith("Desk: https://desk.example.com")


def test_minutes_are_about() -> None:
    """From seconds a card; a minute is the least."""
    assert minutes_in_words(60, 4) == "about 4 minutes"
    assert minutes_in_words(1, 4) == "about 1 minute"
