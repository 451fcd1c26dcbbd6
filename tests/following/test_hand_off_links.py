"""The links of the hand-off list: fresh, asked for where they are stale, and shown again until settled."""

from typing import Any

import pytest

from followguard.accounts.ledger_store import Runs
from followguard.domain.policy import Executor
from followguard.errors import PlatformDown, RateLimited
from tests.builders.following import links


def test_opening_the_list_hands_over(house: Any) -> None:
    """A link that X documents, the time it was checked, an attempt, a log entry."""
    first, second = house.approved("11", "12")
    result = house.run()
    assert [link.url for link in result.handed_off] == [
        "https://x.com/intent/follow?user_id=11",
        "https://x.com/intent/follow?user_id=12",
    ]
    assert {link.checked_at for link in result.handed_off} == {house.now}
    assert house.states(first, second) == ["handed_off", "handed_off"]
    assert house.outcomes(first) == ["handed_off"]
    assert house.log_kinds()[-2:] == ["order.handed_off", "order.handed_off"]
    assert result.exit_code == 0


def test_a_list_that_nobody_opens_hands_nothing_over(quick_house: Any) -> None:
    """The night has no person: orders stay queued."""
    (order,) = quick_house.approved("11")
    assert links(quick_house.run(opened=False)) == []
    assert quick_house.states(order) == ["queued"]


def test_the_list_can_be_opened_again(quick_house: Any) -> None:
    """Unsettled hand-offs are shown again, without a second attempt or a second place."""
    orders = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13")
    assert links(quick_house.run()) == ["11", "12"]
    quick_house.pass_time(hours=1)
    again = quick_house.run()
    assert links(again) == ["11", "12"]
    assert quick_house.outcomes(orders[0]) == ["handed_off"]
    assert again.handed_off[0].handed_off_at < again.handed_off[0].checked_at
    assert (again.waiting, again.until) == (1, "2026-01-06")


def test_without_credentials_a_fresh_reading_is_enough(quick_house: Any) -> None:
    """A reviewer's machine shows what was read within 24 hours, to the second, and nothing after."""
    quick_house.approved("11")
    quick_house.pass_time(hours=24)
    assert links(quick_house.run(ways=quick_house.no_credentials)) == ["11"]
    quick_house.pass_time(seconds=1)
    result = quick_house.run(ways=quick_house.no_credentials)
    assert links(result) == []
    assert "credentials" in result.skipped[0].why
    assert result.exit_code == 1


def test_with_credentials_a_stale_follower_is_read_at_once(quick_house: Any) -> None:
    """The look-up makes the link fresh, and is booked."""
    quick_house.approved("11")
    quick_house.pass_time(days=3)
    result = quick_house.run()
    assert result.handed_off[0].checked_at == quick_house.now
    with quick_house.store.begin() as work:
        assert Runs(work).spent_micro(quick_house.account.id, "2026-01-08", "2026-01-08") == 10_000


def test_looking_again_on_the_same_day_costs_nothing(quick_house: Any) -> None:
    """X bills a profile once a UTC day."""
    quick_house.approved("11")
    for _ in range(3):
        quick_house.run()
    with quick_house.store.begin() as work:
        assert Runs(work).spent_micro(None, "2026-01-01", "2026-01-31") == 10_000


@pytest.mark.parametrize(("error", "code"), [(RateLimited, 75), (PlatformDown, 75)])
def test_when_x_cannot_be_asked_stale_links_wait(quick_house: Any, error: Any, code: int) -> None:
    """Stale links aren't shown and aren't lost, and that time doesn't make the order lapse."""
    (order,) = quick_house.approved("11")
    quick_house.pass_time(days=3)

    def fail() -> None:
        raise error("X has no time.", "Later.")

    quick_house.x.before_look_up.append(fail)
    result = quick_house.run()
    assert (links(result), result.exit_code) == ([], code)
    assert quick_house.get(order).waiting_since == quick_house.now


def test_a_used_up_budget_still_shows_what_is_fresh(quick_house: Any) -> None:
    """No money for a look-up, but the night read them: the link is shown; the exit code says that something is off."""
    quick_house.max_usd = 0.0
    quick_house.approved("11")
    quick_house.pass_time(hours=3)
    result = quick_house.run()
    assert links(result) == ["11"]
    assert result.exit_code == 3


def test_a_dry_run_changes_nothing(quick_house: Any) -> None:
    """It says whom, calls nobody and writes nothing."""
    (order,) = quick_house.approved("11")
    before = quick_house.log_kinds()
    result = quick_house.run(dry_run=True)
    assert [row.follower_id for row in result.would] == ["11"]
    assert (result.handed_off, quick_house.states(order), quick_house.log_kinds()) == ([], ["queued"], before)


def test_the_dry_run_executor_never_follows(quick_house: Any) -> None:
    """The dry-run executor as an account's setting follows nobody."""
    (order,) = quick_house.under(Executor.DRY_RUN).approved("11")
    assert quick_house.run().would[0].follower_id == "11"
    assert quick_house.states(order) == ["queued"]


def test_credentials_of_another_account_void_nothing(quick_house: Any) -> None:
    """Asked with another's keys, everybody would seem to have left: X is asked whose they are first."""
    (order,) = quick_house.approved("11")
    quick_house.x.handle = "other"
    quick_house.x.leave("11")
    result = quick_house.run()
    assert quick_house.states(order) == ["handed_off"]
    assert result.error is not None
    assert (result.error.code, result.exit_code) == ("wrong_credentials", 3)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("dies_at", range(1, 11))
def test_killed_at_any_commit_the_list_is_whole_the_next_time(
    quick_house: Any, dying: Any, dies_at: int, after: bool
) -> None:
    """Invariant 6: the same links, each handed off once, within the same day's pace."""
    orders = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13")
    dying(quick_house, dies_at, after, quick_house.run)
    assert links(quick_house.run()) == ["11", "12"]
    assert [quick_house.outcomes(order) for order in orders] == [["handed_off"], ["handed_off"], []]
