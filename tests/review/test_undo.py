"""Undo: to any depth, by whom it may, and only until the follow left the house."""

import pytest

from followguard.accounts.store import Accounts
from followguard.domain.order import OrderState, Step
from followguard.errors import AlreadyDecided, MissingRole, NothingToUndo
from followguard.following.store import Orders
from followguard.review.undo import undo
from tests.builders.reviewing import APPROVE, LATER, SPAM, order_of


def test_undo_goes_back_to_any_depth(ready) -> None:
    """Three decisions, three undos in reverse, then nothing is left; all six rows stay."""
    for name, choice in (("12", APPROVE), ("13", SPAM), (f"item:{ready.card('11').item}", LATER)):
        ready.decide(name, choice)
    ready.decide(f"item:{ready.card('11', 'beta').item}", SPAM, "Ben")
    assert [undo(ready.hand(), None).follower_id for _ in range(3)] == ["11", "13", "12"]
    with pytest.raises(NothingToUndo):
        undo(ready.hand(), None)
    assert ready.rows("SELECT count(*) FROM decisions") == [(7,)]
    assert order_of(ready, "12") is None
    assert [ready.card(i).state for i in ("11", "12", "13")] == ["waiting"] * 3
    assert ready.card("11").due == "2026-01-05"
    kinds = [kind for (kind,) in ready.rows("SELECT kind FROM log ORDER BY seq") if kind.startswith("decision.")]
    assert kinds == ["decision." + word for word in ("approve", "reject", "later", "reject", "undo", "undo", "undo")]


def test_undo_knows_a_person_by_any_spelling(ready) -> None:
    """A stray space decides and takes back as the same person."""
    ready.decide("12", SPAM, " Ada")
    assert undo(ready.hand("Ada "), None).follower_id == "12"


def test_undo_of_a_follower_takes_back_what_a_colleague_decided(ready) -> None:
    """A named follower's decision may be taken back by anybody with the role, and nobody without it."""
    ready.decide("12", APPROVE, "Ben")
    with pytest.raises(MissingRole):
        undo(ready.hand("Rea"), "12")
    assert undo(ready.hand("Ada"), "12").state == "waiting"
    with pytest.raises(NothingToUndo):
        undo(ready.hand("Ada"), "12")
    assert ready.decide("12", APPROVE).state == "approved"


@pytest.mark.parametrize(
    ("states", "says"),
    [
        (["handed_off"], "hand-off already"),
        (["sending"], "right now"),
        (["sending", "sent"], "followed already"),
        (["sending", "sent", "confirmed"], "followed already"),
    ],
)
def test_undo_comes_too_late_once_it_left_the_house(ready, states: list[str], says: str) -> None:
    """Handed off, sending, sent, confirmed: refused with the next step, and nothing is changed."""
    ready.decide("12", APPROVE)
    for state in states:
        with ready.store.begin() as work:
            account = Accounts(work).ensure("acme", ready.now)
            order = Orders(work).live_order(account.id, "12")
            assert Orders(work).move(order, Step(to=OrderState(state), now=ready.now))
    for name in ("12", None):
        with pytest.raises(AlreadyDecided, match=says):
            undo(ready.hand(), name)
    assert ready.rows("SELECT count(*) FROM decisions") == [(1,)]
    assert ready.card("12").state == ("closed" if states[-1] == "confirmed" else "approved")


def test_undo_of_an_approval_whose_order_lapsed(ready) -> None:
    """The order is void, the card waits again: undoing the old approval changes only the record."""
    ready.decide("12", APPROVE)
    with ready.store.begin() as work:
        Orders(work).void(order_of_in(work, ready, "12").id, "the profile changed", ready.now)
    assert ready.card("12").state == "waiting"
    assert undo(ready.hand(), "12").state == "waiting"


def order_of_in(work, house, follower_id: str):
    """The live order, inside a transaction."""
    return Orders(work).live_order(Accounts(work).ensure("acme", house.now).id, follower_id)


def test_an_old_approval_undone_leaves_the_new_one_alone(ready) -> None:
    """Ada's lapsed, Ben approved anew: Ada's undo doesn't touch Ben's order."""
    ready.decide("12", APPROVE, "Ada")
    with ready.store.begin() as work:
        Orders(work).void(order_of_in(work, ready, "12").id, "the profile changed", ready.now)
    ready.decide("12", APPROVE, "Ben")
    undo(ready.hand("Ada"), None)
    assert (ready.card("12").state, order_of(ready, "12").state) == ("approved", OrderState.QUEUED)
