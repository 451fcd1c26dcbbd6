"""The store of orders keeps its rules in the database, on both kinds of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from followguard.domain.order import Attempt, AttemptOutcome, OrderState, Step
from followguard.errors import AlreadyDecided, StoreFailed, UnknownFollower
from followguard.following.later_store import LaterCards
from followguard.following.store import Orders
from followguard.store.tables import decisions, orders


def moved(house: Any, order_id: int, to: OrderState, **step: Any) -> bool:
    with house.store.begin() as work:
        return bool(Orders(work).move(Orders(work).get(order_id), Step(to=to, now=house.now, **step)))


def test_an_approval_becomes_a_queued_order_with_its_card_and_a_log_entry(house: Any) -> None:
    """The order carries the card, the person and the look that were approved."""
    (order_id,) = house.approved("11")
    order = house.get(order_id)
    assert (order.state, order.follower_id, order.approved_by) == (OrderState.QUEUED, "11", house.ann)
    assert order.item_id == house.card("11").id
    assert order.appearance_hash == house.x.people["11"].appearance_hash()
    assert house.log_kinds() == ["order.queued"]


def test_no_order_without_a_decision(house: Any) -> None:
    """Invariant 1: a decision that isn't there can't make an order."""
    house.add("11")
    with pytest.raises(StoreFailed, match="breaks a rule"), house.store.begin() as work:
        Orders(work).create(house.account.id, "11", 999, "x" * 64, "2026-01-05", house.now)


@pytest.mark.parametrize(
    ("kind", "more"), [("reject", {"reason": "spam"}), ("later", {"until": "2026-02-01"}), ("propose", {})]
)
def test_no_order_from_a_decision_that_is_no_approval(house: Any, kind: str, more: dict[str, str]) -> None:
    """Invariant 1: a rejection, a put-off or a proposal can't make an order."""
    house.add("11")
    decision = house.decide("11", kind, **more)
    with pytest.raises(StoreFailed, match="breaks a rule"), house.store.begin() as work:
        Orders(work).create(house.account.id, "11", decision, "x" * 64, "2026-01-05", house.now)


def test_no_order_for_anybody_but_the_one_decided_about(house: Any) -> None:
    """Invariant 1: the approval of one follower can't be used for another, not even past our code."""
    house.add("11", "12")
    decision = house.decide("11")
    with pytest.raises(StoreFailed, match="breaks a rule"), house.store.begin() as work:
        Orders(work).create(house.account.id, "12", decision, "x" * 64, "2026-01-05", house.now)


def test_no_order_for_somebody_who_was_never_a_follower(house: Any) -> None:
    """Invariant 1: the database knows no order, and no decision, about a stranger."""
    house.add("11")
    row = {"item_id": house.card("11").id, "account_id": house.account.id, "follower_id": "77", "kind": "approve"}
    row |= {"person_id": house.ann, "at": house.now, "shown_hash": "x" * 64, "shown_because": "listed"}
    with pytest.raises(StoreFailed, match="breaks a rule"):
        house.insert(decisions, real_account=False, **row)


def test_a_rejection_cannot_be_passed_off_as_an_approval(house: Any) -> None:
    """Invariant 1: `decision_kind` is part of the foreign key, so it can't be lied about."""
    house.add("11")
    decision = house.decide("11", "reject", reason="spam")
    row = {"account_id": house.account.id, "follower_id": "11", "decision_id": decision, "appearance_hash": "x" * 64}
    row |= {"state": "queued", "created_at": house.now, "updated_at": house.now, "due": "2026-01-05"}
    for kind in ("reject", "approve"):
        with pytest.raises(StoreFailed, match="breaks a rule"):
            house.insert(orders, decision_kind=kind, **row)


def test_one_live_order_per_follower(house: Any) -> None:
    """A second order is refused with a next step, and by the database when our check is gone round."""
    house.approved("11")
    with pytest.raises(AlreadyDecided):
        house.order("11")
    decision = house.decide("11")
    row = {"account_id": house.account.id, "follower_id": "11", "decision_id": decision, "appearance_hash": "x" * 64}
    row |= {"state": "queued", "created_at": house.now, "updated_at": house.now, "due": "2026-01-05"}
    with pytest.raises(StoreFailed, match="breaks a rule"):
        house.insert(orders, decision_kind="approve", **row)


def test_an_ended_order_makes_room_for_a_new_approval(house: Any) -> None:
    """Void isn't for ever: the follower can be approved again."""
    (first,) = house.approved("11")
    with house.store.begin() as work:
        assert Orders(work).void(first, "They don't follow us any more.", house.now)
    house.set_card("11", state="approved")
    assert house.states(house.order("11")) == ["queued"]


def test_moves_outside_the_table_are_refused(house: Any) -> None:
    """A void order stays void, and a queued one can't skip to handed off twice."""
    (order_id,) = house.approved("11")
    with house.store.begin() as work:
        Orders(work).void(order_id, "undone", house.now)
    with pytest.raises(AlreadyDecided):
        moved(house, order_id, OrderState.SENDING)
    assert house.states(order_id) == ["void"]


def test_of_two_runs_only_one_takes_an_order(house: Any) -> None:
    """The move is a conditional update: the one that read earlier and comes later gets False, and writes nothing."""
    (order_id,) = house.approved("11")
    stale = house.get(order_id)
    attempt = Attempt(executor="api", outcome=AttemptOutcome.SENDING)
    step = Step(to=OrderState.SENDING, now=house.now, attempt=attempt)
    with house.store.begin() as work:
        assert Orders(work).move(stale, step)
    with house.store.begin() as work:
        assert not Orders(work).move(stale, step)
    assert house.outcomes(order_id) == ["sending"]


