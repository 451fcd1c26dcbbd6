"""Overruling a decision at any time: the label turns, following is barred, and a follow already made is listed."""

from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from followguard.accounts.store import People
from followguard.domain.labels import Kind, Label, RejectReason
from followguard.domain.order import OrderState
from followguard.domain.person import Person
from followguard.domain.policy import Executor
from followguard.errors import AlreadyDecided, FollowguardError, MissingRole, NothingToUndo, StoreFailed, UsageError
from followguard.followers.find_store import find_follower
from followguard.following.marking import mark_unfollowed
from followguard.following.store import Orders
from followguard.following.unfollow_store import Unfollows
from followguard.review.decide import Hand, decide
from followguard.review.overrule import Turn, overrule
from followguard.review.store import Decisions
from followguard.review.undo import undo
from followguard.store.tables import decisions, orders

SPAM = Turn(reason=RejectReason.SPAM)
REAL = Turn()


def hand(house: Any, by: str = "Ann") -> Hand:
    return Hand(store=house.store, accounts={"acme": house.settings}, by=by, now=house.now)


def listed(house: Any) -> list[tuple[str, bool]]:
    """Followers to unfollow, each with whether they surely are followed."""
    with house.store.begin() as work:
        return [(each.follower_id, each.certain) for each in Unfollows(work).open(house.account.id)]


def label(house: Any, follower_id: str) -> Label | None:
    """Label of the newest decision that stands."""
    item = house.card(follower_id).id
    with house.store.begin() as work:
        history = [each for each in Decisions(work).history(item) if each.stands]
    return history[-1].label if history else None


def a_person(house: Any, name: str, role: str) -> Person:
    with house.store.begin() as work:
        person = People(work).add(name, f"p-{name.lower()}", house.now)
        People(work).grant(person.id, role, None, None, house.now)
        return person  # type: ignore[no-any-return]


def test_an_order_that_waits_is_void_and_the_label_turns(house: Any) -> None:
    """Queued: nobody is followed, nobody is listed for unfollowing, and the card says rejected."""
    (order,) = house.approved("11")
    done = overrule(hand(house), "11", SPAM)
    assert (house.states(order), house.card("11").state, listed(house)) == (["void"], "rejected", [])
    assert (label(house, "11"), done.state, done.decision) == (Label.SPAM, "rejected", Kind.OVERRULE)
    assert "decision.overrule" in house.log_kinds()
    assert house.run().handed_off == []


def test_a_link_that_was_handed_out_is_void_and_perhaps_to_be_unfollowed(house: Any) -> None:
    """Nobody knows whether it was clicked, until X says."""
    (order,) = house.approved("11")
    house.run()
    overrule(hand(house), "11", SPAM)
    assert (house.states(order), listed(house)) == (["void"], [("11", False)])
    house.x.following.add("11")
    house.pass_time(days=1)
    house.recheck()
    assert listed(house) == [("11", True)]
    house.x.following.clear()
    house.pass_time(days=1)
    assert house.recheck().lookups == 1
    assert (listed(house), house.card("11").state) == ([], "rejected")
    house.pass_time(days=1)
    assert house.recheck().lookups == 0


def test_a_confirmed_follow_is_listed_until_a_person_says_it_is_undone(house: Any) -> None:
    """`follow-back` has it with the profile's address; the mark is logged and can't be given twice."""
    (order,) = house.approved("11")
    house.run()
    house.x.following.add("11")
    house.recheck()
    overrule(hand(house), "11", SPAM)
    (row,) = house.run().as_json()["unfollow"]
    assert (row["follower_id"], row["url"], row["certain"]) == ("11", "https://x.com/i/user/11", True)
    assert (house.states(order), house.card("11").state) == (["confirmed"], "rejected")
    with house.store.begin() as work:
        found = find_follower(work, "11", None, ["acme"])
        ann = People(work).by_name("Ann")
        mark_unfollowed(work, found, ann, house.now)
    assert (listed(house), house.log_kinds()[-1]) == ([], "unfollow.marked")
    with pytest.raises(AlreadyDecided), house.store.begin() as work:
        mark_unfollowed(work, found, ann, house.now)


def test_a_call_under_way_is_let_finish_and_never_tried_again(house: Any) -> None:
    """Overruled while X is being asked: what X did is listed; what came to nothing is void, not queued anew."""
    house.under(Executor.API)
    done, lost = house.approved("11", "12")
    house.x.before_follow = [lambda: overrule(hand(house), "11", SPAM) and None]
    house.run()
    assert (house.states(done), listed(house)) == (["sent"], [("11", True)]) or listed(house) == [("11", False)]
    with house.store.begin() as work:
        order = Orders(work).get(lost)
        assert order.state is OrderState.SENT
    house.x.following.discard("12")
    overrule(hand(house), "12", SPAM)
    house.pass_time(hours=2)
    house.recheck()
    assert house.states(done, lost) == ["confirmed", "void"]
    assert listed(house) == [("11", True)]


