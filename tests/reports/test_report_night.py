"""The report of a night, gathered from a real store."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.card import ItemState
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.policy import Band, HoldingBack
from followguard.errors import ApprovingPaused, PlatformDown, UsageError
from followguard.reports.gather import night_page, write_report
from followguard.reports.page import NightPage
from followguard.reports.steps import steps_of
from followguard.review.decide import Choice
from followguard.screening.holding_back import upper_bound
from tests.builders.reported import House


def test_before_the_first_night_the_page_says_so(house: House) -> None:
    """No night: nothing is made up, and the one step is to run one."""
    page = house.page()
    assert (page.newest, page.day) == (None, "2026-01-05")
    assert [step.command for step in steps_of(page)] == ["followguard nightly --account acme"]


def test_an_account_without_configuration_is_no_account(sqlite_store: Any, tmp_path: Path) -> None:
    """Without any account there is a page, with nothing on it."""
    page = House(sqlite_store, tmp_path).page()
    assert (page.accounts, steps_of(page)) == ((), [])


def test_a_night_is_counted_and_spread_by_band(house: House) -> None:
    """Bands as the policy cuts them: a score on a cutoff belongs to the band above it."""
    house.night({"1": 0.01, "2": 0.15, "3": 0.949, "4": 0.95, "5": 1.0}, reads=7, cost=70_000, forecast=60_000)
    account = house.only()
    spread = [account.scores.of(band) for band in Band]
    assert spread == [1, 2, 2]
    assert account.scores.bars[-1].total == 2
    assert (account.figures.status, account.first) == ("done", True)
    assert (account.figures.told["reads"], account.figures.told["cost_usd"]) == (7, 0.07)
    assert [card.follower_id for card in account.list.cards] == ["1", "2", "3", "4", "5"]


def test_only_the_first_night_is_the_first(house: House) -> None:
    """The second one isn't, and its new followers are its own."""
    house.night({"1": 0.1, "2": 0.2})
    house.tomorrow()
    house.night({"3": 0.99})
    account = house.only()
    assert (account.first, account.scores.total) == (False, 1)
    assert account.desk.today == 3


def test_two_runs_of_one_day_are_one_night(house: House) -> None:
    """Counts of both runs are added up; the later one tells how things stand; an error that was overcome is gone."""
    house.night({"1": 0.1}, errors=[PlatformDown("X is down.", "Try later.")], lookups=2, cost=10_000)
    house.now += timedelta(hours=5)
    house.night({"2": 0.1}, lookups=3, cost=20_000)
    figures = house.only().figures
    assert (figures.runs, figures.status, figures.errors) == (2, "done", ())
    assert (figures.told["new"], figures.told["lookups"], figures.told["cost_usd"]) == (2, 5, 0.03)
    assert figures.queued["listed"] == 2


def test_a_failed_night_tells_what_to_do(house: House) -> None:
    """The error and its next step come first, the review after."""
    house.night({"1": 0.1}, stopped=True, errors=[PlatformDown("X is down.", "Run it again in an hour.")])
    steps = steps_of(house.page())
    assert [step.kind for step in steps] == ["wrong", "review"]
    assert steps[0].text == "@acme: X is down. Run it again in an hour."


def test_a_killed_night_is_told_from_a_finished_one(house: House) -> None:
    """A run without an end is no success."""
    with house.store.begin() as work:
        Runs(work).start(Accounts(work).ensure("acme", house.now).id, "nightly", house.now)
    (step,) = steps_of(house.page())
    assert "no end on record" in step.text
    assert step.command == "followguard nightly --account acme"


def test_an_account_that_was_left_out_is_named(sqlite_store: Any, tmp_path: Path) -> None:
    """A night of one account alone doesn't pass for a night of both."""
    house = House(sqlite_store, tmp_path, "acme", "acme_tools")
    house.night({"1": 0.1}, "acme")
    house.night({"2": 0.1}, "acme_tools")
    house.tomorrow()
    house.night({"3": 0.1}, "acme")
    page = house.page()
    assert [account.figures.status for account in page.accounts] == ["done", "not tonight"]
    assert [step.command for step in steps_of(page)] == [
        "followguard nightly --account acme_tools",
        'followguard review --by "YOUR NAME"',
    ]
    assert "3 cards of 2 accounts" in steps_of(page)[1].text


