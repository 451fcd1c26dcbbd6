"""Calls that X refuses or fails: parked, handed off or left for later, and nothing lost."""

from typing import Any

import pytest

from followguard.domain.policy import Executor
from followguard.errors import (
    AccessRefused,
    CreditsUsedUp,
    PlatformDown,
    RateLimited,
    RequestRefused,
    TargetRefused,
    WrongCredentials,
)
from tests.builders.following import raising


def test_an_answer_that_says_no_is_not_repeated_at_once(house: Any) -> None:
    """X says neither following nor pending: its word may lag as its reads do."""
    (order,) = house.under(Executor.API).approved("11")
    house.x.says_no = True
    house.run()
    house.run()
    assert (house.x.calls, house.states(order)) == (["11"], ["queued"])
    house.x.says_no = False
    house.pass_time(hours=1)
    house.run()
    assert (house.x.calls, house.states(order)) == (["11", "11"], ["sent"])


def test_three_failures_park_the_order(house: Any) -> None:
    """It needs help: no fourth call, the card stays approved, and a person's word tries it again."""
    from followguard.following.marking import MarkedAs, live_order_of, mark

    (order,) = house.under(Executor.API).approved("11")
    house.x.before_follow += [raising(RequestRefused)] * 3
    for _ in range(4):
        last = house.run()
    assert (house.states(order), last.sent, house.x.calls) == (["parked"], [], [])
    assert house.outcomes(order) == ["sending", "failed"] * 3
    assert house.log_kinds()[-1] == "order.parked"
    with house.store.begin() as work:
        mark(
            work,
            live_order_of(work, house.account.id, "11"),
            MarkedAs.SKIP,
            house.settings.policy,
            "p-ann",
            house.now,
        )
    house.run()
    assert (house.x.calls, house.states(order)) == (["11"], ["sent"])


def test_a_refused_target_does_not_stop_the_others(house: Any) -> None:
    """403 for one: its card comes back, the next is followed."""
    orders = house.under(Executor.API).approved("11", "12")
    house.x.before_follow.append(raising(TargetRefused))
    result = house.run()
    assert (house.x.calls, house.states(*orders)) == (["12"], ["void", "sent"])
    assert (house.card("11").state, house.card("11").note) == ("waiting", "X says no.")
    assert result.exit_code == 0


def test_a_plan_level_refusal_hands_the_rest_off_in_the_same_run(house: Any) -> None:
    """One call, no more: the account is switched, and the person gets links at once."""
    orders = house.under(Executor.API).approved("11", "12", "13")
    house.x.before_follow.append(raising(AccessRefused))
    result = house.run()
    assert house.x.calls == []
    assert [link.follower_id for link in result.handed_off] == ["11", "12", "13"]
    assert (result.executor, result.skipped) == (Executor.HANDOFF, [])
    assert house.states(*orders) == ["handed_off"] * 3
    assert result.exit_code == 3
    again = house.run()
    assert (again.executor, house.x.calls, again.exit_code) == (Executor.HANDOFF, [], 0)
    assert house.get(orders[0]).failures == 0


def test_a_plan_level_refusal_at_night_leaves_the_rest_for_the_morning(quick_house: Any) -> None:
    """No person, no hand-off: queued, and the morning's list has them."""
    orders = quick_house.under(Executor.API).approved("11", "12")
    quick_house.x.before_follow.append(raising(AccessRefused))
    quick_house.run(opened=False)
    assert quick_house.states(*orders) == ["queued", "queued"]
    assert len(quick_house.run().handed_off) == 2


@pytest.mark.parametrize(
    ("error", "code"), [(RateLimited, 75), (CreditsUsedUp, 75), (PlatformDown, 75), (WrongCredentials, 1)]
)
def test_what_x_refuses_for_now_stops_the_batch_and_loses_nothing(quick_house: Any, error: Any, code: int) -> None:
    """All stay queued, no failure is counted, and the wait doesn't make them lapse if X asked for it."""
    orders = quick_house.under(Executor.API).approved("11", "12")
    quick_house.x.before_follow.append(raising(error))
    result = quick_house.run()
    assert (quick_house.states(*orders), result.exit_code) == (["queued", "queued"], code)
    assert quick_house.get(orders[0]).failures == 0
    waits = [quick_house.get(order).waiting_since is not None for order in orders]
    assert waits == ([True, True] if code == 75 else [False, False])
    quick_house.run()
    assert quick_house.x.calls == ["11", "12"]


def test_no_money_for_the_reading_means_no_follow(quick_house: Any) -> None:
    """The budget stops the batch before the call, not after."""
    (order,) = quick_house.under(Executor.API).approved("11")
    quick_house.max_usd = 0.0
    result = quick_house.run()
    assert (quick_house.x.calls, quick_house.states(order), result.exit_code) == ([], ["queued"], 75)


def test_without_credentials_the_api_executor_says_what_is_missing(quick_house: Any) -> None:
    """An error with the next step, and nothing changed."""
    from followguard.errors import MissingCredentials

    quick_house.under(Executor.API).approved("11")
    with pytest.raises(MissingCredentials, match="credentials"):
        quick_house.run(ways=quick_house.no_credentials)
