"""Marks that a person sets on the hand-off list: followed, could-not, skip."""

from typing import Any

import pytest

from followguard.domain.policy import Executor
from followguard.following.marking import MarkedAs, live_order_of, mark
from tests.builders.following import links


def said(house: Any, follower_id: str, what: MarkedAs) -> str:
    with house.store.begin() as work:
        order = live_order_of(work, house.account.id, follower_id)
        return str(mark(work, order, what, house.settings.policy, "p-ann", house.now).order.state.value)


def test_followed_waits_for_x_to_show_it(house: Any) -> None:
    """A person's word makes it `sent`; the link is gone; X's word confirms it."""
    (order,) = house.approved("11")
    house.run()
    assert said(house, "11", MarkedAs.FOLLOWED) == "sent"
    assert links(house.run()) == []
    house.x.following.add("11")
    assert house.recheck().confirmed == 1
    assert house.states(order) == ["confirmed"]


def test_followed_without_the_list_is_believed_too(quick_house: Any) -> None:
    """A person who followed on the profile page says so; it takes a place in the day."""
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=1).approved("11", "12")
    said(quick_house, "12", MarkedAs.FOLLOWED)
    assert links(quick_house.run()) == []


def test_could_not_brings_the_card_back(quick_house: Any) -> None:
    """The card comes back as a question, with what happened."""
    (order,) = quick_house.approved("11")
    quick_house.run()
    assert said(quick_house, "11", MarkedAs.COULD_NOT) == "void"
    assert (quick_house.card("11").state, quick_house.states(order)) == ("waiting", ["void"])
    assert "could not follow" in quick_house.card("11").note


def test_skip_puts_it_off_to_the_next_day_with_room(quick_house: Any) -> None:
    """It leaves the list, and is a new hand-off on that day."""
    first, _ = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=1).approved("11", "12")
    quick_house.run()
    assert said(quick_house, "11", MarkedAs.SKIP) == "queued"
    assert quick_house.get(first).due == "2026-01-07"
    assert links(quick_house.run()) == []
    quick_house.pass_time(days=2)
    assert links(quick_house.run()) == ["12"]


def test_an_order_that_is_done_cannot_be_marked(quick_house: Any) -> None:
    """A mark twice, or about nobody, is refused with the next step."""
    from followguard.errors import AlreadyDecided

    quick_house.approved("11")
    quick_house.run()
    said(quick_house, "11", MarkedAs.FOLLOWED)
    with pytest.raises(AlreadyDecided, match="is sent"):
        said(quick_house, "11", MarkedAs.FOLLOWED)
    quick_house.x.following.add("11")
    quick_house.recheck()
    with pytest.raises(AlreadyDecided, match="no open follow order"):
        said(quick_house, "11", MarkedAs.SKIP)
