"""The queue on real databases: cards opened, closed, reopened, placed; holding back earned and lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from followguard.domain.card import ItemState
from followguard.domain.decision import Choice
from followguard.domain.labels import Kind
from followguard.domain.policy import Band, HoldingBack
from followguard.review.decide import decide_each
from followguard.review.undo import undo
from followguard.screening.blind_test import BlindAnswer
from followguard.testing import START, made_up_profile
from tests.builders.blind import blind_test
from tests.builders.reviewing import SPAM

NUMBERS = [str(n) for n in range(100, 170)]


def test_everybody_gets_one_card_and_a_second_run_changes_nothing(house) -> None:
    """Seventy new followers: sixty listed, ten tomorrow, each once; the same again the same day."""
    house.read(*NUMBERS)
    first = house.night()
    assert (first.listed, first.waiting, first.held_back, first.audit, first.batches) == (60, 10, 0, 0, 0)
    before = house.rows("SELECT * FROM items ORDER BY id")
    assert house.night() == first
    assert house.rows("SELECT * FROM items ORDER BY id") == before
    assert sorted(house.ids(everything=True, limit=0)) == NUMBERS
    assert {card.due for card in house.cards(everything=True)} == {"2026-01-05", "2026-01-06"}


def test_cards_decided_today_count_against_today(house) -> None:
    """Twenty decided: the second run of the day lists forty, the next day sixty less those that are gone."""
    house.read(*NUMBERS)
    house.night()
    assert len(decide_each(house.hand(), house.ids()[:20], SPAM)) == 20
    assert house.night().listed == 40
    undo(house.hand(), None)
    assert house.night().listed == 41
    house.next_day()
    assert house.night().listed == 51


@pytest.mark.parametrize("word", ["following", "follow_request_sent", "blocking", "muting"])
def test_whom_we_know_already_gets_no_card(house, word: str) -> None:
    """Closed with X's word for it from the first night on, or when it comes to be so."""
    known = replace(made_up_profile("11"), connection=frozenset({"followed_by", word}))
    house.read(known, "12")
    assert house.night().listed == 1
    assert (house.card("11").state, house.card("11").closed_why) == (ItemState.CLOSED, word)
    house.see_again(replace(known, id="12"))
    assert house.night().listed == 0


def test_never_follow_closes_and_opens_with_the_configuration(house) -> None:
    """Listed: closed. Taken off the list: a card again."""
    house.read("11")
    house.policy(never_follow=("@Person_11",))
    assert house.night().listed == 0
    assert house.card("11").closed_why == "never_follow"
    house.policy(never_follow=())
    assert house.night().listed == 1
    assert house.card("11").closed_why is None


def test_who_leaves_loses_the_card_and_who_returns_gets_it_back(house) -> None:
    """Waiting, then closed because they left, then waiting again; a put-off card comes back put off."""
    house.read("11", "12", "13")
    house.night()
    house.decide("12", Choice(kind=Kind.LATER, until="2026-02-01"))
    house.decide("13")
    house.leaves("11", "12", "13")
    house.next_day()
    house.night()
    assert {i: house.card(i).closed_why for i in ("11", "12")} == {"11": "left", "12": "left"}
    house.next_day()
    for follower_id in ("11", "12", "13"):
        house.see_again(made_up_profile(follower_id, house.now), in_list=True)
    house.night()
    assert [house.card(i).state for i in ("11", "12", "13")] == ["waiting", "later", "rejected"]
    assert (house.card("11").due, house.card("12").due) == ("2026-01-07", "2026-02-01")
    assert house.card("11").returned_at == house.now


def test_an_unscorable_follower_gets_a_card_that_says_so(house) -> None:
    """No score is no reason to lose anybody: unsure, without p_spam, with the error on the card."""
    house.read("11")
    house.p_spam["11"] = float("nan")
    assert house.night().listed == 1
    card = house.card("11")
    assert (card.band, card.p_spam, card.parked) == (Band.UNSURE, None, "ValueError: follower 11 scored nan")
    house.p_spam["11"] = 0.01
    house.night()
    assert (house.card("11").band, house.card("11").parked) == (Band.GENUINE, None)


