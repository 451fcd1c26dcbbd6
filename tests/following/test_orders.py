"""Orders, their table of moves, their waits; the pace; and what a second look says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.domain.follower import Observation, Profile, with_connections
from followguard.domain.order import (
    LIVE_STATES,
    RECALLABLE_STATES,
    TRANSITIONS,
    Order,
    OrderState,
    check_move,
    has_lapsed,
    waited,
)
from followguard.errors import AlreadyDecided
from followguard.following.checks import STAYS, Case, Rules, difference, judge
from followguard.following.pace import Spacing, days_ahead, first_day_with_room
from followguard.testing import made_up_profile

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LOOK = made_up_profile("11", NOW)
ORDER = Order(
    id=1,
    account_id=1,
    follower_id="11",
    item_id=1,
    decision_id=1,
    approved_by=1,
    appearance_hash=LOOK.appearance_hash(),
    state=OrderState.QUEUED,
    created_at=NOW,
    updated_at=NOW,
    due="2026-01-05",
)


@pytest.mark.parametrize("before", list(OrderState))
@pytest.mark.parametrize("after", list(OrderState))
def test_only_the_moves_of_the_table_are_possible(before: OrderState, after: OrderState) -> None:
    """Whatever isn't in the table is refused, and says where the order stands."""
    order = replace(ORDER, state=before)
    if after in TRANSITIONS[before]:
        check_move(order, after)
    else:
        with pytest.raises(AlreadyDecided, match=f"is {before.value}"):
            check_move(order, after)


def test_final_states_are_final_and_all_others_can_end() -> None:
    """Confirmed and void lead nowhere; from every live state both are reachable."""
    assert {state for state, to in TRANSITIONS.items() if not to} == set(OrderState) - LIVE_STATES
    for state in LIVE_STATES:
        assert {OrderState.CONFIRMED, OrderState.VOID} <= TRANSITIONS[state]


def test_nothing_that_may_have_left_the_house_can_be_recalled() -> None:
    """An undo reaches neither a link that was shown nor a call that was made."""
    assert frozenset({OrderState.QUEUED, OrderState.PARKED}) == RECALLABLE_STATES


def test_a_sent_order_is_not_sent_again_without_going_back_to_the_queue() -> None:
    """`sending` comes only from the queue, where everything is checked again."""
    assert {state for state, to in TRANSITIONS.items() if OrderState.SENDING in to} == {OrderState.QUEUED}


def test_waiting_for_our_pace_ends_with_the_due_day() -> None:
    """Due on the 10th: from then on nothing of ours held it back."""
    order = replace(ORDER, due="2026-01-10", waiting_since=NOW)
    assert waited(order, NOW + timedelta(days=2)) == 2 * 86_400
    assert waited(order, NOW + timedelta(days=30)) == (datetime(2026, 1, 10, tzinfo=UTC) - NOW).total_seconds()


def test_a_wait_that_began_after_the_due_day_runs_on() -> None:
    """A pause, a budget: until somebody looks again."""
    order = replace(ORDER, waiting_since=NOW, waited_seconds=100)
    assert waited(order, NOW + timedelta(hours=1)) == 3_700
    assert waited(ORDER, NOW + timedelta(hours=1)) == 0


@given(st.integers(0, 60), st.integers(0, 60))
def test_an_order_lapses_by_its_age_without_its_waits(age: int, wait: int) -> None:
    """An order holds on the last second of its age, and doesn't a second later."""
    order = replace(ORDER, waited_seconds=wait * 86_400)
    now = NOW + timedelta(days=age)
    assert has_lapsed(order, now, 30) == (age - wait > 30)


def test_an_order_of_just_thirty_days_holds() -> None:
    """The boundary belongs to the order."""
    assert not has_lapsed(ORDER, NOW + timedelta(days=30), 30)
    assert has_lapsed(ORDER, NOW + timedelta(days=30, seconds=1), 30)


def test_the_first_day_with_room() -> None:
    """Full days are passed over, holes are used."""
    taken = {"2026-01-05": 2, "2026-01-06": 2, "2026-01-08": 2}
    assert first_day_with_room("2026-01-05", taken, 2) == "2026-01-07"
    assert first_day_with_room("2026-01-05", {}, 2) == "2026-01-05"
    assert first_day_with_room("2026-01-05", {}, 0) == "2027-01-06"


@given(st.integers(1, 7), st.integers(0, 40), st.integers(0, 10))
def test_the_outlook_never_promises_more_than_the_pace(per_day: int, orders: int, used: int) -> None:
    """No day gets more than it has room for, today's used places counted; nobody is left out."""
    waiting = [replace(ORDER, id=number) for number in range(orders)]
    days = list(days_ahead(waiting, used, per_day, NOW).values())
    assert len(days) == orders
    assert all(days.count(day) + (used if day == "2026-01-05" else 0) <= max(per_day, used) for day in days)


