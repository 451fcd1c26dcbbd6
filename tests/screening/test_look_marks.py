"""A look mark keeps a card from genuine everywhere, puts imitations first among the unsure, and holds nobody back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from followguard.classifier.features import schema_hash
from followguard.domain.card import ItemState
from followguard.domain.policy import Band, Cutoffs, HoldingBack, Says, WordList
from followguard.screening.plan import QueueRules, plan
from followguard.screening.score import rescore_waiting
from followguard.screening.store import Scoring
from followguard.testing import START, RuleScorer, made_up_profile
from followguard.words.imitation import Imitation
from followguard.words.reading import BUILT_IN, TextReader
from tests.builders.reviewing import House, ordinary
from tests.builders.undecided import CARD

WORDS = (WordList("resellers", ("reseller*",), Says.LOOK), WordList("tokens", ("tokenomics",), Says.SPAM))
READER = TextReader(WORDS, Imitation(["acme"], ["Contoso"]))
SCAM = {"description": "send 1 BTC get 2 back"}
SCORED = replace(CARD, earlier_score_id=1, earlier_p_spam=0.02)


def rules(house: House, **keys: Any) -> QueueRules:
    policy = replace(house.settings["acme"].policy, **keys)
    return QueueRules(account="acme", policy=policy, today="2026-01-05", seed=1, may_hold=frozenset({"m"}))


@pytest.mark.parametrize(
    ("p_spam", "look", "band"),
    [
        (0.0, False, Band.GENUINE),
        (0.0, True, Band.UNSURE),
        (0.15, True, Band.UNSURE),
        (0.949, True, Band.UNSURE),
        (0.95, True, Band.SPAM),
    ],
)
def test_a_mark_lifts_genuine_to_unsure_and_nothing_else(p_spam: float, look: bool, band: Band) -> None:
    """Spam stays spam, for a mark takes nobody out of it and puts nobody into it."""
    assert Cutoffs(unsure_from=0.15, spam_from=0.95).band_of(p_spam, look=look) is band


def test_marked_cards_stand_with_the_unsure_and_imitations_first(house: House) -> None:
    """The list: genuine, then the unsure with imitations before all of them, then spam."""
    house.words = READER
    house.p_spam = {"1": 0.5, "2": 0.01, "3": 0.01, "4": 0.01, "5": 0.97}
    look_alike = ordinary("300", house.now)
    house.read(
        ordinary("1", house.now),
        replace(look_alike, id="2", username="c0ntoso_help", name="Help"),
        replace(look_alike, id="3", username="lucky_sam", **SCAM),
        replace(ordinary("444", house.now), id="4"),
        replace(ordinary("555", house.now), id="5"),
    )
    house.night()
    cards = house.cards()
    assert [card.follower_id for card in cards] == ["4", "2", "3", "1", "5"]
    assert [card.band for card in cards] == [Band.GENUINE, Band.UNSURE, Band.UNSURE, Band.UNSURE, Band.SPAM]
    row = cards[1].as_row(house.now)
    assert row["band"] == "unsure"
    assert [mark["code"] for mark in row["look"]] == ["imitates_us"]
    assert row["p_spam"] == 0.01


def test_the_desk_of_a_day_takes_imitations_before_other_unsure_ones(house: House) -> None:
    """Where more came than the desk shows, an imitation isn't among those that wait."""
    cards = [replace(SCORED, item=n, follower_id=str(n), p_spam=0.2) for n in range(1, 5)]
    cards.append(replace(SCORED, item=5, follower_id="5", p_spam=0.3, look=True, imitates=True))
    placed = {each.item: each.due for each in plan(cards, rules(house, max_cards_per_day=1))}
    assert placed[5] == "2026-01-05"
    assert sorted(due for item, due in placed.items() if item != 5 and due) == [f"2026-01-0{n}" for n in (6, 7, 8, 9)]


def test_a_mark_holds_nobody_back(house: House) -> None:
    """Only the score does: a marked card below the cutoff stays on the desk, one above it is held as before."""
    marked = replace(SCORED, look=True, imitates=True)
    sure = replace(marked, item=2, follower_id="2", p_spam=0.99)
    placed = plan([marked, sure], rules(house, holding_back=HoldingBack.ON, audit_cards_per_day=0))
    assert {each.item: each.held_back for each in placed} == {1: False, 2: True}


