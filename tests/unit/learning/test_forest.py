"""The forest as arrays says what scikit-learn's trees say, and its contributions add up."""

import numpy as np
from sklearn.tree import ExtraTreeClassifier

from followguard.learning.forest import Forest
from followguard.learning.planting import Tree, forest_of

RNG = np.random.default_rng(3)
MATRIX = RNG.normal(size=(500, 4)).astype(np.float32)
ANSWERS = MATRIX[:, 0] + MATRIX[:, 1] ** 2 > 0.5


def planted(fitted: ExtraTreeClassifier) -> Tree:
    """A scikit-learn tree whose leaves hold the share of the second class."""
    nodes = fitted.tree_
    mass = nodes.weighted_n_node_samples
    share = np.where(nodes.children_left >= 0, mass[nodes.children_left] / mass, 0.0)
    return Tree(nodes.feature, nodes.threshold, nodes.children_left, nodes.children_right, share, nodes.value[:, 0, 1])


FITTED = [ExtraTreeClassifier(random_state=seed, min_samples_leaf=5).fit(MATRIX, ANSWERS) for seed in range(8)]
FOREST: Forest = forest_of([planted(tree) for tree in FITTED], 4)


def scores(matrix: np.ndarray) -> np.ndarray:
    """Base and contributions added up."""
    return FOREST.base + FOREST.contributions(matrix).sum(axis=1)


def test_scores_are_those_of_the_trees() -> None:
    """The sum of base and contributions is the mean of the trees' leaves, for rows the trees haven't seen too."""
    fresh = np.random.default_rng(4).normal(size=(2000, 4)).astype(np.float32)
    expected = np.mean([tree.predict_proba(fresh)[:, 1] for tree in FITTED], axis=0)
    np.testing.assert_allclose(scores(fresh), expected, atol=2e-6)


def test_a_value_on_the_threshold_goes_the_way_it_went_in_training() -> None:
    """Thresholds are rounded down, so that every float32 value falls on the same side."""
    on_the_edge = np.unique([t for tree in FITTED for t in tree.tree_.threshold]).astype(np.float32)
    matrix = np.repeat(on_the_edge[:, None], 4, axis=1)
    expected = np.mean([tree.predict_proba(matrix)[:, 1] for tree in FITTED], axis=0)
    np.testing.assert_allclose(scores(matrix), expected, atol=2e-6)


def test_the_base_is_the_mean_answer_in_training() -> None:
    """Who is wholly unknown gets the training share."""
    unknown = np.full((1, 4), np.nan, dtype=np.float32)
    np.testing.assert_allclose(scores(unknown), [ANSWERS.mean()], atol=1e-6)


def test_an_unknown_value_contributes_exactly_nothing() -> None:
    """Missing columns have contribution 0, and the others still lead somewhere."""
    partly = MATRIX.copy()
    partly[:, 1] = np.nan
    found = FOREST.contributions(partly)
    assert np.all(found[:, 1] == 0.0)
    assert np.abs(found[:, 0]).max() > 0.1


def test_one_row_scores_as_in_a_crowd() -> None:
    """Single and batch agree to 1e-9, with gaps in the rows."""
    gaps = np.where(np.random.default_rng(5).random(MATRIX.shape) < 0.2, np.nan, MATRIX).astype(np.float32)
    alone = np.concatenate([FOREST.contributions(gaps[n : n + 1]) for n in range(len(gaps))])
    np.testing.assert_allclose(FOREST.contributions(gaps), alone, atol=1e-12)