def test_nothing_is_held_back_before_it_is_earned(house) -> None:
    """Invariant 7: sixty decided as spam earn it, 59 don't; one real person takes it away again."""
    house.policy(max_cards_per_day=500)
    house.p_spam = dict.fromkeys(NUMBERS, 0.99)
    house.read(*NUMBERS)
    assert house.night().held_back == 0
    blind_test(house.store, "acme", "rule-1", house.now)
    decide_each(house.hand(), NUMBERS[:59], SPAM)
    assert house.night().held_back == 0
    house.decide(NUMBERS[59])
    counts = house.night()
    assert (counts.held_back, counts.audit, counts.listed) == (7, 3, 3)
    audited = [card for card in house.cards() if card.audit]
    assert [card.audit_probability for card in audited] == [0.3] * 3
    house.decide(audited[0].follower_id, Choice(kind=Kind.APPROVE))
    counts = house.night()
    assert (counts.held_back, counts.audit, counts.listed) == (0, 0, 9)


def test_nothing_is_held_back_before_a_blind_test(house) -> None:
    """Sixty decisions without a mistake don't do it alone; a test that was passed does, one that wasn't ends it."""
    house.policy(max_cards_per_day=500)
    house.p_spam = dict.fromkeys(NUMBERS, 0.99)
    house.read(*NUMBERS)
    house.night()
    decide_each(house.hand(), NUMBERS[:60], SPAM)
    assert house.night().held_back == 0
    blind_test(house.store, "acme", "rule-1", house.now, answers={NUMBERS[0]: BlindAnswer.REAL})
    assert house.night().held_back == 0
    blind_test(house.store, "acme", "rule-1", house.now, by="Ben")
    assert house.night().held_back == 7
    blind_test(house.store, "acme", "rule-1", house.now, by="Ben", answers={NUMBERS[3]: BlindAnswer.REAL})
    assert house.night().held_back == 0


def test_another_model_has_earned_nothing(house) -> None:
    """Sixty decisions about yesterday's model say nothing about today's."""
    house.policy(max_cards_per_day=500)
    house.p_spam = dict.fromkeys([*NUMBERS, "500", "501"], 0.99)
    house.read(*NUMBERS[:60])
    house.night()
    decide_each(house.hand(), NUMBERS[:60], SPAM)
    blind_test(house.store, "acme", "rule-1", house.now)
    house.read("500")
    assert house.night().audit == 1
    house.model = "rule-2"
    house.next_day()
    house.read("501")
    house.night()
    assert not house.card("501").held_back
    assert house.card("500").held_back


def test_an_undone_decision_earns_nothing(house) -> None:
    """The sixtieth decision is taken back: nothing is held back."""
    house.p_spam = dict.fromkeys(NUMBERS, 0.99)
    house.policy(max_cards_per_day=500)
    house.read(*NUMBERS)
    house.night()
    decide_each(house.hand(), NUMBERS[:60], SPAM)
    undo(house.hand(), None)
    assert house.night().held_back == 0


def test_held_back_is_not_rejected(house) -> None:
    """Hidden cards wait: the list shows them when asked, nobody decided them, and a person can."""
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=0)
    house.p_spam = {"11": 0.99}
    house.read("11", "12")
    assert house.night().held_back == 1
    assert house.ids() == ["12"]
    assert house.ids(held_back=True) == ["12", "11"]
    assert house.rows("SELECT count(*) FROM decisions") == [(0,)]
    house.decide("11", Choice(kind=Kind.APPROVE))
    assert house.rows("SELECT shown_because FROM decisions") == [("asked",)]
    undo(house.hand(), "11")
    house.night()
    assert set(house.ids()) == {"11", "12"}, "a person has looked at it: no machine hides it again"


