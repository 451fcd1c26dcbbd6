"""The gate: promotes what is surely better, keeps ties, and never judges by what was learned."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from followguard.classifier.columns import Floats
from followguard.classifier.model import Model, content_hash, probabilities
from followguard.classifier.scoring import Scorer
from followguard.domain.policy import Cutoffs
from followguard.training.house import gate
from followguard.training.house.decisions import DecisionArrays, clusters
from followguard.training.house.gate import KEPT, PROMOTED, Gains, Trial, judge
from followguard.training.house.model import train_house


@pytest.fixture(scope="session")
def stranger(scorer: Scorer) -> Model:
    """A base model that takes spam for genuine."""
    part = replace(scorer.model.with_likes, slope_up=-1.0, slope_down=-1.0)
    other = replace(scorer.model.without_likes, slope_up=-1.0, slope_down=-1.0)
    return replace(scorer.model, with_likes=part, without_likes=other)


def _gains(nats: Floats, part: np.ndarray, weight: Floats | None = None) -> Gains:
    ones = np.ones(len(nats)) if weight is None else weight
    return Gains(nats, ones, part.astype(np.int64), np.full(len(nats), "maria", dtype=np.str_))


def test_a_surely_better_challenger_is_promoted(stranger: Model, decided: DecisionArrays) -> None:
    """Where the base model is wrong, what the decisions taught replaces it."""
    verdict = judge(Trial(stranger, stranger, decided, 3))
    assert verdict.outcome == PROMOTED
    assert verdict.promoted
    assert verdict.lower_bound > 0.0
    assert verdict.won > verdict.lost
    assert verdict.won + verdict.lost + verdict.tied == verdict.judged < len(decided)


def test_the_verdict_says_what_it_means_for_cards() -> None:
    """Right and wrong go by the side of .5, which itself is spam; a card that both get right or wrong isn't told."""
    before, after = np.array([0.4, 0.49, 0.9, 0.5, 0.2]), np.array([0.5, 0.3, 0.1, 0.9, 0.1])
    spam = np.array([True, True, True, True, False])
    turned = gate.sides_turned(before, after, spam)
    assert turned == (1, 1)
    found = gate.told(gate.verdict_of(_gains(np.full(5, 1.0), np.arange(5)), (0, 0)), (42, 20))
    assert found.why.endswith(
        "the new model was right on 42 cards where the old was wrong, wrong on 20 where it was right"
    )
    assert (found.as_json()["righted"], found.as_json()["wronged"]) == (42, 20)


def test_a_verdict_about_nothing_tells_of_no_cards(scorer: Scorer, decided: DecisionArrays) -> None:
    """Where no decision was judged nobody was right or wrong."""
    none = np.zeros(len(decided), dtype=bool)
    verdict = judge(Trial(scorer.model, scorer.model, decided, 3, fresh=none))
    assert "right on" not in verdict.why


def test_a_tie_keeps_the_champion(scorer: Scorer, decided: DecisionArrays) -> None:
    """A recipe that learns nothing gives the same predictions, and changes no band."""
    verdict = judge(Trial(scorer.model, scorer.model, decided, 3), lambda base, rows, seed: base)
    assert verdict.outcome == KEPT
    assert (verdict.mean_gain, verdict.won, verdict.lost) == (0.0, 0, 0)
    assert verdict.towards_spam == verdict.towards_genuine == 0


def test_every_decision_is_predicted_before_its_night_is_learned(scorer: Scorer, decided: DecisionArrays) -> None:
    """No model is asked about a night, or a batch, that it learned from."""
    batch = decided.batch.astype("U8")
    batch[[30, 110]] = "acme 1"
    rows = replace(decided, batch=batch)
    part, seen = clusters(rows), []

    def train(base: Model, earlier: DecisionArrays, seed: int) -> Model:
        seen.append(set(earlier.key))
        return base

    starts = gate.block_starts(part)
    judge(Trial(scorer.model, scorer.model, rows, 3), train)
    assert len(seen) == len(starts) > 3
    for start, learned in zip(starts, seen, strict=True):
        assert learned == set(rows.key[part < start])


def test_predictions_stay_as_more_decisions_come(scorer: Scorer, decided: DecisionArrays) -> None:
    """The gate's question doesn't change with the number of decisions: later looks only add to earlier ones."""
    early = decided.where(np.arange(200))
    found = [gate.prequential(scorer.model, rows, 3, train_house).p_spam for rows in (early, decided)]
    np.testing.assert_array_equal(found[0], found[1][:200])


def test_the_verdict_hands_out_what_was_said_beforehand(stranger: Model, decided: DecisionArrays) -> None:
    """Every decision has one, fresh or not, with no number before the first model; the JSON doesn't speak of it."""
    verdict = judge(Trial(stranger, stranger, decided, 3, fresh=np.zeros(len(decided), dtype=bool)))
    assert verdict.beforehand is not None
    assert "beforehand" not in verdict.as_json()
    said = verdict.beforehand.starting_at(-1.0)
    first = clusters(decided) < gate.block_starts(clusters(decided))[0]
    np.testing.assert_array_equal(np.isnan(said), first)
    np.testing.assert_array_equal(verdict.beforehand.p_spam[first], probabilities(stranger, decided.matrix[first]))


def test_another_start_moves_what_was_said_beforehand() -> None:
    """A start moves predictions by as many log-odds as it lies above the start of the model that made them."""
    said = gate.Beforehand(np.array([0.5, 0.5, 0.9]), np.array([-1.0, 0.0, 0.0]), np.array([True, True, False]))
    moved = said.starting_at(0.0)
    np.testing.assert_allclose(moved, [1.0 / (1.0 + math.exp(-1.0)), 0.5, np.nan])


