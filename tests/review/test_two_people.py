"""Decisions of two people: proposals where the policy wants two voices, and two at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from followguard.accounts.store import People
from followguard.domain.decision import Choice
from followguard.errors import AlreadyDecided, MissingRole
from followguard.review.store import Decisions
from followguard.review.undo import undo
from followguard.testing import made_up_profile
from tests.builders.reviewing import APPROVE, SPAM, order_of


def test_two_people_must_approve_where_the_policy_says_so(ready) -> None:
    """The first approval is a proposal and stays on the desk; the second, by another, makes the order."""
    ready.policy(two_person_approval=True)
    first = ready.decide("12", APPROVE, "Rea")
    assert (first.decision, first.state) == ("propose", "waiting")
    assert "Rea" in ready.card("12").note
    assert "12" in ready.ids()
    assert order_of(ready, "12") is None
    with pytest.raises(AlreadyDecided, match="second person"):
        ready.decide("12", APPROVE, "Rea")
    second = ready.decide("12", APPROVE, "Ben")
    assert (second.decision, second.state) == ("approve", "approved")
    assert order_of(ready, "12").decision_id == second.decision_id


def test_a_proposal_about_another_look_does_not_count(ready) -> None:
    """The profile changed after the proposal: the next approval is a proposal again."""
    ready.policy(two_person_approval=True)
    ready.decide("12", APPROVE, "Ada")
    ready.see_again(replace(made_up_profile("12", ready.now), name="Somebody Else"))
    assert ready.decide("12", APPROVE, "Ben").decision == "propose"


def test_a_proposal_of_somebody_withdrawn_since_does_not_count(ready) -> None:
    """The first of two voices is gone with its role: the next one is the first again."""
    ready.policy(two_person_approval=True)
    ready.decide("12", APPROVE, "Rea")
    with ready.store.begin() as work:
        People(work).withdraw(People(work).by_name("Rea").id, None, ready.now)
    assert ready.decide("12", APPROVE, "Ben").decision == "propose"


def test_a_reviewers_second_look_is_not_an_approval(ready) -> None:
    """The person who makes the order needs the role of an approver."""
    ready.policy(two_person_approval=True)
    ready.decide("12", APPROVE, "Ada")
    with pytest.raises(MissingRole):
        ready.decide("12", APPROVE, "Rea")


def test_a_taken_back_proposal_does_not_count(ready) -> None:
    """Propose, undo, approve by another: still one voice."""
    ready.policy(two_person_approval=True)
    ready.decide("12", APPROVE, "Ada")
    undo(ready.hand("Ada"), "12")
    assert ready.card("12").note is None
    assert ready.decide("12", APPROVE, "Ben").decision == "propose"


@pytest.mark.parametrize("choices", [(APPROVE, APPROVE), (APPROVE, SPAM), (SPAM, SPAM)])
def test_of_two_people_exactly_one_wins(ready, choices) -> None:
    """Two threads decide one card at the same moment, twenty times over: one decision, at most one order."""
    for number in range(20):
        follower = f"5{number:02}"
        ready.read(follower)
    ready.night()
    for number in range(20):
        barrier = Barrier(2)
        name = f"5{number:02}"

        def act(by: str, choice: Choice, name: str = name, barrier: Barrier = barrier) -> str:
            barrier.wait()
            try:
                return ready.decide(name, choice, by).state
            except AlreadyDecided:
                return "too late"

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(act, ("Ada", "Ben"), choices))
        ready.now += timedelta(seconds=5)
        assert sorted(outcomes).count("too late") == 1
    assert ready.rows("SELECT count(*) FROM decisions") == [(20,)]
    live = ready.rows("SELECT account_id, follower_id FROM orders")
    assert len(live) == len(set(live))


def test_two_proposals_at_the_same_moment_make_one_approval(ready) -> None:
    """Under two_person_approval two simultaneous voices are a proposal and an approval, never two proposals."""
    ready.policy(two_person_approval=True)
    barrier = Barrier(2)

    def act(by: str) -> str:
        barrier.wait()
        return ready.decide("12", APPROVE, by).decision

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, ("Ada", "Ben"))) == ["approve", "propose"]


def test_a_claim_keeps_others_off_until_it_times_out(ready) -> None:
    """A card in Ben's hands tells Ada until when; afterwards she may."""
    item = ready.card("12").item
    with ready.store.begin() as work:
        ben = People(work).by_name("Ben")
        assert Decisions(work).claim(item, ben.id, ready.now + timedelta(minutes=15), ready.now)
    assert ready.card("12").state_at(ready.now) == "claimed"
    with pytest.raises(AlreadyDecided, match="Ben's hands until 00:25"):
        ready.decide("12", APPROVE)
    ready.now += timedelta(minutes=15)
    assert ready.card("12").state_at(ready.now) == "waiting"
    assert ready.decide("12", APPROVE).state == "approved"
