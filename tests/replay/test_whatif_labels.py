"""Decisions that `whatif` sets beside its expectations."""

from typing import Any

from followguard.domain.decision import Choice
from followguard.domain.labels import Kind, RejectReason
from followguard.replay.settings import Others, replay_account
from followguard.review.undo import undo

COMPETITOR = Choice(kind=Kind.REJECT, reason=RejectReason.COMPETITOR)


def test_decisions_that_stand_are_counted_by_what_they_say(lite_house: Any) -> None:
    """Four who would be hidden: one rejected as spam, one approved, a competitor, and one taken back again."""
    names = ["101", "102", "103", "104"]
    lite_house.p_spam = dict.fromkeys(names, 0.99)
    lite_house.read(*names)
    lite_house.night()
    lite_house.decide("101")
    lite_house.decide("102", Choice(kind=Kind.APPROVE))
    lite_house.decide("103", COMPETITOR)
    lite_house.decide("104")
    undo(lite_house.hand(), "104")
    (row,) = replay_account(lite_house.store, lite_house.settings["acme"], Others(), 0).policies
    assert (row.outcome.held_back, row.outcome.decided_held, row.outcome.real_held) == (4, 2, 1)
