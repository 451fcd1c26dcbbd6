"""Orders that are void: nobody is handed off who changed, left, was withdrawn or is on never_follow."""

from typing import Any

import pytest

from followguard.accounts.store import People
from followguard.domain.order import OrderState, Step
from followguard.domain.policy import Executor
from followguard.followers.store import Followers
from followguard.following.store import Orders
from tests.builders.following import links


def test_somebody_who_changed_is_not_handed_off(house: Any) -> None:
    """Invariant 3: the order is void, and the card comes back with the difference."""
    (order,) = house.approved("11")
    house.x.change("11", name="Totally Other", description="Crypto")
    result = house.run()
    assert links(result) == []
    assert house.states(order) == ["void"]
    assert 'name "Person 11" -> "Totally Other"' in result.skipped[0].why
    assert house.card("11").state == "waiting"
    assert "bio" in house.card("11").note
    assert house.run().handed_off == []


def test_profile_text_stays_out_of_log_and_orders(quick_house: Any) -> None:
    """Only the card's note quotes the profile, so that retention and erasure have one place to clear."""
    from sqlalchemy import select

    from followguard.store.tables import log_openings

    (order,) = quick_house.approved("11")
    quick_house.x.change("11", name="Secret Name")
    quick_house.run()
    with quick_house.store.begin() as work:
        payloads = list(work.connection.execute(select(log_openings.c.payload)).scalars())
    assert payloads[-1]["check"] == "changed"
    assert "Secret" in quick_house.card("11").note
    assert "Secret" not in f"{payloads}{quick_house.get(order).why}"


def test_a_change_that_another_run_recorded_is_told_too(quick_house: Any) -> None:
    """Invariant 3: the difference is against what was approved, not against what was read last."""
    quick_house.approved("11")
    quick_house.x.change("11", name="Other")
    with quick_house.store.begin() as work:
        Followers(work).observe(quick_house.account.id, [quick_house.x.people["11"]], quick_house.now)
    result = quick_house.run(ways=quick_house.no_credentials)
    assert links(result) == []
    assert 'name "Person 11" -> "Other"' in quick_house.card("11").note


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        (lambda x: x.leave("11"), "don't follow us any more"),
        (lambda x: x.gone.update({"11": "suspended"}), "suspended"),
        (lambda x: x.change("11", connection=frozenset({"followed_by", "blocking"})), "blocks them"),
    ],
)
def test_somebody_who_is_gone_is_not_handed_off(quick_house: Any, deed: Any, why: str) -> None:
    """Left, suspended or blocked by us: void, with the reason."""
    (order,) = quick_house.approved("11")
    deed(quick_house.x)
    result = quick_house.run()
    assert (links(result), quick_house.states(order)) == ([], ["void"])
    assert why in result.skipped[0].why


def test_somebody_followed_already_is_confirmed(quick_house: Any) -> None:
    """No link for what is done; the card is closed."""
    (order,) = quick_house.approved("11")
    quick_house.x.following.add("11")
    result = quick_house.run()
    assert [row.follower_id for row in result.confirmed] == ["11"]
    assert quick_house.states(order) == ["confirmed"]
    assert quick_house.card("11").closed_why == "followed"


def test_a_withdrawn_approver_takes_the_approval_along(quick_house: Any) -> None:
    """Even an order that came back to the queue after the withdrawal isn't handed off."""
    (order,) = quick_house.approved("11")
    with quick_house.store.begin() as work:
        People(work).withdraw(quick_house.ann, None, quick_house.now)
    assert links(quick_house.run()) == []
    assert quick_house.states(order) == ["void"]


def test_a_link_that_was_shown_goes_with_the_right_to_approve(house: Any) -> None:
    """However the role went: the list, without credentials too, and the night drop it, and the card is back."""
    first, second = house.approved("11", "12")
    assert links(house.run()) == ["11", "12"]
    with house.store.begin() as work:
        People(work).withdraw(house.ann, None, house.now)
    house.x.following.add("12")
    assert links(house.run(ways=house.no_credentials)) == []
    assert house.states(first, second) == ["void", "void"]
    assert (house.card("11").state, house.card("11").note) == (
        "waiting",
        "The person who approved it isn't an approver any more.",
    )


@pytest.mark.parametrize("state", ["handed_off", "parked", "queued"])
def test_the_night_voids_what_a_lost_role_left_behind(quick_house: Any, state: str) -> None:
    """A backstop for roles that went in another way than by the command."""
    (order,) = quick_house.approved("11")
    with quick_house.store.begin() as work:
        if state != "queued":
            Orders(work).move(Orders(work).get(order), Step(to=OrderState(state), now=quick_house.now))
        People(work).withdraw(quick_house.ann, None, quick_house.now)
    quick_house.recheck()
    assert quick_house.states(order) == ["void"]


def test_never_follow_bars_an_order_that_stands(quick_house: Any) -> None:
    """Somebody put on the list after the approval isn't handed off."""
    (order,) = quick_house.approved("11")
    quick_house.under(Executor.HANDOFF, never_follow=("@Person_11",))
    assert links(quick_house.run()) == []
    assert quick_house.states(order) == ["void"]


def test_a_renamed_rival_isnt_handed_off(quick_house: Any) -> None:
    """The entry holds to whom it met, so the order is void whatever they are called when the list is opened."""
    from followguard.accounts.policy_in_force import hold_names
    from followguard.following.settle import rules_of

    (order,) = quick_house.approved("11")
    house = quick_house.under(Executor.HANDOFF, never_follow=("person_11",))
    with house.store.begin() as work:
        hold_names(work, house.account.id, house.settings.policy, house.now)
    desk = house.desk
    with house.store.begin() as work:
        assert rules_of(work, desk).never_follow == {"11"}
    assert [row.follower_id for row in house.run(dry_run=True).would] == []
    assert links(house.run()) == []
    assert house.states(order) == ["void"]
