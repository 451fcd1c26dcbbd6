"""Weight of a decision: by how its card came to be shown, and never more than its share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.domain.policy import Policy
from followguard.screening.audit_interval import effective_number
from followguard.screening.plan import QueueRules, plan
from followguard.screening.sample import SampleSoFar, sampled
from followguard.training.house.decisions import (
    MOST_WEIGHT,
    Shortfall,
    batches_as_one,
    capped_weights,
    sampling_weights,
)
from tests.screening.test_plan import card


def names(*words: str) -> np.ndarray:
    """An array of names."""
    return np.array(words, dtype=np.str_)


def test_an_audit_draw_counts_for_those_it_stands_for() -> None:
    """1 / its probability, at most 20; what was listed or asked for counts once."""
    found = sampling_weights(["listed", "asked", "audit", "audit", "audit"], [None, None, 0.25, 1.0, 0.001])
    assert found.tolist() == [1.0, 1.0, 4.0, 1.0, MOST_WEIGHT]


@pytest.mark.parametrize("probability", [None, 0.0, -0.1, 1.5])
def test_an_audit_draw_without_a_probability_is_refused(probability: float | None) -> None:
    """A weight that nobody can tell would be a guess."""
    with pytest.raises(ValueError, match="probability"):
        sampling_weights(["audit"], [probability])


def test_a_batch_counts_as_one_follower() -> None:
    """Three thousand look-alikes weigh as much as one ordinary follower, whatever was decided about them."""
    batch = names(*["acme 7"] * 3000, "", "acme 8")
    found = batches_as_one(np.ones(3002), batch)
    assert found[:3000].sum() == pytest.approx(1.0)
    assert found[3000:].tolist() == [1.0, 1.0]


def test_no_night_gives_more_than_a_fifth() -> None:
    """One of ten nights brought 500 decisions, the others ten each: it is weighted down to a fifth of its class."""
    night = names(*["n0"] * 500, *[f"n{n}" for n in range(1, 10) for _ in range(10)])
    spam = np.zeros(590, dtype=bool)
    found = capped_weights(np.ones(590), spam, night, names(*[""] * 590), names(*["ada"] * 590))
    assert found.weights[:500].sum() / found.weights.sum() == pytest.approx(0.2, rel=1e-2)
    assert found.weights[500:].tolist() == [1.0] * 90
    assert found.short_of == ()


def test_too_few_nights_get_equal_shares_and_are_named() -> None:
    """Three nights can't each be a fifth: each gets a third, and the shortfall says so for each class."""
    night = names(*["a"] * 30, *["b"] * 10, *["c"] * 5)
    found = capped_weights(np.ones(45), np.ones(45, dtype=bool), night, names(*[""] * 45), names(*["ada"] * 45))
    assert [found.weights[night == each].sum() for each in "abc"] == pytest.approx([5.0] * 3)
    assert found.short_of == (Shortfall("night", spam=True, number=3, share=1 / 3),)


def test_caps_leave_the_share_of_spam_as_it_was() -> None:
    """Half of the spam goes, as one night brought most of it; half of the genuine goes with it, each night alike."""
    night = names(*["s0"] * 80, *[f"s{n % 9 + 1}" for n in range(36)], *[f"g{n % 10}" for n in range(200)])
    spam = np.arange(316) < 116
    found = capped_weights(np.ones(316), spam, night, names(*[""] * 316), names(*["ada"] * 316))
    assert found.weights[spam].sum() / found.weights.sum() == pytest.approx(116 / 316)
    assert found.weights[~spam].tolist() == pytest.approx([float(found.weights[~spam][0])] * 200)


def test_a_person_is_held_to_a_fifth_once_five_decide() -> None:
    """Four people: one may give nearly all. Five: a fifth at most."""
    night = names(*[f"n{n % 20}" for n in range(400)])
    for people, limit in ((4, 0.9), (5, 0.2)):
        person = names(*["p0" if n < 340 else f"p{1 + n % (people - 1)}" for n in range(400)])
        found = capped_weights(np.ones(400), np.zeros(400, dtype=bool), night, names(*[""] * 400), person)
        share = found.weights[person == "p0"].sum() / found.weights.sum()
        assert share == pytest.approx(limit, abs=0.06 if people == 4 else 2e-3)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 6), st.booleans()), max_size=60))
def test_caps_only_take_away_and_hold(rows: list[tuple[bool, int, int, bool]]) -> None:
    """Whatever was decided when and by whom: no weight rises, none is lost altogether, every stated share is held."""
    spam = np.array([row[0] for row in rows], dtype=bool)
    night = names(*[f"n{row[1]}" for row in rows])
    person = names(*[f"p{row[2]}" for row in rows])
    batch = names(*[f"b{row[1]}" if row[3] else "" for row in rows])
    weights = np.ones(len(rows))
    found = capped_weights(weights, spam, night, batch, person)
    assert (found.weights <= weights + 1e-9).all()
    shares = {(short.what, short.spam): short.share for short in found.short_of}
    kinds = {"night": night, "batch": batch} | ({"person": person} if len(set(person)) >= 5 else {})
    for label in {bool(each) for each in spam}:
        own = spam == label
        total = found.weights[own].sum()
        assert total > 0.0
        for what, these in kinds.items():
            most = max((found.weights[own & (these == each)].sum() for each in set(these[own]) - {""}), default=0.0)
            assert most <= shares.get((what, label), 0.2) * total * 1.02


def test_unequal_weights_tell_less() -> None:
    """Ten equal weights count as ten; with one of them a hundred times as large hardly more than one."""
    assert effective_number(np.full(10, 3.0)) == pytest.approx(10.0)
    assert effective_number(np.array([100.0] + [1.0] * 9)) == pytest.approx(1.19, abs=0.01)
    assert effective_number(np.zeros(3)) == 0.0


@pytest.mark.usefixtures("random_sample")
def test_a_sampled_card_counts_once_beside_the_audit() -> None:
    """Sample and audit together stand for everybody: each hidden one is the audit's, each drawn one stands for itself.

    Over many seeds the weights of what is shown of forty likely spammers sum to forty.
    """
    totals, policy = [], Policy(audit_cards_per_day=5)
    for seed in range(300):
        rules = QueueRules(account="acme", policy=policy, today="2026-01-05", seed=seed, may_hold=frozenset({"m"}))
        cards = [card(n, p_spam=0.99) for n in range(40)]
        found = plan(sampled(cards, rules, SampleSoFar(labels=seed % 26), []), rules)
        shown = [each for each in found if not (each.held_back and not each.audit)]
        ways = ["audit" if each.audit else "sample" for each in shown]
        chances = [each.audit_probability if each.audit else each.sample_probability for each in shown]
        totals.append(sampling_weights(ways, chances).sum())
    assert np.mean(totals) == pytest.approx(40.0)
