"""The API executor: one named follower at a time, read just before, and never twice, whatever breaks."""

from typing import Any

import pytest
from sqlalchemy import update

from followguard.accounts.store import Accounts, People
from followguard.domain.policy import Executor
from followguard.errors import FollowguardError
from followguard.store.tables import orders


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
    """The pause is asked for before each call, not once."""
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
    """The database refuses it past all our code."""
    (order,) = house.under(Executor.API).approved("11")
    house.run()
    for state in ("queued", "sending", "handed_off", "parked"):
        with pytest.raises(FollowguardError, match="isn't called again"), house.store.begin() as work:
            work.connection.execute(update(orders).where(orders.c.id == order).values(state=state))


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
