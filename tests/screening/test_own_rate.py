"""The account's own share of spam, from stored scores: earlier days only, without batches, decisions or feedback."""

from dataclasses import replace
from datetime import timedelta
from math import log
from typing import Any

import pytest

from followguard.accounts.store import Accounts
from followguard.classifier.model import Model, Part
from followguard.classifier.scoring import Scorer
from followguard.classifier.tables import Tables
from followguard.screening.lookalikes import Lookalikes
from followguard.screening.score import at_own_rate
from followguard.screening.store import Scoring
from followguard.testing import made_up_profile

MANY = 320
ASSUMED = log(0.2 / 0.8)
TOMORROW = timedelta(days=1)
NOTHING = Part(Tables((), ()), 1.0, 1.0)


def base_model(name: str = "rule-1", *, rate_from_scores: bool = True) -> Scorer:
    """A model that starts from a fifth, under the name that the house's scores carry."""
    return Scorer(Model(NOTHING, NOTHING, 0, ASSUMED), name, rate_from_scores=rate_from_scores)


def scored(house: Any, p_spam: float) -> list[str]:
    """Followers of one night, all scored alike from even odds, on record."""
    ids = [str(1000 + number) for number in range(MANY)]
    house.p_spam = dict.fromkeys(ids, p_spam)
    house.read(*ids)
    house.policy(max_cards_per_day=500)
    house.night()
    return ids


def test_a_night_of_spam_raises_the_share_from_the_next_day_on(lite_house: Any) -> None:
    """Today's scores don't count, so that a run resumed after a crash scores alike; tomorrow they do, up to 40 %."""
    scored(lite_house, 0.97)
    plain = base_model()
    assert at_own_rate(lite_house.store, "acme", plain, lite_house.now) is plain
    moved = at_own_rate(lite_house.store, "acme", plain, lite_house.now + TOMORROW)
    assert moved.base_logit == pytest.approx(log(0.4 / 0.6))
    assert moved.name == plain.name
    assert at_own_rate(lite_house.store, "beta", plain, lite_house.now + TOMORROW) is plain


def test_an_ordinary_crowd_moves_nothing(lite_house: Any) -> None:
    """Scores that say of nobody that it is spam leave the share alone: it is never lowered."""
    scored(lite_house, 0.2)
    plain = base_model()
    assert at_own_rate(lite_house.store, "acme", plain, lite_house.now + TOMORROW) is plain


def test_scores_made_at_a_raised_share_count_as_if_it_hadnt_been_raised(lite_house: Any) -> None:
    """.5 from even odds is .2 from a fifth: a raised share doesn't raise itself."""
    scored(lite_house, 0.5)
    plain = base_model()
    assert at_own_rate(lite_house.store, "acme", plain, lite_house.now + TOMORROW) is plain


def test_other_models_and_models_with_a_share_of_their_own_stay(lite_house: Any) -> None:
    """Scores of another model don't count; a house model learned its share from decisions and keeps it."""
    scored(lite_house, 0.97)
    for scorer in (base_model("another"), base_model(rate_from_scores=False)):
        assert at_own_rate(lite_house.store, "acme", scorer, lite_house.now + TOMORROW) is scorer


def test_a_batch_of_look_alikes_moves_nothing(house: Any) -> None:
    """Bought followers are held apart: an attack must not change how everybody else is judged."""
    ids = scored(house, 0.97)
    found = Lookalikes(alike="made up", members=tuple(ids))
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
        batch = Scoring(work).add_batch(account.id, found, "2026-01-05", house.now)
        work.connection.exec_driver_sql(f"UPDATE items SET batch_id = {batch}")
    plain = base_model()
    assert at_own_rate(house.store, "acme", plain, house.now + TOMORROW) is plain


def test_a_follower_counts_once_by_the_newest_score(house: Any) -> None:
    """Two looks at a changed follower are one follower; the newest so many are asked about."""
    house.read("11", "12")
    house.night()
    house.next_day()
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
    house.see_again(changed(house, "11"))
    house.p_spam = {"11": 0.7}
    house.night()
    with house.store.begin() as work:
        after = house.now + TOMORROW
        assert [s.p_spam for s in Scoring(work).earlier(account.id, "rule-1", after, 10)] == [0.1, 0.7]
        assert [s.p_spam for s in Scoring(work).earlier(account.id, "rule-1", after, 1)] == [0.7]
        assert [s.p_spam for s in Scoring(work).earlier(account.id, "rule-1", house.now, 10)] == [0.1, 0.1]


def changed(house: Any, follower_id: str) -> Any:
    """The follower with another bio."""
    return replace(made_up_profile(follower_id, house.now), description="Now with ads")