def test_void_brings_the_card_back_with_the_reason(house: Any) -> None:
    """The card waits again, today, shown, and says why."""
    (order_id,) = house.approved("11")
    house.set_card("11", held_back=True)
    house.pass_time(days=2)
    with house.store.begin() as work:
        assert Orders(work).void(order_id, "They left.", house.now)
        assert not Orders(work).void(order_id, "again", house.now)
    card = house.card("11")
    assert (card.state, card.note, card.due, card.held_back) == ("waiting", "They left.", "2026-01-07", False)


def test_void_needs_a_reason(house: Any) -> None:
    """The database refuses a void order that doesn't say why."""
    (order_id,) = house.approved("11")
    with pytest.raises(StoreFailed, match="breaks a rule"), house.store.begin() as work:
        work.connection.execute(update(orders).where(orders.c.id == order_id).values(state="void"))


def test_confirmed_closes_the_card(house: Any) -> None:
    """Nothing is left to decide."""
    (order_id,) = house.approved("11")
    assert moved(house, order_id, OrderState.CONFIRMED)
    assert (house.card("11").state, house.card("11").closed_why) == ("closed", "followed")


def test_a_card_that_was_decided_otherwise_is_left_alone(house: Any) -> None:
    """A late void doesn't overwrite what a person decided meanwhile."""
    (order_id,) = house.approved("11")
    house.set_card("11", state="rejected")
    with house.store.begin() as work:
        Orders(work).void(order_id, "They left.", house.now)
    assert house.card("11").state == "rejected"


def test_withdrawing_a_person_voids_only_what_was_not_followed_yet(house: Any) -> None:
    """Queued, parked and handed-off orders go and their cards come back; a call that was made stays."""
    queued, parked, handed_off, sent = house.approved("11", "12", "13", "14")
    moved(house, parked, OrderState.PARKED, why="three tries failed")
    moved(house, handed_off, OrderState.HANDED_OFF)
    moved(house, sent, OrderState.SENDING)
    moved(house, sent, OrderState.SENT)
    with house.store.begin() as work:
        assert Orders(work).void_unsent_of(house.ann, house.account.id + 1, "withdrawn", house.now) == 0
        assert Orders(work).void_unsent_of(house.ann, None, "withdrawn", house.now, "p-owner") == 3
    assert house.states(queued, parked, handed_off, sent) == ["void", "void", "void", "sent"]
    assert [house.card(i).note for i in ("11", "12", "13")] == ["withdrawn"] * 3


def test_places_in_the_pace_count_what_was_done_and_what_is_queued(house: Any) -> None:
    """Handed-off orders use today even when they go back; overdue ones take a place today."""
    first, second, third = house.approved("11", "12", "13")
    moved(house, first, OrderState.HANDED_OFF, attempt=Attempt(executor="handoff", outcome=AttemptOutcome.HANDED_OFF))
    skipped = Attempt(executor="person", outcome=AttemptOutcome.SKIPPED)
    moved(house, first, OrderState.QUEUED, attempt=skipped, due="2026-01-06")
    with house.store.begin() as work:
        assert Orders(work).taken(house.account.id, "2026-01-05") == {"2026-01-05": 3, "2026-01-06": 1}
        assert Orders(work).taken(house.account.id, "2026-01-06") == {"2026-01-06": 3}
        assert Orders(work).used(house.account.id, "2026-01-05") == 1
        assert Orders(work).counts(house.account.id) == {OrderState.QUEUED: 3}
    assert house.states(second, third) == ["queued", "queued"]


def test_failures_count_until_a_person_says_to_try_again(house: Any) -> None:
    """Two failures, a person's word, one failure: that makes one."""
    (order_id,) = house.approved("11")
    for outcome in (AttemptOutcome.FAILED, AttemptOutcome.LOST, AttemptOutcome.TRY_AGAIN, AttemptOutcome.NO_EFFECT):
        moved(house, order_id, OrderState.QUEUED, attempt=Attempt(executor="api", outcome=outcome))
    assert house.get(order_id).failures == 1


def test_waits_are_counted_across_holds(house: Any) -> None:
    """An order held for two hours, released, held again for one keeps three hours."""
    (order_id,) = house.approved("11")
    steps = (("hold", 2), ("release", 5), ("hold", 1), ("release", 0))
    for verb, hours in steps:
        with house.store.begin() as work:
            getattr(Orders(work), verb)(Orders(work).get(order_id), house.now)
        house.pass_time(hours=hours)
    order = house.get(order_id)
    assert order.waited_seconds == timedelta(hours=3).total_seconds()
    assert order.waiting_since is None


def test_an_unknown_order_is_refused_with_a_next_step(house: Any) -> None:
    """No row, no traceback."""
    with pytest.raises(UnknownFollower, match="no follow order 5"), house.store.begin() as work:
        Orders(work).get(5)


def test_put_off_cards_come_with_the_look_that_was_put_off(house: Any) -> None:
    """The newest "later" counts, and a card that isn't put off any more is left out."""
    house.add("11", "12", state="later")
    house.decide("11", "later", until="2026-02-01")
    house.decide("12", "later", until="2026-01-09")
    house.set_card("11", due="2026-02-01")
    house.set_card("12", due=None)
    with house.store.begin() as work:
        cards = LaterCards(work).open(house.account.id)
        assert [(card.follower_id, card.due) for card in cards] == [("12", "2026-01-09"), ("11", "2026-02-01")]
        assert cards[0].shown_hash == house.x.people["12"].appearance_hash()
        assert LaterCards(work).close(cards[0].item_id, "left", house.now)
        assert not LaterCards(work).bring_forward(cards[0].item_id, "note", house.now)
        assert len(LaterCards(work).open(house.account.id)) == 1