def test_a_new_mark_brings_a_put_off_card_back(house: House) -> None:
    """It looked genuine when it was put off, and is unsure now; a mark that it had before brings nothing."""
    off = replace(SCORED, state=ItemState.LATER, due="2026-02-01", touched=True)
    news, old = replace(off, look=True), replace(off, item=2, follower_id="2", look=True, earlier_look=True)
    placed = {each.item: each for each in plan([news, old], rules(house))}
    assert placed[1].due == "2026-01-05"
    assert "looks unsure now" in (placed[1].note or "")
    assert placed[2].due == "2026-02-01"


def test_words_of_the_company_move_the_stored_score(house: House) -> None:
    """The reason names the list, and the weights add up to the score that is stored."""
    house.words = READER
    house.read(replace(ordinary("777", house.now), description="All about tokenomics"))
    house.night()
    card = house.card("777")
    assert card.p_spam == pytest.approx(0.1 * 2.0137527 / (0.9 + 0.1 * 2.0137527))
    assert [reason.code for reason in card.reasons if reason.weight > 0] == ["own_words:tokens"]


def test_words_dont_count_for_the_share_of_spam(house: House) -> None:
    """Scores of earlier days that the share is estimated from are the model's own."""
    house.words = READER
    house.read(replace(ordinary("777", house.now), description="All about tokenomics"))
    house.night()
    with house.store.begin() as work:
        found = Scoring(work).earlier(work_account(work).id, "rule-1", house.now + timedelta(days=1), 10)
    assert [each.p_spam for each in found] == [pytest.approx(0.1)]


def test_a_cleared_text_keeps_its_marks_under_another_model(house: House) -> None:
    """What words said stays on the card when a new model scores it from its feature values."""
    house.words = READER
    house.read(replace(ordinary("888", house.now), description="tokenomics reseller", name="Contoso"))
    house.night()
    before = house.card("888")
    with house.store.begin() as work:
        work.connection.exec_driver_sql(
            "UPDATE snapshots SET name = NULL, username = NULL, description = NULL, text_cleared_at = observed_at"
        )
        work.connection.exec_driver_sql(f"UPDATE scores SET feature_schema = '{schema_hash()}'")
        account = work_account(work)
    scorer = KeptScorer(lambda _: 0.01, "rule-2")
    assert rescore_waiting(house.store, account, house.settings["acme"], scorer, house.now, READER) == 1
    house.night()
    after = house.card("888")
    assert after.model == "rule-2"
    assert after.band is Band.UNSURE
    assert after.look == before.look
    assert [r.code for r in after.reasons if r.code.startswith("own_words")] == [
        "own_words:resellers",
        "own_words:tokens",
    ]
    assert after.p_spam == pytest.approx(0.01 * 2.0137527 / (0.99 + 0.01 * 2.0137527))


def test_new_words_reach_cards_that_wait(house: House) -> None:
    """Another list, or another own name, scores them again, once; a card keeps its model."""
    house.read(replace(ordinary("999", house.now), name="Contoso", description="tokenomics"))
    house.night()
    assert house.card("999").look == ()
    with house.store.begin() as work:
        work.connection.exec_driver_sql(f"UPDATE scores SET feature_schema = '{schema_hash()}'")
        account = work_account(work)
    scorer = KeptScorer(lambda _: 0.1, "rule-1")
    for words, number in ((BUILT_IN, 0), (READER, 1), (READER, 0)):
        assert rescore_waiting(house.store, account, house.settings["acme"], scorer, house.now, words) == number
        with house.store.begin() as work:
            work.connection.exec_driver_sql(f"UPDATE scores SET feature_schema = '{schema_hash()}'")
    house.words = READER
    house.night()
    assert [mark.code for mark in house.card("999").look] == ["imitates_us"]
    assert house.card("999").model == "rule-1"


class KeptScorer(RuleScorer):
    """Scores from what was kept, too."""

    def verdicts(self, profiles: Any, values: Any = None) -> Any:
        return super().verdicts(profiles)


def work_account(work: Any) -> Any:
    from followguard.accounts.store import Accounts

    return Accounts(work).ensure("acme", START)


def test_nobody_without_text_is_marked() -> None:
    """A profile that shows nothing gives no reading."""
    bare = replace(made_up_profile("1"), name=None, username=None, description=None, url=None)
    assert READER.read(bare).look == ()