def test_spacing_keeps_within_its_bounds() -> None:
    """Never quicker than the least, never slower than the most."""
    waits = [Spacing(20, 60).draw(Random(seed)) for seed in range(50)]
    assert 20 <= min(waits) < max(waits) <= 60


def case(order: Order = ORDER, now: datetime = NOW, **sight: object) -> Case:
    """A case whose follower looks as approved, unless `sight` says otherwise."""
    seen = Observation(**{"profile": LOOK, "read_at": now, "asked": True} | sight)  # type: ignore[arg-type]
    return Case(order=order, sight=seen, approved=LOOK, rules=Rules(lapses_days=30), now=now)


@pytest.mark.parametrize("state", sorted(LIVE_STATES - {OrderState.SENDING}))
def test_unchanged_and_in_time_means_no_move(state: OrderState) -> None:
    """Nothing speaks against it."""
    assert judge(case(replace(ORDER, state=state, sent_at=NOW))).to is None


@pytest.mark.parametrize("state", [OrderState.SENDING, OrderState.SENT])
@pytest.mark.parametrize("seen", [LOOK, replace(LOOK, name="Other"), replace(LOOK, connection=frozenset())])
def test_for_an_hour_after_a_call_not_following_says_nothing(state: OrderState, seen: Profile) -> None:
    """Unchanged, changed or gone from our list: the call may still have worked. On the hour it counts."""
    order = replace(ORDER, state=state, called_at=NOW, sent_at=NOW)
    early = judge(case(order, NOW + timedelta(minutes=59, seconds=59), profile=seen))
    assert early.to is None
    assert early.why is not None
    assert "10:00" in early.why
    assert judge(case(order, NOW - timedelta(days=1), profile=seen)).to is None  # a clock that went back
    assert judge(case(order, NOW + timedelta(hours=1), profile=seen)).to is not None


def test_a_follow_that_is_gone_again_is_a_question() -> None:
    """X said yes once: no way leads from there to another call, only to a person."""
    order = replace(ORDER, state=OrderState.SENT, called_at=NOW, sent_at=NOW)
    finding = judge(case(order, NOW + timedelta(days=1)))
    assert finding.to is OrderState.VOID
    assert finding.why == "X took our follow on 2026-01-05 and doesn't show it. Undone by hand? Still follow them?"
    assert TRANSITIONS[OrderState.SENT] == {OrderState.CONFIRMED, OrderState.VOID}


@pytest.mark.parametrize("state", sorted(LIVE_STATES))
def test_followed_is_confirmed_from_every_state(state: OrderState) -> None:
    """A follow that X shows is confirmed, even when the profile changed or the order is old."""
    seen = replace(LOOK, name="Other", connection=frozenset({"following"}))
    finding = judge(case(replace(ORDER, state=state, created_at=NOW - timedelta(days=99)), profile=seen))
    assert finding.to is OrderState.CONFIRMED


def test_what_our_own_tables_say_never_settles_a_call() -> None:
    """`sending` waits for X's word, given after the call, whatever was recorded before."""
    order = replace(ORDER, state=OrderState.SENDING)
    for seen in (LOOK, replace(LOOK, name="Other"), replace(LOOK, connection=frozenset({"following"}))):
        assert judge(case(order, profile=seen, asked=False)) == STAYS
    assert judge(case(order, profile=LOOK, asked=False, left=True)) == STAYS
    assert judge(case(order, profile=replace(LOOK, connection=None))) == STAYS


@pytest.mark.parametrize("field", ["name", "username", "description", "url", "profile_image_url"])
def test_any_of_the_five_makes_another_look(field: str) -> None:
    """Invariant 3, one by one; counts don't matter."""
    assert judge(case(profile=replace(LOOK, **{field: "x"}))).to is OrderState.VOID  # type: ignore[arg-type]
    assert judge(case(profile=replace(LOOK, followers_count=9_999_999, location="Mars"))) == STAYS


def test_the_difference_is_short_and_says_what_was() -> None:
    """Long texts are cut, pictures only named, and text that is gone is said to be gone."""
    after = replace(LOOK, name="N" * 200, profile_image_url="https://pbs.twimg.com/2.jpg", url="https://example.org")
    said = difference(LOOK, after)
    assert said == f'name "Person 11" -> "{"N" * 80}…", link unknown -> "https://example.org", picture'
    assert difference(None, after) == "what was approved is no longer kept"


def test_a_missing_connection_is_read_as_none_only_with_good_reason() -> None:
    """Given for another one, or given before for the only one; else X may have stopped telling."""
    silent = replace(LOOK, id="12", connection=None)
    assert with_connections([LOOK, silent], {})[1].connection == frozenset()
    assert with_connections([silent], {"12": frozenset({"followed_by"})})[0].connection == frozenset()
    assert with_connections([silent], {"12": None})[0].connection is None
    both = [silent, replace(silent, id="13")]
    assert [one.connection for one in with_connections(both, {"12": frozenset(), "13": frozenset()})] == [None, None]