def test_look_alikes_are_a_block_of_their_own(house: House) -> None:
    """A batch isn't mixed with ordinary cards."""
    house.night({str(n): 0.5 for n in range(1, 13)}, alike=[str(n) for n in range(3, 13)])
    cards = house.only().list
    assert [card.follower_id for card in cards.cards] == ["1", "2"]
    (batch,) = cards.batches
    assert (batch.size, batch.total, batch.more, batch.alike) == (10, 10, 0, "the same bio")


def test_at_most_a_hundred_rows_are_shown(sqlite_store: Any, tmp_path: Path) -> None:
    """A hundred of 130 ordinary cards and 20 look-alikes are shown; how many are left out is known."""
    house = House(sqlite_store, tmp_path, "acme", max_cards_per_day=1000)
    house.night({str(n): n / 1000 for n in range(1, 151)}, alike=[str(n) for n in range(131, 151)])
    cards = house.only().list
    assert (len(cards.cards), cards.more) == (100, 30)
    assert (cards.batches[0].cards, cards.batches[0].more) == ((), 20)
    assert cards.everything == 150


def test_what_waits_for_later_days_is_counted(sqlite_store: Any, tmp_path: Path) -> None:
    """Three a day: three on the desk, two later."""
    house = House(sqlite_store, tmp_path, "acme", max_cards_per_day=3)
    house.night({str(n): 0.1 for n in range(1, 6)})
    desk = house.only().desk
    assert (desk.today, desk.waiting, desk.held_back) == (3, 2, 0)


def test_days_without_a_night_dont_pile_up_on_the_page(sqlite_store: Any, tmp_path: Path) -> None:
    """Three a day: two days later three are to review as on the desk, and five wait, though all have come due."""
    house = House(sqlite_store, tmp_path, "acme", max_cards_per_day=3)
    house.night({str(n): 0.1 for n in range(1, 9)})
    account = house.page(now=house.now + timedelta(days=2)).accounts[0]
    assert (account.desk.today, account.desk.waiting, account.list.total) == (3, 5, 3)


def test_held_back_and_audited_are_counted_apart(store: Any, tmp_path: Path) -> None:
    """Ten that look like spam, two drawn: eight are hidden and aren't on the page."""
    house = House(store, tmp_path, "acme", holding_back=HoldingBack.ON, audit_cards_per_day=2)
    house.night({str(n): 0.99 for n in range(1, 11)})
    account = house.only()
    assert (account.desk.held_back, account.desk.audit, account.desk.today) == (8, 2, 2)
    assert all(card.audit for card in account.list.cards)
    assert len(account.list.cards) == 2


def test_how_far_holding_back_is(house: House) -> None:
    """Two decided of those it would hold back, one of them real: counted, bounded, not earned."""
    house.night({"1": 0.99, "2": 0.98, "3": 0.2})
    house.decide("1", Choice(kind=Kind.REJECT, reason=RejectReason.SPAM))
    house.decide("2", Choice(kind=Kind.APPROVE))
    standing = house.only().standing
    assert (standing.earned.decided, standing.earned.wrong) == (2, 1)
    assert standing.earned.bound == upper_bound(1, 2)
    assert (standing.active, standing.missing) == (False, 58)


def test_approvals_faster_than_anybody_looks_are_on_the_page(house: House) -> None:
    """Ten at one moment: whose they are; a week later they are told no more."""
    house.night({str(n): 0.01 for n in range(1, 12)})
    for number in range(1, 11):
        house.decide(str(number), Choice(kind=Kind.APPROVE))
    with pytest.raises(ApprovingPaused):
        house.decide("11", Choice(kind=Kind.APPROVE))
    (hurry,) = house.only().hurried
    assert (hurry.person, len(hurry.approvals)) == ("Ann", 10)
    house.now += timedelta(days=7, seconds=1)
    assert house.only().hurried == ()


