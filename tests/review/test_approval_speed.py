"""Ten approvals by one person within twenty seconds, by any path, pause that person's approving for a minute."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from followguard.errors import ApprovingPaused
from followguard.review.undo import undo
from tests.builders.reviewing import APPROVE, SPAM

IDS = [str(number) for number in range(501, 533)]


@pytest.fixture
def busy(house: Any) -> Any:
    """Thirty-two cards of acme."""
    house.read(*IDS)
    house.night()
    return house


def hurry(house: Any, ids: list[str], by: str = "Ada", seconds: float = 1.0) -> None:
    for follower_id in ids:
        house.decide(follower_id, APPROVE, by)
        house.now += timedelta(seconds=seconds)


def test_the_eleventh_is_refused_and_says_until_when(busy: Any) -> None:
    """Nothing is recorded; rejecting goes on, and so does everybody else; after a minute approving does too."""
    hurry(busy, IDS[:10])
    with pytest.raises(ApprovingPaused, match=r"Ada approved 10 followers within 20 s.*00:11:09 UTC") as refused:
        busy.decide(IDS[10], APPROVE)
    assert 'review undo --session --by "Ada"' in refused.value.next_step
    assert (refused.value.exit_code, busy.card(IDS[10]).state.value) == (75, "waiting")
    assert busy.decide(IDS[11], SPAM).state.value == "rejected"
    assert busy.decide(IDS[10], APPROVE, "Ben").state.value == "approved"
    busy.now += timedelta(seconds=59)
    assert busy.decide(IDS[12], APPROVE).state.value == "approved"


def test_at_a_humans_pace_nothing_is_refused(busy: Any) -> None:
    """One in three seconds, for a minute and a half."""
    hurry(busy, IDS, seconds=3.0)
    assert {busy.card(each).state.value for each in IDS} == {"approved"}


def test_the_desk_and_the_command_count_together(busy: Any) -> None:
    """Five keys at the desk and five commands count together."""
    desk = busy.desk("Ada")
    for _ in range(5):
        desk.decide(desk.next(), APPROVE)
    hurry(busy, [each for each in IDS if busy.card(each).state.value == "waiting"][:5])
    with pytest.raises(ApprovingPaused):
        desk.decide(desk.next(), APPROVE)


def test_taking_back_does_not_make_it_slower(busy: Any) -> None:
    """Approve and undo, ten times over, is ten approvals."""
    for _ in range(10):
        busy.decide(IDS[0], APPROVE)
        undo(busy.hand("Ada"), IDS[0])
    with pytest.raises(ApprovingPaused):
        busy.decide(IDS[1], APPROVE)


def test_a_proposal_is_an_approval(busy: Any) -> None:
    """Under `two_person_approval` the first voice is as quick a key as the second."""
    busy.policy(two_person_approval=True)
    hurry(busy, IDS[:10], "Rea")
    with pytest.raises(ApprovingPaused):
        busy.decide(IDS[10], APPROVE, "Rea")


def test_a_clock_that_goes_back_does_not_open_the_door(busy: Any) -> None:
    """An hour back after the tenth: still refused."""
    hurry(busy, IDS[:10])
    busy.now -= timedelta(hours=1)
    with pytest.raises(ApprovingPaused):
        busy.decide(IDS[10], APPROVE)


def test_many_at_the_same_moment_do_not_slip_past(busy: Any) -> None:
    """Sixteen processes of one person at once, on both databases: ten approvals are recorded, not one more."""
    start = Barrier(16)

    def approve(follower_id: str) -> str:
        start.wait()
        try:
            return str(busy.decide(follower_id, APPROVE).state.value)
        except ApprovingPaused:
            return "paused"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(approve, IDS[:16]))
    assert (outcomes.count("approved"), outcomes.count("paused")) == (10, 6)