def test_only_fresh_decisions_are_judged(scorer: Scorer, decided: DecisionArrays) -> None:
    """A champion that learned from the first 200 is judged by the others only."""
    champion = train_house(scorer.model, decided.where(np.arange(200)), 3)
    fresh = np.arange(len(decided)) >= 200
    verdict = judge(Trial(scorer.model, champion, decided, 3, fresh=fresh))
    assert verdict.judged == 200
    assert verdict.clusters == 10


def test_nothing_to_judge_keeps_the_champion(scorer: Scorer, decided: DecisionArrays) -> None:
    """No decision, one night, or none that is fresh: kept, and the JSON holds no infinity."""
    none = np.zeros(len(decided), dtype=bool)
    for rows, fresh in ((decided.where(none), None), (decided.where(np.arange(20)), None), (decided, none)):
        found = judge(Trial(scorer.model, scorer.model, rows, 3, fresh=fresh)).as_json()
        assert found["outcome"] == KEPT
        assert found["judged"] == 0
        assert found["lower_bound"] is None


def test_one_night_decides_nothing() -> None:
    """However good a single night looks, it is one look at the world."""
    verdict = gate.verdict_of(_gains(np.full(500, 1.0), np.zeros(500)), (0, 0))
    assert verdict.outcome == KEPT
    assert verdict.lower_bound == -math.inf


def test_a_hostile_night_cannot_carry_the_gate() -> None:
    """One night of large gains among nights of none leaves the bound below 0."""
    gains = np.concatenate([np.full(50, 2.0), np.zeros(150)])
    verdict = gate.verdict_of(_gains(gains, np.repeat(np.arange(4), 50)), (0, 0))
    assert verdict.gain > gate.SURE_GAIN
    assert verdict.lower_bound < 0.0
    assert verdict.outcome == KEPT


def test_a_small_sure_gain_waits_for_more() -> None:
    """A bound above 0 isn't enough: with a look every fifty decisions luck would get in."""
    gains = np.tile([0.011, 0.009], 50)
    verdict = gate.verdict_of(_gains(gains, np.arange(100) // 10), (0, 0))
    assert verdict.lower_bound > 0.0
    assert verdict.outcome == KEPT


def test_nobody_carries_the_gate_alone() -> None:
    """Where only one person's decisions are better predicted the champion stays, unless the others hardly decided."""
    night, person = np.arange(600) // 20, np.arange(600) % 6
    gains = np.where(person == 0, 0.5, -0.01)
    lone = Gains(gains, np.ones(600), night, person.astype(np.str_))
    assert gate.verdict_of(lone, (0, 0)).why == "better than the champion only by what one person decided"
    for others in (19, 20):
        few = np.where(np.arange(600) < others, "ben", "maria")
        gains = np.where(few == "ben", -0.01, 0.5)
        assert gate.verdict_of(Gains(gains, np.ones(600), night, few), (0, 0)).promoted is (others < 20)


def test_weights_count_in_the_mean() -> None:
    """An audited card that stands for twenty moves the mean twenty times as much."""
    mean, _, units = gate.clustered_bound(_gains(np.array([1.0, 0.0]), np.arange(2), np.array([20.0, 1.0])))
    assert mean == pytest.approx(20.0 / 21.0)
    assert units == 2


def test_cards_that_change_band_are_counted_each_way() -> None:
    """Cards that change band are counted by the policy's own cutoffs."""
    before, after = np.array([0.1, 0.5, 0.97, 0.2]), np.array([0.96, 0.1, 0.97, 0.3])
    assert gate.bands_moved(before, after, Cutoffs(0.15, 0.95)) == (1, 1)
    assert gate.bands_moved(before, after, Cutoffs(0.25, 0.95)) == (2, 1)


def test_pure_noise_is_seldom_promoted() -> None:
    """Labels follow the champion, the challenger is off at random: in twenty looks at 1,000 at most 5 % are fooled."""
    rng = np.random.default_rng(7)
    looks, night = range(50, 1001, 50), np.arange(1000) // 25
    fooled = 0
    for off in rng.choice([0.1, 0.3, 1.0], 100):
        right = rng.beta(0.3, 1.2, 1000).clip(0.01, 0.99)
        guess = 1.0 / (1.0 + (1.0 - right) / right * np.exp(rng.normal(0.0, off, 1000)))
        spam = rng.random(1000) < right
        gains = gate.log_loss(right, spam) - gate.log_loss(guess, spam)
        fooled += any(gate.verdict_of(_gains(gains[:n], night[:n]), (0, 0)).promoted for n in looks)
    assert fooled <= 5


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.float64, st.integers(2, 40), elements=st.floats(-5, 5)),
    st.integers(2, 6),
)
def test_the_bound_is_below_the_mean(gains: np.ndarray, a_night: int) -> None:
    """Whatever the gains, the bound never exceeds the mean, and promotion needs both locks."""
    part = np.arange(len(gains)) // a_night
    verdict = gate.verdict_of(_gains(gains, part), (0, 0))
    assert verdict.lower_bound <= verdict.mean_gain + 1e-12
    assert verdict.promoted == (verdict.lower_bound > 0.0 and verdict.gain >= gate.SURE_GAIN)


def test_judging_changes_no_model(scorer: Scorer, decided: DecisionArrays) -> None:
    """Judging leaves base and champion untouched."""
    before = content_hash(scorer.model.parts())
    judge(Trial(scorer.model, scorer.model, decided, 3))
    assert content_hash(scorer.model.parts()) == before
