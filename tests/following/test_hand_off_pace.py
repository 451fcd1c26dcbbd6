"""The pace of the hand-off: so many a day, however often it is opened and whatever was missed."""

from typing import Any

from followguard.accounts.store import Accounts
from followguard.domain.policy import Executor
from tests.builders.following import links


def test_the_rest_follows_at_our_pace(quick_house: Any) -> None:
    """So many new ones at most are shown a day; the due days and the outlook agree."""
    orders = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13", "14", "15")
    assert [quick_house.get(order).due for order in orders] == ["2026-01-05"] * 2 + ["2026-01-06"] * 2 + ["2026-01-07"]
    result = quick_house.run()
    assert (links(result), result.waiting, result.until) == (["11", "12"], 3, "2026-01-07")
    quick_house.pass_time(days=1)
    quick_house.recheck()
    assert links(quick_house.run()) == ["11", "12", "13", "14"]


def test_those_listed_today_are_not_counted_for_later_days(quick_house: Any) -> None:
    """In a dry run those it would follow, and without credentials those who weren't read within 24 hours."""
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13", "14", "15")
    dry = quick_house.run(dry_run=True)
    assert (len(dry.would), dry.waiting, dry.until) == (2, 3, "2026-01-07")
    quick_house.pass_time(days=2, seconds=1)
    unread = quick_house.run(ways=quick_house.no_credentials)
    assert (len(unread.skipped), unread.waiting, unread.until) == (5, 0, None)


def test_a_paused_account_says_since_when_and_how_many_wait(quick_house: Any) -> None:
    """Those due now and those of later days."""
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13")
    with quick_house.store.begin() as work:
        Accounts(work).set_paused(quick_house.account.id, quick_house.now)
    result = quick_house.run()
    assert (result.paused_at, result.queued, len(result.skipped)) == (quick_house.now, 3, 2)
    assert result.as_json()["paused_at"] == quick_house.now


def test_days_that_were_missed_are_not_made_up_at_once(quick_house: Any) -> None:
    """Nobody came for a week: the pace holds all the same, and what waits for it doesn't lapse."""
    orders = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13", "14", "15")
    quick_house.pass_time(days=7)
    assert links(quick_house.run()) == ["11", "12"]
    assert quick_house.get(orders[4]).waiting_since == quick_house.now


def test_places_of_void_orders_go_to_the_next(quick_house: Any) -> None:
    """One who left doesn't use up the day."""
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12")
    quick_house.add("13")
    late = quick_house.order("13", due="2026-01-05")
    quick_house.x.leave("11")
    assert links(quick_house.run()) == ["12", "13"]
    assert quick_house.states(late) == ["handed_off"]


def test_a_paused_account_hands_nothing_off(quick_house: Any) -> None:
    """Following stops; the orders wait and say so; exit 0, because that is what was asked for."""
    (order,) = quick_house.approved("11")
    with quick_house.store.begin() as work:
        Accounts(work).set_paused(quick_house.account.id, quick_house.now)
    result = quick_house.run()
    assert (links(result), result.exit_code) == ([], 0)
    assert "account resume" in result.skipped[0].why
    assert quick_house.get(order).waiting_since == quick_house.now


def test_an_approval_lapses_after_thirty_days(quick_house: Any) -> None:
    """Invariant 3: on the thirtieth day it holds, a second later it doesn't."""
    (order,) = quick_house.approved("11")
    quick_house.pass_time(days=30)
    assert quick_house.run(dry_run=True).would[0].follower_id == "11"
    quick_house.pass_time(seconds=1)
    assert links(quick_house.run()) == []
    assert "lapsed" in quick_house.card("11").note
    assert quick_house.states(order) == ["void"]


def test_time_spent_waiting_for_us_does_not_count(quick_house: Any) -> None:
    """Invariant 3: paused for 20 of 45 days, the approval still holds."""
    quick_house.approved("11")
    with quick_house.store.begin() as work:
        Accounts(work).set_paused(quick_house.account.id, quick_house.now)
    for _ in range(20):
        quick_house.recheck()
        quick_house.pass_time(days=1)
    with quick_house.store.begin() as work:
        Accounts(work).set_paused(quick_house.account.id, None)
    quick_house.recheck()
    quick_house.pass_time(days=25)
    assert links(quick_house.run()) == ["11"]
