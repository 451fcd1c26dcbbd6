"""The nightly recheck: who was followed, who is gone, what became of a hand-off, and which put-off cards come back."""

from typing import Any

import pytest
from sqlalchemy import select

from followguard.accounts.ledger_store import Runs
from followguard.domain.policy import Executor
from followguard.errors import PlatformDown
from followguard.followers.store import Followers
from followguard.following.follow_back import FollowBack, night_counts
from followguard.following.recheck import expected_lookups
from followguard.following.store import Orders
from followguard.store.tables import snapshots


def test_a_night_settles_every_open_order(house: Any) -> None:
    """Followed, left, changed, suspended and unchanged, each in one look-up, booked once."""
    orders = house.approved("11", "12", "13", "14", "15")
    house.run()
    house.x.following.add("11")
    house.x.leave("12")
    house.x.change("13", username="renamed")
    house.x.gone["14"] = "suspended"
    house.pass_time(days=1)
    result = house.recheck()
    assert house.states(*orders) == ["confirmed", "void", "void", "void", "handed_off"]
    assert (result.lookups, result.requests, result.cost_micro) == (4, 1, 40_000)
    assert (result.confirmed, result.void, result.error) == (1, 3, None)
    with house.store.begin() as work:
        presence = Followers(work).presence(house.account.id, ["11", "12", "14", "15"])
        assert {i for i, one in presence.items() if one.left_at} == {"12", "14"}
        assert presence["15"].last_seen_at == house.now
        counts = night_counts(work, house.account.id, result, FollowBack(account="acme", executor=Executor.HANDOFF))
    assert counts == {"open": 1, "confirmed": 1, "void": 3, "sent": 0, "parked": 0}


def test_a_second_recheck_of_the_day_changes_nothing_and_costs_nothing(quick_house: Any) -> None:
    """The same state, no money."""
    orders = quick_house.approved("11", "12")
    quick_house.pass_time(days=1)
    quick_house.recheck()
    before = quick_house.log_kinds()
    assert quick_house.recheck().cost_micro == 0
    assert (quick_house.states(*orders), quick_house.log_kinds()) == (["queued", "queued"], before)


def test_a_change_is_kept_as_a_snapshot(quick_house: Any) -> None:
    """The new look is recorded as the latest, and the old one stays."""
    quick_house.approved("11")
    quick_house.x.change("11", name="Other")
    quick_house.pass_time(days=1)
    quick_house.recheck()
    with quick_house.store.begin() as work:
        names = work.connection.execute(select(snapshots.c.name).order_by(snapshots.c.id)).scalars()
        assert list(names) == ["Person 11", "Other"]


def test_a_hand_off_that_stays_unconfirmed_becomes_a_question(house: Any) -> None:
    """A hand-off still waits on the seventh day; after it the card comes back."""
    (order,) = house.approved("11")
    house.run()
    house.pass_time(days=7)
    house.recheck()
    assert house.states(order) == ["handed_off"]
    house.pass_time(seconds=1)
    house.recheck()
    assert house.states(order) == ["void"]
    assert house.card("11").state == "waiting"
    assert house.card("11").note == "Handed off on 2026-01-05, and X doesn't show the follow. Still follow them?"


def test_a_request_that_waits_to_be_accepted_counts_as_sent(quick_house: Any) -> None:
    """A protected follower: sent while our request stands, confirmed when they accept, a question after 30 days."""
    first, second = quick_house.approved("11", "12")
    quick_house.run()
    quick_house.x.asked |= {"11", "12"}
    quick_house.pass_time(days=8)
    quick_house.recheck()
    assert quick_house.states(first, second) == ["sent", "sent"]
    quick_house.x.following.add("11")
    quick_house.pass_time(days=31)
    quick_house.recheck()
    assert quick_house.states(first, second) == ["confirmed", "void"]
    assert "haven't accepted" in quick_house.card("12").note


def test_the_budget_is_never_exceeded_and_orders_come_first(quick_house: Any) -> None:
    """Money for two profiles of four: two are read, the most urgent ones, and the run says why it stopped."""
    quick_house.add("21", state="later")
    quick_house.decide("21", "later", until="2026-01-06")
    quick_house.set_card("21", due="2026-01-06")
    quick_house.approved("11", "12")
    (handed,) = quick_house.approved("13")
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=1)
    with quick_house.store.begin() as work:
        from followguard.domain.order import OrderState, Step

        Orders(work).move(Orders(work).get(handed), Step(to=OrderState.HANDED_OFF, now=quick_house.now))
    quick_house.pass_time(days=1)
    quick_house.max_usd = 0.02
    quick_house.x.following |= {"13"}
    result = quick_house.recheck()
    assert (result.lookups, result.cost_micro) == (2, 20_000)
    assert result.error is not None
    assert result.error.code == "budget"
    assert quick_house.states(handed) == ["confirmed"]


def test_what_was_read_before_a_failure_is_kept(quick_house: Any) -> None:
    """150 orders, and X fails on the second call: the first hundred are settled."""
    ids = [str(number) for number in range(1000, 1150)]
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=500)
    quick_house.approved(*ids)
    quick_house.x.following |= set(ids)

    def fail() -> None:
        raise PlatformDown("X is down.", "Later.")

    quick_house.x.before_look_up += [lambda: None, fail]
    result = quick_house.recheck()
    assert (result.confirmed, result.lookups) == (100, 100)
    assert isinstance(result.error, PlatformDown)
    assert quick_house.recheck().confirmed == 50