def test_approved_follows_are_ready_at_once(house: House) -> None:
    """After the approval the card is gone from the list and the hand-off is the next step."""
    house.night({"1": 0.01, "2": 0.02})
    house.decide("1", Choice(kind=Kind.APPROVE))
    page = house.page()
    assert [step.kind for step in steps_of(page)] == ["review", "follow"]
    assert steps_of(page)[1].text == "1 follow ready for somebody who is signed in as @acme."
    assert [card.follower_id for card in page.accounts[0].list.cards] == ["2"]


def test_no_more_follows_are_due_than_our_pace_allows(sqlite_store: Any, tmp_path: Path) -> None:
    """Two approved at one a day: one today, one tomorrow."""
    house = House(sqlite_store, tmp_path, "acme", max_follow_backs_per_day=1)
    house.night({"1": 0.01, "2": 0.02})
    house.decide("1", Choice(kind=Kind.APPROVE))
    house.decide("2", Choice(kind=Kind.APPROVE))
    orders = house.only().orders
    assert (orders.due, orders.ahead, orders.until) == (1, 1, "2026-01-06")


def test_a_paused_account_is_said_to_be(house: House) -> None:
    """Due orders wait for `account resume`, not for a follow-back that does nothing."""
    house.night({"1": 0.01})
    house.decide("1", Choice(kind=Kind.APPROVE))
    with house.store.begin() as work:
        Accounts(work).set_paused(Accounts(work).ensure("acme", house.now).id, house.now)
    (step,) = steps_of(house.page())
    assert step.command == "followguard account resume --account acme --by NAME"


def test_an_earlier_night_shows_whom_it_brought(house: House) -> None:
    """With where they stand now, and without steps that belong to the newest night."""
    house.night({"1": 0.2, "2": 0.1})
    house.tomorrow()
    house.night({"3": 0.1})
    house.decide("2", Choice(kind=Kind.REJECT, reason=RejectReason.NOT_RELEVANT))
    page = house.page("2026-01-05")
    cards = page.accounts[0].list.cards
    assert [(card.follower_id, card.state) for card in cards] == [("2", ItemState.REJECTED), ("1", ItemState.WAITING)]
    assert (page.current, steps_of(page)) == (False, [])


def test_a_day_without_a_night_is_refused(house: House) -> None:
    """The refusal names the day of the newest night, so that the slip is seen."""
    with pytest.raises(UsageError, match="none has run yet"):
        house.page("2026-01-05")
    house.night({"1": 0.2})
    with pytest.raises(UsageError, match="newest one is of 2026-01-05"):
        house.page("2025-01-05")


def test_a_report_made_the_next_day_shows_that_days_desk(house: House) -> None:
    """The page is of the newest night, and the list is what the desk shows now."""
    house.night({"1": 0.2})
    page = house.page(now=house.now + timedelta(days=1))
    assert (page.day, page.current, page.accounts[0].desk.today) == ("2026-01-05", True, 1)


def test_costs_of_the_month_are_of_all_accounts(sqlite_store: Any, tmp_path: Path) -> None:
    """A page of one account shows what the limit is compared with: everything."""
    from followguard.domain.run import Call

    house = House(sqlite_store, tmp_path, "acme", "acme_tools")
    house.night({"1": 0.1}, "acme")
    with house.store.begin() as work:
        tools = Accounts(work).ensure("acme_tools", house.now)
        Runs(work).charge(tools.id, Call(name="followers", requests=1, ids=("7", "8"), returned=2), 10_000, house.now)
    one = replace(house.installation, accounts={"acme": house.installation.account("acme")})
    page = night_page(house.store, one, None, house.now)
    assert (page.month_spent_usd, page.accounts[0].spent_usd) == (0.02, 0.0)


def test_it_goes_beside_the_configuration_unless_told(house: House, tmp_path: Path) -> None:
    """`reports/followguard-DAY.html`; what renders it is given page and path."""
    house.night({"1": 0.2})
    written: list[tuple[str, Path]] = []

    def render(page: NightPage, path: Path) -> None:
        written.append((page.day, path))

    path = write_report(house.store, house.installation, None, house.now, render)
    assert path == tmp_path / "reports" / "followguard-2026-01-05.html"
    assert written == [("2026-01-05", path)]
    assert write_report(house.store, house.installation, None, house.now, render, tmp_path / "x.html").name == "x.html"
