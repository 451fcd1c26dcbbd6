"""How long a card takes, and whether the machine leads people: from decisions, and only from enough of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from followguard.accounts.store import Accounts
from followguard.domain.decision import Choice
from followguard.domain.labels import Kind, RejectReason
from followguard.review.decide import decide_item
from followguard.review.measures.anchoring import FEWEST, Seen, anchoring_of
from followguard.review.measures.measured import anchored, pace_of
from followguard.review.measures.pace import Pace, gaps_of, pace_from
from followguard.review.undo import undo
from followguard.testing import START
from tests.builders.reviewing import SPAM

GENUINE = Choice(kind=Kind.REJECT, reason=RejectReason.NOT_RELEVANT, real=True)


def test_pauses_and_decisions_of_one_moment_say_nothing() -> None:
    """Over five minutes is a pause, under half a second a batch; exactly five minutes still counts."""
    moments = [START + timedelta(seconds=s) for s in (0, 0.1, 10, 310, 611, 620)]
    assert gaps_of(moments) == pytest.approx([9.9, 300.0, 9.0])


def test_the_median_is_told_from_five_gaps_on() -> None:
    """One slow card doesn't move it; minutes are rounded, and unknown without a pace."""
    assert pace_from([8, 9, 10, 11]) == Pace(gaps=4)
    pace = pace_from([8, 9, 10, 11, 290])
    assert pace.seconds == 10
    assert pace.minutes_for(45) == 8
    assert Pace().minutes_for(45) is None


def test_a_gap_belongs_to_the_account_that_was_decided_about(house) -> None:
    """Each person for themselves, over all accounts; what came before `since` doesn't count."""
    house.read(*(str(n) for n in range(11, 19)))
    house.read("21", account="beta")
    house.night()
    house.night("beta")
    start = house.now
    for seconds, follower, by in (
        (0, "11", "Ada"), (2, "12", "Ben"), (10, "13", "Ada"), (20, "21", "Ada"), (32, "14", "Ada"), (62, "15", "Ben"),
        (70, "16", "Ben"), (79, "17", "Ben"),
    ):  # fmt: skip
        house.now = start + timedelta(seconds=seconds)
        house.decide(follower, SPAM, by)
    with house.store.begin() as work:
        ids = {row.handle: row.id for row in Accounts(work).all()}
        assert pace_of(work, [ids["acme"]], start) == Pace(gaps=5, seconds=10.0)
        assert pace_of(work, [ids["beta"]], start) == Pace(gaps=1)
        assert pace_of(work, [ids["acme"]], start + timedelta(seconds=60)) == Pace(gaps=2)


def test_too_few_cards_tell_nothing_about_anchoring() -> None:
    """Nineteen blind ones are too few, however many others there are."""
    found = anchoring_of([Seen(False, True)] * 500 + [Seen(True, True)] * (FEWEST - 1))
    assert (found.more, found.shown, found.blind) == (None, 500, 19)


def test_the_anchoring_meter_has_an_interval() -> None:
    """90 of 100 against 30 of 50: thirty points more, and surely more; the same shares: nothing to see."""
    led = anchoring_of(
        [Seen(False, True)] * 90 + [Seen(False, False)] * 10 + [Seen(True, True)] * 30 + [Seen(True, False)] * 20
    )
    assert led.more == pytest.approx(0.3)
    assert 0.1 < led.low < led.more < led.high < 0.5
    alike = anchoring_of([Seen(blind, agrees) for blind in (True, False) for agrees in [True] * 18 + [False] * 2])
    assert alike.more == 0.0
    assert alike.low < 0 < alike.high


def test_what_was_shown_blind_is_told_apart(house) -> None:
    """By the card as it was shown; an unsure card says nothing, what was taken back doesn't count."""
    house.p_spam = {"11": 0.99, "12": 0.99, "13": 0.01, "14": 0.5, "15": 0.99}
    house.read(*house.p_spam)
    house.night()
    for follower, choice, blind in (
        ("11", SPAM, True), ("12", GENUINE, True), ("13", GENUINE, False), ("14", SPAM, False), ("15", SPAM, True),
    ):  # fmt: skip
        item = house.card(follower).item
        with house.store.begin() as work:
            decide_item(work, house.hand(), item, replace(choice, blind=blind))
    undo(house.hand(), "15")
    with house.store.begin() as work:
        account = next(row.id for row in Accounts(work).all() if row.handle == "acme")
        found = anchored(work, account, START)
    assert (found.shown, found.shown_agree, found.blind, found.blind_agree) == (1, 1, 2, 1)
