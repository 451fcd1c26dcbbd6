"""The account's own probabilities: from 25 random decisions on, the same all day, on record, with exact reasons."""

from dataclasses import replace
from datetime import timedelta
from math import log
from typing import Any

import pytest

from followguard.accounts.store import Accounts
from followguard.classifier.scoring import Scorer
from followguard.domain.card import Card
from followguard.domain.units import day_of, start_of
from followguard.proof.rules import Against, prove
from followguard.replay.other_model import model_to_try
from followguard.review.card_list import ListFilter, list_cards
from followguard.review.undo import undo
from followguard.screening.recalibrate import UPDATE_ENTRY, OwnCalibration, note_calibration, own_calibration
from followguard.screening.sample_store import RandomSample
from followguard.screening.score import rescore_waiting
from tests.builders.reviewing import APPROVE, SPAM
from tests.builders.school import CONFIG, School, empty_school, person, school

__all__ = ["empty_school", "school"]
pytestmark = pytest.mark.usefixtures("random_sample")


def scorer_of(school: School) -> Scorer:
    """What scores acme at this school's time."""
    return school.workshop.load_scorer("acme", school.told.append)


def sample(school: School) -> list[Card]:
    """Drawn cards that wait."""
    settings = [school.workshop.installation.account("acme")]
    return [card for card in list_cards(school.store, settings, ListFilter(limit=0), school.now) if card.sample]


def mornings(school: School, many: int = 3) -> School:
    """Nights of forty, half of them spam to this company, and all of the sample decided each morning."""
    for _ in range(many):
        spam = {follower for follower, each in school.night(20, 20) if each}
        for card in sample(school):
            school.decide(card.follower_id, SPAM if card.follower_id in spam else APPROVE)
    school.now = start_of(day_of(school.now)) + timedelta(days=1, hours=3)
    return school


def update_of(school: School) -> OwnCalibration | None:
    """Today's update."""
    return own_calibration(
        school.store, school.workshop.installation.account("acme"), scorer_of(school).plain, school.now
    )


def test_twenty_five_answers_move_the_model(school: School) -> None:
    """Two mornings aren't enough; after the third it starts elsewhere, by another slope."""
    assert update_of(mornings(school, 2)) is None
    assert scorer_of(school).slope == 1.0
    mornings(school, 1)
    scorer, found = scorer_of(school), update_of(school)
    assert found is not None
    assert len(found.decisions) == 25
    assert scorer.base_logit == pytest.approx(scorer.plain.base_logit + found.intercept)
    assert scorer.slope == found.slope != 1.0


def test_reasons_stay_exact(school: School) -> None:
    """Weights add up to the logit above the new start; single, block and kept values give the same number."""
    scorer = scorer_of(mornings(school))
    people = [person(n, school.now, n % 2 == 0) for n in range(30)]
    verdicts = scorer.verdicts(people)
    for verdict in verdicts:
        p = min(max(verdict.p_spam, 1e-6), 1 - 1e-6)
        assert sum(each.weight for each in verdict.reasons) == pytest.approx(log(p / (1 - p)) - verdict.base_logit)
        assert (verdict.base_logit, verdict.slope) == (scorer.base_logit, scorer.slope)
    assert scorer.verdicts(people, [each.features for each in verdicts]) == verdicts
    assert [scorer.verdicts([one])[0].p_spam for one in people] == [each.p_spam for each in verdicts]
    plain = scorer.plain.verdicts(people)[3].reasons
    told = {each.code: each.weight for each in verdicts[3].reasons}
    shared = [each for each in plain if each.code in told and each.code != "other" and each.weight]
    assert shared
    assert all(told[each.code] == pytest.approx(scorer.slope * each.weight) for each in shared)


def test_today_changes_nothing_today(school: School) -> None:
    """What is decided or taken back counts from tomorrow on, so that a second run gives the first one's scores."""
    before = update_of(mornings(school))
    undo(replace_hand(school), None)
    assert update_of(school) == before
    school.now += timedelta(days=1)
    assert update_of(school) is None


def replace_hand(school: School) -> Any:
    """Ann, at this school's time."""
    from followguard.review.decide import Hand

    return Hand(store=school.store, accounts=school.workshop.installation.accounts, by="Ann", now=school.now)


def test_no_basis_no_update(school: School) -> None:
    """Under `training_basis = "none"` the sample ends and no decision moves a probability."""
    school.configure(CONFIG.replace("own-decisions", "none"))
    assert update_of(mornings(school)) is None
    assert scorer_of(school).slope == 1.0
    assert not any(card.provisional for card in sample(school))


def test_a_house_model_stays_as_it_is(school: School) -> None:
    """It has learned base rate and slope from decisions."""
    base = scorer_of(mornings(school)).plain
    house = Scorer(base.model, "house-1")
    settings = school.workshop.installation.account("acme")
    assert own_calibration(school.store, settings, house, school.now) is None


def test_waiting_cards_are_scored_again_once(school: School) -> None:
    """The night after the update every card that waits is scored by it; a second run scores none."""
    scorer = scorer_of(mornings(school))
    with school.store.begin() as work:
        account = Accounts(work).ensure("acme", school.now)
    settings = school.workshop.installation.account("acme")
    assert rescore_waiting(school.store, account, settings, scorer, school.now) == 95
    assert rescore_waiting(school.store, account, settings, scorer, school.now) == 0


def noted(school: School) -> int:
    """Puts today's update on record twice; returns how many entries of its kind there are."""
    found = update_of(school)
    for _ in range(2):
        with school.store.begin() as work:
            note_calibration(work, Accounts(work).ensure("acme", school.now), found, school.now)
    entries = [each for each in prove_entries(school) if each == UPDATE_ENTRY]
    return len(entries)


def prove_entries(school: School) -> list[str]:
    """The kinds of all entries."""
    from followguard.store.log import Log

    with school.store.begin() as work:
        return [entry.kind for entry in Log(work).entries()]


def test_the_update_is_on_record_once_and_proved(school: School) -> None:
    """The entry says which decisions it rests on, and gives the figures again."""
    assert noted(mornings(school)) == 1
    with school.store.begin() as work:
        told = RandomSample(work).newest_entry("acme", UPDATE_ENTRY)
    found = update_of(school)
    assert found is not None
    assert told == found.payload()
    assert [each for each in prove(school.store, Against()).findings if each.rule == "calibration"] == []


@pytest.mark.parametrize("wrong", [{"intercept": 3.0}, {"spam": (True,) * 25}], ids=["figures", "answers"])
def test_an_update_of_another_make_is_found(school: School, wrong: dict[str, Any]) -> None:
    """A program that writes figures its decisions don't come to, or takes an approval for spam."""
    found = update_of(mornings(school))
    assert found is not None
    with school.store.begin() as work:
        note_calibration(work, Accounts(work).ensure("acme", school.now), replace(found, **wrong), school.now)
    assert "calibration" in {each.rule for each in prove(school.store, Against()).findings}


def test_whatif_tries_the_base_model_as_it_serves(school: School) -> None:
    """The base model to try has the account's own start and slope."""
    scorer = scorer_of(mornings(school))
    here = school.workshop
    tried = model_to_try(here.installation, school.store, here.installation.account("acme"), "base")
    assert (tried.model.base_logit, tried.slope) == (scorer.base_logit, scorer.slope)
