"""The API executor: one named follower at a time, read just before, and never twice, whatever breaks."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import update

from followguard.adapters.store.accounts import Accounts
from followguard.adapters.store.people import People
from followguard.adapters.store.tables import orders
from followguard.domain.policy import Executor
from followguard.errors import (
    AccessRefused,
    AnswerLost,
    CreditsUsedUp,
    FollowguardError,
    PlatformDown,
    RateLimited,
    RequestRefused,
    TargetRefused,
    WrongCredentials,
)


def raising(error: type[FollowguardError]) -> Callable[[], None]:
    def fail() -> None:
        raise error("X says no.", "Look there.")

    return fail


def test_due_orders_are_followed_and_confirmed_by_the_next_night(house: Any) -> None:
    """queued, sending, sent, and confirmed only by reading; the card closes then."""
    orders = house.under(Executor.API).approved("11", "12")
    result = house.run(opened=False)
    assert house.x.calls == ["11", "12"]
    assert [row.follower_id for row in result.sent] == ["11", "12"]
    assert house.states(*orders) == ["sent", "sent"]
    assert house.outcomes(orders[0]) == ["sending", "sent"]
    assert house.card("11").state == "approved"
    house.pass_time(days=1)
    assert house.recheck().confirmed == 2
    assert (house.states(*orders), house.card("11").state) == (["confirmed", "confirmed"], "closed")
    assert house.log_kinds()[2:] == ["order.sent"] * 2 + ["order.confirmed"] * 2


def test_the_pace_holds_over_several_runs_of_a_day(quick_house: Any) -> None:
    """Two a day, however often it runs; between two calls it waits."""
    quick_house.under(Executor.API, max_follow_backs_per_day=2).approved("11", "12", "13")
    for _ in range(3):
        quick_house.run()
    assert (quick_house.x.calls, len(quick_house.slept)) == (["11", "12"], 1)
    quick_house.pass_time(days=1)
    quick_house.run()
    assert quick_house.x.calls == ["11", "12", "13"]


@pytest.mark.parametrize(
    ("deed", "state"),
    [
        (lambda x: x.leave("11"), "void"),
        (lambda x: x.change("11", profile_image_url="https://pbs.twimg.com/2.jpg"), "void"),
        (lambda x: x.gone.update({"11": "suspended"}), "void"),
        (lambda x: x.following.add("11"), "confirmed"),
        (lambda x: x.asked.add("11"), "sent"),
        (lambda x: x.change("11", connection=None), "void"),
        (lambda x: x.people.pop("11"), "queued"),
    ],
)
def test_nobody_is_followed_who_is_not_as_approved(house: Any, deed: Any, state: str) -> None:
    """Invariants 1 and 3: read just before, and no call unless they follow us, unchanged and not followed yet."""
    (order,) = house.under(Executor.API).approved("11")
    deed(house.x)
    house.run()
    assert (house.x.calls, house.states(order)) == ([], [state])


def test_without_xs_word_that_they_follow_us_nothing_is_sent(quick_house: Any) -> None:
    """Invariant 1: unknown isn't yes, not even when X never said."""
    quick_house.under(Executor.API).add("11", connection=None)
    order = quick_house.order("11")
    result = quick_house.run()
    assert (quick_house.x.calls, quick_house.states(order), result.exit_code) == ([], ["queued"], 1)


def test_a_pause_in_the_middle_stops_the_next_call(quick_house: Any) -> None:
    """Asked before each call, not once."""
    orders = quick_house.under(Executor.API).approved("11", "12", "13")

    def pause() -> None:
        with quick_house.store.begin() as work:
            Accounts(work).set_paused(quick_house.account.id, quick_house.now)

    quick_house.x.after_follow.append(pause)
    result = quick_house.run()
    assert (quick_house.x.calls, quick_house.states(*orders)) == (["11"], ["sent", "queued", "queued"])
    assert {row.why for row in result.skipped} == {"The account is paused."}
    assert quick_house.get(orders[1]).waiting_since == quick_house.now
    assert quick_house.run().sent == []


def test_a_withdrawn_approver_stops_the_call(quick_house: Any) -> None:
    """The role is looked at again just before."""
    (order,) = quick_house.under(Executor.API).approved("11")
    with quick_house.store.begin() as work:
        People(work).withdraw(quick_house.ann, None, quick_house.now)
    quick_house.run()
    assert (quick_house.x.calls, quick_house.states(order)) == ([], ["void"])


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
    """Whoever reads first settles it."""
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
    from followguard.jobs.mark import MarkedAs, live_order_of, mark

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
    from followguard.jobs.mark import MarkedAs, live_order_of, mark

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


@pytest.mark.parametrize("pending", [False, True])
def test_a_follow_that_is_gone_again_comes_back_as_a_question(house: Any, pending: bool) -> None:
    """X said yes, or that it asked, and a person undid it there: the night asks a person, and calls nobody."""
    (order,) = house.under(Executor.API).approved("11")
    house.x.pending = pending
    house.run()
    house.x.following.clear()
    house.x.asked.clear()
    for _ in range(3):
        house.pass_time(days=1)
        house.recheck()
        house.run(opened=False)
    assert (house.x.calls, house.states(order)) == (["11"], ["void"])
    card = house.card("11")
    assert (card.state, card.due) == ("waiting", "2026-01-06")
    assert card.note.endswith("Undone by hand? Still follow them?")


def test_the_database_refuses_to_call_an_order_again_that_x_took(house: Any) -> None:
    """Past all our code."""
    (order,) = house.under(Executor.API).approved("11")
    house.run()
    for state in ("queued", "sending", "handed_off", "parked"):
        with pytest.raises(FollowguardError, match="isn't called again"), house.store.begin() as work:
            work.connection.execute(update(orders).where(orders.c.id == order).values(state=state))


def test_reads_that_lag_behind_are_not_held_against_a_call(quick_house: Any) -> None:
    """Within the hour after the call "not following" says nothing."""
    (order,) = quick_house.under(Executor.API).approved("11")
    quick_house.x.effect = False
    quick_house.run()
    quick_house.pass_time(minutes=59)
    quick_house.recheck()
    assert quick_house.states(order) == ["sent"]


def test_a_protected_follower_is_asked(quick_house: Any) -> None:
    """`pending_follow`: sent, and confirmed once they accept."""
    (order,) = quick_house.under(Executor.API).approved("11")
    quick_house.x.pending = True
    assert quick_house.run().sent[0].why == "Our request waits to be accepted."
    quick_house.pass_time(days=1)
    quick_house.recheck()
    assert quick_house.states(order) == ["sent"]
    quick_house.x.following.add("11")
    quick_house.recheck()
    assert quick_house.states(order) == ["confirmed"]


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
