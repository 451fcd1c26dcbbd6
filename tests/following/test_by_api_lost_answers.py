"""Calls whose answer was lost, lagged or died: settled by reading, and never made twice."""

from contextlib import suppress
from typing import Any

import pytest

from followguard.accounts.store import People
from followguard.domain.policy import Executor
from followguard.errors import AnswerLost, PlatformDown
from tests.builders.following import raising


@pytest.mark.parametrize("worked", [True, False])
def test_a_call_under_way_at_the_withdrawal_is_settled_by_reading(house: Any, worked: bool) -> None:
    """Never a second call: it turns out to have worked, or its card comes back."""
    (order,) = house.under(Executor.API).approved("11")
    (house.x.after_follow if worked else house.x.before_follow).append(raising(AnswerLost))
    house.run()
    with house.store.begin() as work:
        People(work).withdraw(house.ann, None, house.now)
    for _ in range(3):
        house.pass_time(minutes=40)
        house.run()
        house.recheck()
    assert house.x.calls == (["11"] if worked else [])
    assert house.states(order) == ["confirmed" if worked else "void"]
    assert house.card("11").state == ("closed" if worked else "waiting")


def test_a_lost_answer_that_worked_is_confirmed_by_reading(house: Any) -> None:
    """The order stays `sending`, the rest waits, and the next run reads instead of following again."""
    orders = house.under(Executor.API).approved("11", "12")
    house.x.after_follow.append(raising(AnswerLost))
    result = house.run()
    assert (house.states(*orders), result.exit_code) == (["sending", "queued"], 75)
    house.run()
    assert (house.x.calls, house.states(*orders)) == (["11", "12"], ["confirmed", "sent"])


def test_a_lost_answer_that_did_nothing_is_tried_again_after_an_hour(house: Any) -> None:
    """X shows no follow: after the hour back to the queue, one failure counted, then followed."""
    (order,) = house.under(Executor.API).approved("11")
    house.x.before_follow.append(raising(AnswerLost))
    house.run()
    house.pass_time(minutes=59)
    waiting = house.run()
    assert (house.x.calls, house.states(order), waiting.exit_code) == ([], ["sending"], 0)
    assert "shows by" in waiting.skipped[0].why
    house.pass_time(minutes=1)
    house.run()
    assert (house.x.calls, house.states(order)) == (["11"], ["sent"])
    assert house.outcomes(order) == ["sending", "lost", "sending", "sent"]
    assert house.get(order).failures == 1


def test_a_lost_answer_is_settled_by_the_nights_recheck_too(quick_house: Any) -> None:
    """The first reading settles it."""
    (order,) = quick_house.under(Executor.API).approved("11")
    quick_house.x.after_follow.append(raising(AnswerLost))
    quick_house.run()
    quick_house.pass_time(days=1)
    quick_house.recheck()
    assert quick_house.states(order) == ["confirmed"]


def test_a_lost_answer_is_never_settled_without_reading(quick_house: Any) -> None:
    """X can't be read: it stays `sending`, and nothing is followed."""
    (order,) = quick_house.under(Executor.API).approved("11")
    quick_house.x.after_follow.append(raising(AnswerLost))
    quick_house.run()
    quick_house.x.before_look_up.append(raising(PlatformDown))
    quick_house.run()
    assert (quick_house.x.calls, quick_house.states(order)) == (["11"], ["sending"])


@pytest.mark.parametrize("how", ["lost", "killed"])
def test_reads_that_lag_after_an_unknown_end_lead_to_no_second_call(house: Any, killed: Any, how: str) -> None:
    """The follow worked, nobody heard so, and X's reads don't show it for minutes: no run and no night calls again."""

    def die() -> None:
        raise killed

    orders = house.under(Executor.API).approved("11", "12")
    house.x.after_follow.append(raising(AnswerLost) if how == "lost" else die)
    house.x.lags = True
    with suppress(killed):
        house.run()
    for _ in range(3):
        house.pass_time(minutes=15)
        house.run()
        house.recheck()
        house.run(opened=False)
    assert (house.x.calls, house.states(*orders)) == (["11", "12"], ["sending", "sent"])
    house.x.lags = False
    house.pass_time(minutes=15)
    house.run()
    house.recheck()
    assert (house.x.calls, house.states(*orders)) == (["11", "12"], ["confirmed", "confirmed"])


