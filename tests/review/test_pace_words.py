"""An approval says honestly when the follower can be followed."""

from typing import Any

import pytest

from followguard.accounts.store import Accounts
from followguard.following.pace import HORIZON_DAYS, slow_words
from followguard.following.store import Orders
from followguard.review.desk.closing import rest_of
from tests.builders.reviewing import APPROVE

TODAY = "2026-01-05"


@pytest.mark.parametrize(
    ("last", "per_day", "lapses", "says"),
    [
        ("2026-01-05", 25, 30, ""),
        ("2026-02-04", 25, 30, ""),
        ("2026-02-05", 25, 30, "in 31 days, at max_follow_backs_per_day = 25"),
        ("2026-01-07", 1, 1, "in 2 days"),
        ("2027-01-06", 1, 30, "in a year or later"),
        ("2027-01-06", 0, 30, "max_follow_backs_per_day is 0"),
    ],
)
def test_what_lies_further_off_than_an_approval_lasts_is_said(last: str, per_day: int, lapses: int, says: str) -> None:
    """On the very last day nothing needs to be said; a pace of nobody is said at once."""
    found = slow_words(last, TODAY, per_day, lapses)
    assert (says in found) if says else found == ""
    assert HORIZON_DAYS == 366


def test_an_approval_says_when_our_pace_lets_it_go(house: Any) -> None:
    """The first today, the second on another day, the fourth beyond what an approval lasts, with why."""
    house.policy(max_follow_backs_per_day=1, order_lapses_days=2)
    house.read("101", "102", "103", "104")
    house.night()
    made = [house.decide(each, APPROVE) for each in ("101", "102", "103", "104")]
    assert [each.follow_from for each in made] == ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]
    assert [bool(each.warning) for each in made] == [False, False, False, True]
    assert made[3].as_row()["follow_from"] == "2026-01-08"
    assert "in 3 days" in made[3].as_row()["warning"]
    with house.store.begin() as work:
        rest = rest_of(work, house.settings["acme"], house.now)
    assert "followed on 2026-01-08. That is in 3 days" in rest.slow


def test_it_is_as_it_says_nothing_lapses_for_our_pace(house: Any) -> None:
    """An order that waited for its day longer than an approval lasts is still good on that day, and after it lapses."""
    from followguard.domain.order import OrderState, has_lapsed

    house.policy(max_follow_backs_per_day=1, order_lapses_days=2)
    house.read("101", "102", "103", "104", "105")
    house.night()
    for each in ("101", "102", "103", "104", "105"):
        house.decide(each, APPROVE)
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
        last = max(Orders(work).open(account.id, {OrderState.QUEUED}), key=lambda order: order.due)
    assert last.due == "2026-01-09"
    house.next_day(5)
    assert not has_lapsed(last, house.now, 2)
    house.next_day(2)
    assert has_lapsed(last, house.now, 2)


def test_a_pace_of_nobody(house: Any) -> None:
    """No day is promised."""
    house.policy(max_follow_backs_per_day=0)
    house.read("101")
    house.night()
    done = house.decide("101", APPROVE)
    assert done.follow_from is None
    assert "max_follow_backs_per_day is 0" in done.warning


def test_other_decisions_say_nothing_of_it(house: Any) -> None:
    """Other decisions have no key and no word of it."""
    house.read("101")
    house.night()
    assert not {"follow_from", "warning"} & set(house.decide("101").as_row())