def test_the_forecast_knows_what_will_be_looked_up(quick_house: Any) -> None:
    """Open orders, and put-off cards that came due unread."""
    quick_house.approved("11", "12")
    quick_house.add("21", "22", state="later")
    for follower_id, due in (("21", "2026-01-06"), ("22", "2026-03-01")):
        quick_house.decide(follower_id, "later", until=due)
        quick_house.set_card(follower_id, due=due)
    with quick_house.store.begin() as work:
        assert expected_lookups(work, quick_house.account.id, "2026-01-05") == 2
        assert expected_lookups(work, quick_house.account.id, "2026-01-06") == 3


def put_off(house: Any, follower_id: str, due: str) -> None:
    house.add(follower_id, state="later")
    house.decide(follower_id, "later", until=due)
    house.set_card(follower_id, due=due)


def test_a_put_off_card_that_is_due_stays_due_when_nothing_changed(quick_house: Any) -> None:
    """The desk shows it by itself; its follower was read once, and isn't paid for again while it waits."""
    put_off(quick_house, "21", "2026-01-06")
    quick_house.pass_time(days=1)
    assert quick_house.recheck().lookups == 1
    assert (quick_house.card("21").state, quick_house.card("21").due) == ("later", "2026-01-06")
    quick_house.pass_time(days=1)
    assert quick_house.recheck().lookups == 0


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        (lambda x: x.leave("21"), "left"),
        (lambda x: x.gone.update({"21": "suspended"}), "left"),
        (lambda x: x.following.add("21"), "following"),
    ],
)
def test_a_put_off_card_without_a_question_left_is_closed(quick_house: Any, deed: Any, why: str) -> None:
    """Nobody is asked about somebody who left, or whom we follow already; the latter is reported."""
    put_off(quick_house, "21", "2026-01-06")
    deed(quick_house.x)
    quick_house.pass_time(days=1)
    result = quick_house.recheck()
    assert (quick_house.card("21").state, quick_house.card("21").closed_why) == ("closed", why)
    assert [one.follower_id for one in result.strangers] == (["21"] if why == "following" else [])


def test_a_put_off_card_comes_early_when_somebody_else_shows(quick_house: Any) -> None:
    """The list read saw another name: the card is due today and says what changed, once."""
    put_off(quick_house, "21", "2026-03-01")
    quick_house.x.change("21", name="Other")
    quick_house.pass_time(days=1)
    with quick_house.store.begin() as work:
        Followers(work).observe(quick_house.account.id, [quick_house.x.people["21"]], quick_house.now)
    assert quick_house.recheck().later_forward == 1
    card = quick_house.card("21")
    assert (card.state, card.due) == ("later", "2026-01-06")
    assert card.note == 'Back before 2026-03-01: name "Person 21" -> "Other".'
    quick_house.pass_time(days=1)
    assert quick_house.recheck().later_forward == 0


def test_nobody_is_taken_for_gone_when_x_stops_telling(quick_house: Any) -> None:
    """No `connection_status` for anybody: orders stay, nothing is confirmed and nothing is void."""
    orders = quick_house.approved("11", "12")
    for follower_id in ("11", "12"):
        quick_house.x.change(follower_id, connection=None)
    quick_house.pass_time(days=1)
    result = quick_house.recheck()
    assert (quick_house.states(*orders), result.void) == (["queued", "queued"], 0)


def test_a_missing_connection_among_given_ones_means_none(quick_house: Any) -> None:
    """X leaves the key out for one of two: that one doesn't follow any more."""
    orders = quick_house.approved("11", "12")
    quick_house.x.change("11", connection=None)
    quick_house.pass_time(days=1)
    quick_house.recheck()
    assert quick_house.states(*orders) == ["void", "queued"]


@pytest.mark.parametrize("dies_at", range(1, 12))
def test_killed_at_any_commit_the_next_recheck_ends_the_same(quick_house: Any, dying: Any, dies_at: int) -> None:
    """Invariant 6: the same states, and nothing is paid for twice on the same day but the page in flight."""
    orders = quick_house.approved("11", "12", "13")
    quick_house.x.following.add("11")
    quick_house.x.leave("12")
    quick_house.pass_time(days=1)
    dying(quick_house, dies_at, True, quick_house.recheck)
    quick_house.recheck()
    assert quick_house.states(*orders) == ["confirmed", "void", "queued"]
    assert quick_house.log_kinds()[3:] == ["order.confirmed", "order.void"]
    with quick_house.store.begin() as work:
        assert Runs(work).spent_micro(None, "2026-01-06", "2026-01-06") == 30_000


def test_the_card_of_one_who_left_after_the_approval_comes_back_and_stays(quick_house: Any) -> None:
    """Invariant 3: void, and the card waits with the reason; the night's queue doesn't take it away again."""
    from followguard.screening.queue import queue_account

    (order,) = quick_house.approved("11")
    quick_house.x.leave("11")
    quick_house.pass_time(days=1)
    quick_house.recheck()
    queue_account(quick_house.store, quick_house.account, quick_house.settings.policy, quick_house.now, seed=0)
    assert quick_house.states(order) == ["void"]
    card = quick_house.card("11")
    assert card.state == "waiting"
    assert "follow" in card.note