def test_hand_off_does_not_conclude_early_either(house: Any) -> None:
    """The account goes over to hand-off while a call is open: no link is shown before X had its hour."""
    (order,) = house.under(Executor.API).approved("11")
    house.x.after_follow.append(raising(AnswerLost))
    house.x.lags = True
    house.run()
    house.under(Executor.HANDOFF)
    house.pass_time(minutes=30)
    result = house.run()
    assert (result.handed_off, house.states(order)) == ([], ["sending"])
    assert "shows by" in result.skipped[0].why


def test_a_new_approval_waits_out_the_hour_of_the_call_before(house: Any) -> None:
    """A person says that it didn't work and approves again: another order, and still no second call too early."""
    from followguard.following.marking import MarkedAs, live_order_of, mark

    house.under(Executor.API).approved("11")
    house.run()
    house.x.lags = True
    with house.store.begin() as work:
        order = live_order_of(work, house.account.id, "11")
        mark(work, order, MarkedAs.COULD_NOT, house.settings.policy, "p-ann", house.now)
    again = house.order("11")
    result = house.run()
    assert (house.x.calls, house.states(again)) == (["11"], ["queued"])
    assert "shows by" in result.skipped[0].why
    house.x.lags = False
    house.run()
    assert (house.x.calls, house.states(again)) == (["11"], ["confirmed"])


def test_xs_yes_outranks_what_another_run_concluded_meanwhile(house: Any) -> None:
    """Another machine, its clock two hours ahead, took the open call for lost: the answer still counts."""

    def conclude_early() -> None:
        house.x.lags = True
        house.pass_time(hours=2)
        house.recheck()
        house.pass_time(hours=-2)
        house.x.lags = False

    (order,) = house.under(Executor.API).approved("11")
    house.x.after_follow.append(conclude_early)
    house.run()
    assert house.states(order) == ["sent"]
    house.run()
    assert house.x.calls == ["11"]


def test_reads_that_lag_behind_are_not_held_against_a_call(quick_house: Any) -> None:
    """Within the hour after the call "not following" says nothing."""
    (order,) = quick_house.under(Executor.API).approved("11")
    quick_house.x.effect = False
    quick_house.run()
    quick_house.pass_time(minutes=59)
    quick_house.recheck()
    assert quick_house.states(order) == ["sent"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("dies_at", range(1, 21))
def test_killed_at_any_commit_the_next_run_ends_the_same(
    quick_house: Any, dying: Any, dies_at: int, after: bool
) -> None:
    """Invariant 6: whichever commit it dies at, nobody is followed twice and all end up confirmed."""
    orders = quick_house.under(Executor.API).approved("11", "12")
    dying(quick_house, dies_at, after, lambda: quick_house.run(opened=False))
    quick_house.run(opened=False)
    quick_house.pass_time(hours=1)
    quick_house.run(opened=False)
    quick_house.pass_time(days=1)
    quick_house.recheck()
    assert quick_house.states(*orders) == ["confirmed", "confirmed"]
    assert sorted(quick_house.x.calls) == ["11", "12"]


@pytest.mark.parametrize("moment", ["before_follow", "after_follow"])
def test_killed_around_the_call_the_next_run_ends_the_same(house: Any, killed: Any, moment: str) -> None:
    """Invariant 6: dead before X got the call, or before its answer was written down."""
    orders = house.under(Executor.API).approved("11", "12")

    def die() -> None:
        raise killed

    getattr(house.x, moment).append(die)
    with pytest.raises(killed):
        house.run(opened=False)
    assert house.states(*orders) == ["sending", "queued"]
    house.run(opened=False)
    house.pass_time(hours=1)
    house.run(opened=False)
    house.pass_time(days=1)
    house.recheck()
    assert house.states(*orders) == ["confirmed", "confirmed"]
    assert sorted(house.x.calls) == ["11", "12"]
