"""Trees: what paths add is what scikit-learn's trees say, unknown values add nothing, and one row scores as many."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from followguard.classifier.columns import Matrix
from followguard.classifier.trees import FEW_ROWS, LEAF, Trees
from followguard.training.base.boosting import trees_of

ROWS, FEATURES = 900, 5


@pytest.fixture(scope="module")
def learner() -> HistGradientBoostingClassifier:
    """Boosted trees of two features that matter together, and three that don't."""
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(ROWS, FEATURES)).astype(np.float32)
    spam = (matrix[:, 0] * matrix[:, 1] > 0.0) ^ (rng.random(ROWS) < 0.1)
    learner = HistGradientBoostingClassifier(max_iter=12, max_leaf_nodes=9, early_stopping=False, random_state=1)
    return learner.fit(matrix, spam)


@pytest.fixture(scope="module")
def trees(learner: HistGradientBoostingClassifier) -> Trees:
    """The same trees as arrays."""
    return trees_of([stage[0].nodes for stage in learner._predictors])


def asked(rows: int, unknown: float = 0.0) -> Matrix:
    """Values with a share of unknown ones."""
    rng = np.random.default_rng(2)
    matrix = rng.normal(size=(rows, FEATURES)).astype(np.float32)
    matrix[rng.random(matrix.shape) < unknown] = np.nan
    return matrix


def test_paths_add_up_to_what_the_learner_says(learner: HistGradientBoostingClassifier, trees: Trees) -> None:
    """Contributions, the roots' values and the learner's start make its log-odds."""
    matrix = asked(500)
    said = learner._raw_predict(matrix.astype(np.float64)).ravel() - learner._baseline_prediction.ravel()[0]
    np.testing.assert_allclose(trees.contributions(matrix).sum(axis=1) + trees.expected, said, atol=1e-4)


def test_unknown_values_add_exactly_nothing(trees: Trees) -> None:
    """In a crowd of any size, whatever else is unknown."""
    for rows in (3, FEW_ROWS + 100):
        matrix = asked(rows, unknown=0.4)
        found = trees.contributions(matrix)
        assert (found[np.isnan(matrix)] == 0.0).all()
        assert (found[~np.isnan(matrix)] != 0.0).any()


def test_an_unknown_value_goes_both_ways_by_cover(trees: Trees) -> None:
    """A row that knows one feature gets the mean over the training shares of all others, node by node."""
    row = np.full((1, FEATURES), np.nan, dtype=np.float32)
    row[0, 0] = 0.3

    def value(node: int) -> float:
        if trees.feature[node] == LEAF:
            return float(trees.value[node])
        left, right = (value(int(child)) for child in trees.children[node])
        if trees.feature[node] == 0:
            return right if row[0, 0] > trees.threshold[node] else left
        return left + float(trees.cover[node]) * (right - left)

    wanted = sum(value(root) - float(trees.value[root]) for root in range(int(trees.level[0])))
    assert trees.contributions(row).sum() == pytest.approx(wanted, abs=1e-5)


def test_a_row_scores_alone_as_in_a_crowd(trees: Trees) -> None:
    """Level by level or node by node, to the last bit."""
    matrix = asked(FEW_ROWS + 50, unknown=0.3)
    crowd = trees.contributions(matrix)
    for start, stop in ((0, 1), (7, 9), (0, FEW_ROWS)):
        np.testing.assert_array_equal(trees.contributions(matrix[start:stop]), crowd[start:stop])


def test_a_file_holds_the_same_trees(trees: Trees) -> None:
    """Arrays by name and back."""
    again = Trees.of_parts(trees.parts())
    np.testing.assert_array_equal(again.contributions(asked(20)), trees.contributions(asked(20)))


def test_a_threshold_of_more_digits_parts_the_same_rows(learner: HistGradientBoostingClassifier, trees: Trees) -> None:
    """A value on a threshold goes left, as in training: thresholds are rounded down to float32."""
    matrix = np.repeat(np.sort(trees.threshold[trees.feature != LEAF])[:, None], FEATURES, axis=1)
    said = learner._raw_predict(matrix.astype(np.float64)).ravel() - learner._baseline_prediction.ravel()[0]
    np.testing.assert_allclose(trees.contributions(matrix).sum(axis=1) + trees.expected, said, atol=1e-4)
