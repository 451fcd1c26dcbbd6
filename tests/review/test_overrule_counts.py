"""Counts of decisions include overrules: for holding back, for the desk's day, and against a newer undo."""

from typing import Any

from followguard.accounts.store import Accounts
from followguard.domain.labels import Kind, Label, RejectReason
from followguard.review.overrule import Turn, overrule
from followguard.review.undo import undo
from followguard.screening.holding_back import earned
from followguard.screening.queue_store import Queue


def test_holding_back_is_earned_by_the_newest_word(house: Any) -> None:
    """A card rejected as spam and overruled as real is a wrong hold; taken back it is none; on either database."""
    house.p_spam = {"101": 0.99}
    house.read("101")
    house.night()
    house.decide("101")
    counts = []
    for turn in (None, lambda: overrule(house.hand("Ada"), "101", Turn()), lambda: undo(house.hand("Ada"), "101")):
        if turn is not None:
            turn()
        with house.store.begin() as work:
            (evidence,) = Queue(work).evidence(Accounts(work).ensure("acme", house.now).id)
        so_far = earned([evidence], house.settings["acme"].policy, "rule-1")
        counts.append((evidence.label, so_far.decided, so_far.wrong, evidence.p_spam))
    assert counts == [(Label.SPAM, 1, 0, 0.99), (Label.GENUINE, 1, 1, 0.99), (Label.SPAM, 1, 0, 0.99)]


def test_an_overrule_takes_no_place_on_the_desk_of_its_day(house: Any) -> None:
    """It wasn't one of the day's cards: tomorrow's share is as large as ever; the card that comes back is shown."""
    house.read("101", "102")
    house.night()
    house.decide("101")
    house.next_day()
    overrule(house.hand("Ada"), "101", Turn(reason=RejectReason.COMPETITOR))
    with house.store.begin() as work:
        assert Queue(work).shown_on(Accounts(work).ensure("acme", house.now).id, house.now.date().isoformat()) == 0
    overrule(house.hand("Ada"), "101", Turn())
    assert set(house.ids()) == {"101", "102"}
    house.next_day()
    house.night()
    assert "101" in house.ids()


def test_the_last_decision_of_a_person_may_be_an_overrule(house: Any) -> None:
    """`undo` without a follower takes back the overrule first, then what was decided before."""
    house.read("101")
    house.night()
    house.decide("101", by="Ada")
    overrule(house.hand("Ada"), "101", Turn())
    kinds = []
    for _ in range(2):
        undone = undo(house.hand("Ada"), None)
        kinds.append((undone.decision, house.card("101").state.value))
    assert kinds == [(Kind.UNDO, "rejected"), (Kind.UNDO, "waiting")]


def test_one_who_left_comes_back_to_the_desk_when_overruled(house: Any) -> None:
    """A follower who is gone keeps the card with its note, and can't be approved: that is said."""
    house.read("101")
    house.night()
    house.decide("101")
    house.leaves("101")
    overrule(house.hand("Ada"), "101", Turn())
    house.next_day()
    house.night()
    card = house.card("101")
    assert (card.state.value, "overruled the rejection" in (card.note or "")) == ("waiting", True)
