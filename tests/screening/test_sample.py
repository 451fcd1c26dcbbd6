"""The random sample: drawn from everybody who is new, on record, and at an end once 25 draws gave a label."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.domain.card import ItemState
from followguard.domain.policy import Policy
from followguard.screening.plan import PoolDraw, QueueRules, Undecided, plan
from followguard.screening.sample import NEEDED, SampleSoFar, sampled
from tests.screening.test_plan import TODAY, card, rules

pytestmark = pytest.mark.usefixtures("random_sample")
NOTHING = SampleSoFar(labels=0)


def drawn(
    cards: list[Undecided], so_far: SampleSoFar = NOTHING, **policy: Any
) -> tuple[list[Undecided], list[PoolDraw]]:
    """The cards as planned, and the draws on record."""
    draws: list[PoolDraw] = []
    return sampled(cards, rules(**policy), so_far, draws), draws


def test_a_night_draws_ten_of_all_who_are_new() -> None:
    """Likely spam, thin profiles and members of a batch are in the pool as everybody is; each has the same chance."""
    crowd = [card(n, p_spam=0.99 if n % 2 else 0.01, thin=n % 3 == 0, batch=1 if n < 20 else None) for n in range(40)]
    found, draws = drawn(crowd)
    assert [draw.wanted for draw in draws] == [10]
    assert draws[0].pool == tuple(range(40))
    assert {each.sample_probability for each in found if each.sample} == {0.25}
    assert sum(each.sample for each in found) == 10
    assert {each.sample_day for each in found} == {TODAY}


def test_chance_alone_draws() -> None:
    """Over two thousand seeds each of twenty is drawn about half the time, whatever its score."""
    crowd = [card(n, p_spam=n / 20) for n in range(20)]
    times: Counter[int] = Counter()
    for seed in range(2000):
        these = QueueRules(account="acme", policy=Policy(), today=TODAY, seed=seed, may_hold=frozenset())
        times.update(each.item for each in sampled(crowd, these, NOTHING, []) if each.sample)
    assert min(times.values()) > 900
    assert max(times.values()) < 1100


def test_who_closes_at_once_or_was_planned_before_is_left_aside() -> None:
    """Whom we follow, who left, and cards of earlier nights aren't in the pool."""
    crowd = [
        card(1, connection=frozenset({"following"})),
        card(2, left=True),
        card(3, sample_day="2026-01-04"),
        card(4),
    ]
    found, draws = drawn(crowd)
    assert [draw.pool for draw in draws] == [(4,)]
    assert [each.item for each in found if each.sample] == [4]


def test_a_drawn_card_is_never_held_back() -> None:
    """It is on the desk today, while the others like it are hidden and the audit draws from those alone."""
    found, _ = drawn([card(n, p_spam=0.99) for n in range(40)])
    placed = {each.item: each for each in plan(found, rules())}
    ours = {each.item for each in found if each.sample}
    assert all(not placed[item].held_back and placed[item].due == TODAY for item in ours)
    assert all(placed[item].held_back for item in range(40) if item not in ours)
    assert sum(each.audit for each in placed.values()) == 3


def test_the_same_day_again_draws_nobody_else() -> None:
    """Who arrives later that day is no second draw; a draw decided today counts as one of today's."""
    first, _ = drawn([card(n) for n in range(40)])
    again, draws = drawn([*first, card(99)])
    assert draws == []
    assert again[:40] == first
    ours = next(each for each in first if each.sample)
    less = [each for each in first if each.item != ours.item]
    assert drawn([*less, card(99)], SampleSoFar(labels=1, decided_today=1))[1] == []


@given(labels=st.integers(0, 60), waiting=st.integers(0, 30), new=st.integers(0, 80), cards=st.integers(0, 60))
def test_never_more_than_are_missing(labels: int, waiting: int, new: int, cards: int) -> None:
    """Labels, drawn ones that wait and tonight's draw never pass 25, nor tonight's ten or half a desk."""
    crowd = [card(n, sample=True, sample_day="2026-01-01") for n in range(waiting)]
    crowd += [card(100 + n) for n in range(new)]
    found, _ = drawn(crowd, SampleSoFar(labels=labels), max_cards_per_day=cards)
    tonight = sum(each.sample for each in found) - waiting
    assert 0 <= tonight <= min(10, (cards + 1) // 2, new, max(0, NEEDED - labels - waiting))


def test_put_off_cards_of_the_sample_are_still_waiting() -> None:
    """A draw put off to another day is neither an answer nor drawn again."""
    later = [replace(card(n), sample=True, sample_day="2026-01-01", state=ItemState.LATER) for n in range(20)]
    found, _ = drawn([*later, *(card(100 + n) for n in range(40))])
    assert sum(each.sample for each in found) == 25