def test_a_rejection_overruled_comes_back_as_real_and_can_be_approved(house: Any) -> None:
    """Label genuine; the card waits with a note that says why; an approval makes an order."""
    house.add("11", state="rejected")
    house.decide("11", "reject", reason="spam")
    done = overrule(hand(house), "11", REAL)
    card = house.card("11")
    assert (card.state, label(house, "11"), done.state) == ("waiting", Label.GENUINE, "waiting")
    assert card.note.startswith("Ann overruled the rejection")
    from followguard.domain.decision import Choice

    decide(hand(house), "11", Choice(kind=Kind.APPROVE))
    assert [link.follower_id for link in house.run().handed_off] == ["11"]


def test_undo_takes_an_overrule_back(house: Any) -> None:
    """A confirmed follow is one again; a voided order stays void, so that card waits for a new approval."""
    house.approved("11", "12")
    house.run()
    house.x.following.add("11")
    house.recheck()
    for follower in ("11", "12"):
        overrule(hand(house), follower, SPAM)
        undo(hand(house), follower)
        assert label(house, follower) is Label.GENUINE
    assert [house.card(i).state for i in ("11", "12")] == ["closed", "waiting"]
    assert listed(house) == []


def test_overruling_an_overrule_turns_it_again_as_often_as_one_likes(house: Any) -> None:
    """Spam, real, spam: the list of follows to undo goes with it, also through an undo."""
    house.approved("11")
    house.run()
    house.x.following.add("11")
    house.recheck()
    overrule(hand(house), "11", SPAM)
    overrule(hand(house), "11", REAL)
    assert (label(house, "11"), house.card("11").state, listed(house)) == (Label.GENUINE, "closed", [])
    undo(hand(house), "11")
    assert (label(house, "11"), house.card("11").state, listed(house)) == (Label.SPAM, "rejected", [("11", True)])
    overrule(hand(house), "11", Turn(reason=RejectReason.COMPETITOR, real=True))
    assert (label(house, "11"), listed(house)) == (Label.GENUINE, [("11", True)])


def test_it_keeps_what_the_first_decision_was_made_on(house: Any) -> None:
    """How the card came to be shown, and its score, are those of the decision that is overruled."""
    house.add("11")
    house.decide("11", shown_because="audit", draw_probability=0.25)
    overrule(hand(house), "11", SPAM)
    with house.store.begin() as work:
        row = work.connection.execute(select(decisions).where(decisions.c.kind == "overrule")).one()
    assert (row.shown_because, row.draw_probability, row.reason) == ("audit", 0.25, "spam")


def test_what_cannot_be_overruled_is_refused(quick_house: Any) -> None:
    """No reason for an approval, nothing decided, the same again, no approver, a real spammer."""
    house = quick_house
    house.approved("11")
    house.add("12", state="waiting")
    a_person(house, "Rea", "reviewer")
    for who, follower, wish, error in (
        ("Ann", "11", REAL, UsageError),
        ("Ann", "12", SPAM, NothingToUndo),
        ("Rea", "11", SPAM, MissingRole),
        ("Ann", "11", Turn(reason=RejectReason.SPAM, real=True), UsageError),
    ):
        with pytest.raises(error):
            overrule(hand(house, who), follower, wish)
    overrule(hand(house), "11", SPAM)
    with pytest.raises(AlreadyDecided):
        overrule(hand(house), "11", SPAM)


def test_the_database_bars_what_was_overruled(house: Any) -> None:
    """No second order from that approval, no way back to the queue, no overrule without a word or about another."""
    (order,) = house.approved("11")
    house.approved("12")
    house.under(Executor.API)
    with house.store.begin() as work:
        work.connection.execute(update(orders).where(orders.c.id == order).values(state="sending"))
    overrule(hand(house), "11", SPAM)
    first = house.get(order)
    with pytest.raises((IntegrityError, StoreFailed)), house.store.begin() as work:
        work.connection.execute(update(orders).where(orders.c.id == order).values(state="queued"))
    with house.store.begin() as work:
        Orders(work).void(order, "over", house.now)
    with pytest.raises((IntegrityError, StoreFailed)), house.store.begin() as work:
        work.connection.execute(
            orders.insert().values(
                account_id=house.account.id, follower_id="11", decision_id=first.decision_id, decision_kind="approve",
                appearance_hash=first.appearance_hash, state="queued", created_at=house.now, due="2026-01-01",
                waited_seconds=0, updated_at=house.now,
            )
        )  # fmt: skip
    for wrong in ({}, {"overrules": first.decision_id}, {"overrules": first.decision_id, "reason": "spam"}):
        with pytest.raises((IntegrityError, StoreFailed)):
            house.decide("12", "overrule", **wrong)


def test_of_two_people_at_once_one_overrules(house: Any) -> None:
    """The other is told that it is done already; one row, one entry."""
    house.approved("11")
    a_person(house, "Bea", "approver")
    start, errors = Barrier(2), []

    def turn(by: str) -> None:
        start.wait()
        try:
            overrule(hand(house, by), "11", SPAM)
        except FollowguardError as error:
            errors.append(type(error))

    threads = [Thread(target=turn, args=(by,)) for by in ("Ann", "Bea")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, house.log_kinds().count("decision.overrule")) == ([AlreadyDecided], 1)