def test_an_audited_decision_keeps_its_draw_probability(house) -> None:
    """The draw's probability goes onto the decision, for the weights of learning."""
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=1)
    house.p_spam = dict.fromkeys(("11", "12", "13", "14"), 0.99)
    house.read("11", "12", "13", "14")
    house.night()
    (audited,) = house.cards()
    house.decide(audited.follower_id)
    assert house.rows("SELECT shown_because, draw_probability FROM decisions") == [("audit", 0.25)]
    assert house.night().audit == 0, "today's draw is decided; nobody else is drawn today"
    house.next_day()
    assert house.night().audit == 1


def test_lack_of_data_is_no_reason_to_hide(house) -> None:
    """Protected, empty and brand-new profiles are shown however high they score."""
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=0)
    full = made_up_profile("11")
    house.read(
        full,
        replace(full, id="12", protected=True),
        replace(full, id="13", description="", url=None, tweet_count=0),
        replace(full, id="14", created_at=START - timedelta(days=2)),
    )
    house.p_spam = dict.fromkeys(("11", "12", "13", "14"), 0.999)
    assert house.night().held_back == 1
    assert house.card("11").held_back


def attack(size: int, first: int = 5_000) -> list:
    """Accounts that one script made in one week."""
    return [
        replace(
            made_up_profile(str(first + n)),
            username=f"Nora{87_210_334 + 7 * n}",
            description="",
            created_at=START - timedelta(days=44 - n % 5, seconds=n),
            followers_count=n % 4,
            following_count=190 + n % 30,
            tweet_count=n % 3,
            profile_image_url="https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        )
        for n in range(size)
    ]


def test_look_alikes_become_a_block_behind_the_ordinary_cards(house) -> None:
    """Twenty-five made by one script are one batch, listed after everybody else, and say what they share."""
    house.policy(max_cards_per_day=10)
    house.read(*attack(25), *NUMBERS[:8])
    counts = house.night()
    assert (counts.batches, counts.listed, counts.waiting) == (1, 10, 23)
    shown = house.cards()
    assert sorted(card.follower_id for card in shown if card.batch is None) == NUMBERS[:8]
    (batch,) = {card.batch for card in house.cards(everything=True) if card.batch is not None}
    assert len(house.cards(batch=batch)) == 25
    assert shown[-1].batch_size == 25 or shown[0].batch_size == 25
    assert "no picture" in next(card.batch_alike for card in shown if card.batch == batch)
    assert house.night() == counts


def test_a_batch_is_more_than_lack_of_data(house) -> None:
    """Empty profiles that arrive as look-alikes may be held back."""
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=0)
    profiles = attack(25)
    house.p_spam = {profile.id: 0.99 for profile in profiles}
    house.read(*profiles)
    assert house.night().held_back == 25


def test_the_list_has_the_order_of_the_design(house) -> None:
    """Put-off due, genuine, unsure, then audited; each by p_spam, then id; all accounts together."""
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=1)
    house.p_spam = {"11": 0.5, "12": 0.1, "13": 0.1, "9": 0.1, "14": 0.99, "15": 0.05, "21": 0.02}
    house.read("11", "12", "13", "9", "14", "15")
    house.read("21", account="beta")
    house.night()
    house.decide("13", Choice(kind=Kind.LATER, until="2026-01-06"))
    house.next_day()
    house.night()
    house.night("beta")
    assert house.ids() == ["13", "21", "15", "9", "12", "11", "14"]


def test_filters_of_the_list(house) -> None:
    """Band, state, all, limit; what is held back only when asked for."""
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=0)
    house.p_spam = {"11": 0.5, "12": 0.01, "13": 0.99, "14": 0.02}
    house.read("11", "12", "13", "14")
    house.night()
    house.decide("14")
    assert house.ids(band=Band.UNSURE) == ["11"]
    assert house.ids(state=ItemState.REJECTED) == ["14"]
    assert house.ids(state=ItemState.WAITING) == ["12", "11"]
    assert house.ids(everything=True) == ["12", "14", "11", "13"]
    assert house.ids(limit=1) == ["12"]
