"""One command takes a whole session back: all that a person decided without a pause of half an hour."""

from datetime import timedelta
from typing import Any

import pytest

from followguard.accounts.store import Accounts
from followguard.domain.labels import RejectReason
from followguard.domain.order import OrderState, Step
from followguard.errors import NothingToUndo
from followguard.following.store import Orders
from followguard.review.decide import Failed
from followguard.review.overrule import Turn, overrule
from followguard.review.undo import undo
from followguard.review.undo_session import last_session, undo_session
from tests.builders.reviewing import APPROVE, SPAM

IDS = [str(number) for number in range(501, 510)]


@pytest.fixture
def morning(house: Any) -> Any:
    """Nine cards of acme, decided by Ada: one early, the others half an hour later and on."""
    house.read(*IDS)
    house.night()
    house.decide(IDS[0], APPROVE)
    house.now += timedelta(minutes=30)
    for place, follower_id in enumerate(IDS[1:]):
        house.decide(follower_id, SPAM if place % 3 == 2 else APPROVE)
        house.now += timedelta(minutes=29)
    return house


def taken_back(house: Any, by: str = "Ada") -> list[Any]:
    return undo_session(house.hand(by), last_session(house.hand(by)))


def states(house: Any) -> list[str]:
    return [house.card(each).state.value for each in IDS]


def test_all_of_the_last_session_goes_and_nothing_before_it(morning: Any) -> None:
    """A pause of half an hour to the second ends it; orders are void, cards wait, each undo is a row of its own."""
    found = last_session(morning.hand())
    assert found.words == "Ada's session of 2026-01-05, 00:40 to 04:03 UTC: 8 decisions (6 approve, 2 reject)"
    outcomes = taken_back(morning)
    assert [each.follower_id for each in outcomes] == IDS[:0:-1]
    assert states(morning) == ["approved"] + ["waiting"] * 8
    assert morning.rows("SELECT state, count(*) FROM orders GROUP BY state ORDER BY state") == [
        ("queued", 1), ("void", 6)
    ]  # fmt: skip
    assert morning.rows("SELECT count(*) FROM decisions WHERE kind = 'undo'") == [(8,)]


def test_saying_it_twice_does_not_reach_the_session_before(morning: Any) -> None:
    """The second time nothing is left of it; the early approval stays, and the way to it is named."""
    taken_back(morning)
    with pytest.raises(NothingToUndo, match="taken back already") as refused:
        last_session(morning.hand())
    assert "review undo --by" in refused.value.next_step
    assert states(morning)[0] == "approved"


def test_what_was_handed_off_or_sent_is_told_with_the_way_that_is_left(morning: Any) -> None:
    """The others go all the same."""
    with morning.store.begin() as work:
        account = Accounts(work).ensure("acme", morning.now).id
        for follower_id, path in (("502", ["handed_off"]), ("503", ["sending"]), ("505", ["sending", "sent"])):
            for state in path:
                order = Orders(work).live_order(account, follower_id)
                assert Orders(work).move(order, Step(to=OrderState(state), now=morning.now))
    outcomes = taken_back(morning)
    failed = [each for each in outcomes if isinstance(each, Failed)]
    assert (len(outcomes), len(failed)) == (8, 3)
    assert all("review overrule item:" in each.error.next_step for each in failed)
    assert states(morning).count("approved") == 4


def test_what_others_decided_since_stays(morning: Any) -> None:
    """Ben overruled one of Ada's: her approval is taken back, and his word stands."""
    overrule(morning.hand("Ben"), IDS[1], Turn(reason=RejectReason.SPAM))
    taken_back(morning)
    assert morning.card(IDS[1]).state.value == "rejected"


def test_single_undos_before_it_are_part_of_the_session(morning: Any) -> None:
    """The last two were taken back one by one, an hour later: the rest of that session goes, no other."""
    morning.now += timedelta(hours=1)
    undo(morning.hand(), None)
    undo(morning.hand(), None)
    assert len(taken_back(morning)) == 6
    assert states(morning) == ["approved"] + ["waiting"] * 8


def test_one_account_of_a_session(morning: Any) -> None:
    """Another account is left alone."""
    morning.read("601", account="beta")
    morning.night("beta")
    morning.decide("601", APPROVE)
    hand = morning.hand("Ada", "beta")
    assert [each.follower_id for each in undo_session(hand, last_session(hand))] == ["601"]
    assert states(morning).count("approved") == 7


def test_whoever_decided_nothing_has_no_session(morning: Any) -> None:
    """A person who decided nothing is told that there is no session."""
    with pytest.raises(NothingToUndo, match="Ben has decided nothing"):
        last_session(morning.hand("Ben"))
