"""Likely slips: found among many right decisions, and few right ones taken for slips."""

from dataclasses import replace
from random import Random

import numpy as np

from followguard.classifier.scoring import Scorer
from followguard.training.base.samples import Samples
from followguard.training.house.decisions import DecisionArrays
from followguard.training.slips import against_the_rest, twins_decided_differently


def decided_of(samples: Samples, rows: int = 300) -> DecisionArrays:
    """The first rows of each set, mixed, ten a night."""
    chosen = np.array(Random(5).sample(range(len(samples)), min(rows, len(samples))))
    count = len(chosen)
    return DecisionArrays(
        matrix=samples.matrix[chosen],
        spam=samples.spam[chosen],
        weight=np.ones(count),
        night=np.array([f"acme {row // 10}" for row in range(count)]),
        batch=np.full(count, "", dtype=np.str_),
        person=np.full(count, "p-1"),
        key=np.arange(count).astype(np.str_),
    )


def test_flipped_labels_come_first(samples: Samples, scorer: Scorer) -> None:
    """Five of 300 decisions are wrong: they are all offered, before nearly everything else."""
    decided = decided_of(samples)
    wrong = [10, 60, 110, 160, 210]
    spam = decided.spam.copy()
    spam[wrong] = ~spam[wrong]
    found = [each.row for each in against_the_rest(scorer.model, replace(decided, spam=spam), seed=1)]
    assert set(wrong) <= set(found[:10])


def test_right_decisions_are_left_alone(samples: Samples, scorer: Scorer) -> None:
    """Without a slip hardly anybody is offered: at most three of 300."""
    assert len(against_the_rest(scorer.model, decided_of(samples), seed=1)) <= 3


def test_one_label_alone_tells_nothing(samples: Samples, scorer: Scorer) -> None:
    """Where everybody was genuine there is nothing to learn from, and nobody is offered."""
    decided = decided_of(samples)
    assert against_the_rest(scorer.model, decided.where(~decided.spam), seed=1) == []


def test_twins_with_opposite_labels_are_found() -> None:
    """Equal but for a hair and decided differently: a pair; with equal labels, one unknown value apart, or hardly
    anything known of both: none."""
    matrix = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    matrix[1] = matrix[0] * 1.0001
    matrix[3] = matrix[2]
    matrix[5] = matrix[4]
    matrix[5, 2] = np.nan
    matrix[[6, 7], :4] = np.nan
    matrix[7, 4:] = matrix[6, 4:]
    spam = np.zeros(50, dtype=bool)
    spam[[1, 5, 7]] = True
    rows = np.arange(50).astype(np.str_)
    decided = DecisionArrays(matrix, spam, np.ones(50), rows, np.full(50, "", dtype=np.str_), rows, rows)
    assert twins_decided_differently(decided) == [(0, 1)]
    assert twins_decided_differently(decided.where(np.arange(50) < 1)) == []
