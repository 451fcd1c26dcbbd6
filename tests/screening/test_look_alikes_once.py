"""Look-alikes are searched for once, among all who came, wherever a night breaks off."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from followguard.domain.follower import Profile
from followguard.domain.policy import Policy
from followguard.screening.queue import batch_account, plan_account, queue_account
from followguard.screening.queue_store import Queue
from followguard.screening.score import score_account
from followguard.testing import START, RuleScorer, made_up_profile, record_followers


def two_weeks_alike() -> list[Profile]:
    """Forty of one look made in one week, and eight more two weeks later, who stand out only without the forty."""
    made = [START - timedelta(days=400, hours=n) for n in range(40)]
    made += [START - timedelta(days=380, hours=n) for n in range(8)]
    others = [START - timedelta(days=700 + 40 * n) for n in range(30)]
    alike = [replace(made_up_profile(str(1_000 + n)), created_at=at, description="") for n, at in enumerate(made)]
    return alike + [
        replace(made_up_profile(str(2_000 + n)), created_at=at, description="") for n, at in enumerate(others)
    ]


@pytest.fixture
def scored(store: Any) -> Any:
    """The account after a night that has read and scored its followers, and no more."""
    account = record_followers(store, "acme", two_weeks_alike(), START)
    score_account(store, account, Policy(), RuleScorer(lambda _: 0.2), START)
    return account


def batches(store: Any) -> list[int]:
    """The sizes of the batches on cards."""
    with store.begin() as work:
        found = Counter(card.batch for card in Queue(work).undecided(1, START) if card.batch is not None)
    return sorted(found.values())


def test_killed_between_the_look_alikes_and_the_queue(store: Any, scored: Any) -> None:
    """The next run doesn't search the leftovers for look-alikes of their own."""
    assert batch_account(store, scored, Policy(), START) == 1
    assert batch_account(store, scored, Policy(), START) == 0
    assert queue_account(store, scored, Policy(), START, 0).batches == 1
    assert batches(store) == [40]


def test_a_card_by_day_doesn_t_spoil_a_batch(store: Any, scored: Any) -> None:
    """Killed before the look-alikes were found, and by day a retrained model plans anew: nobody gets a card by that."""
    assert plan_account(store, scored, Policy(), START, 0).listed == 0
    assert batch_account(store, scored, Policy(), START) == 1
    assert batches(store) == [40]


def test_nobody_is_searched_for_look_alikes_before_they_are_scored(store: Any) -> None:
    """A follower who isn't scored yet gets no card, and so isn't used up for a batch either."""
    account = record_followers(store, "acme", two_weeks_alike(), START)
    assert batch_account(store, account, Policy(), START) == 0
    score_account(store, account, Policy(), RuleScorer(lambda _: 0.2), START)
    assert batch_account(store, account, Policy(), START) == 1
