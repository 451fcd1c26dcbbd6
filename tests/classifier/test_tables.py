"""Look-up tables: bins, unknown values, and fits that say what the data say."""

import numpy as np
import pytest

from followguard.classifier.tables import Tables, bins_of, edges_of
from followguard.training.base.fitting import bounded

NAN = np.float32(np.nan)
TABLES = Tables(
    (np.array([1.0, 2.0], dtype=np.float32), np.zeros(0, dtype=np.float32)),
    (np.array([-1.0, 0.5, 2.0]), np.array([0.25])),
)


def test_a_value_on_an_edge_belongs_to_the_bin_below() -> None:
    """Bins reach up to and include their edge; the last has none."""
    matrix = np.array([[-9, 0], [1, 0], [1.5, 0], [2, 0], [9, 0], [np.inf, 0]], dtype=np.float32)
    assert TABLES.contributions(matrix)[:, 0].tolist() == [-1.0, -1.0, 0.5, 0.5, 2.0, 2.0]


def test_an_unknown_value_contributes_exactly_nothing() -> None:
    """NaN has no bin, in a feature of one bin too."""
    assert TABLES.contributions(np.array([[NAN, NAN], [NAN, 3.0]])).tolist() == [[0.0, 0.0], [0.0, 0.25]]


def test_beyond_the_outer_edges_nothing_is_learned() -> None:
    """Below the least and above the greatest value of training nothing is added; the outermost aren't beyond."""
    seen = np.array([[3.0], [5.0], [NAN]], dtype=np.float32)
    tables = bounded(Tables((np.array([4.0], dtype=np.float32),), (np.array([-1.0, 1.0]),)), seen)
    asked = np.array([[2.9], [3.0], [5.0], [5.1], [NAN]], dtype=np.float32)
    assert tables.contributions(asked)[:, 0].tolist() == [0.0, -1.0, 1.0, 0.0, 0.0]
    assert tables.inside(asked)[:, 0].tolist() == [False, True, True, False, False]
    assert tables.asked().tolist() == [True]


def test_no_row_is_no_contribution() -> None:
    """An empty night."""
    assert TABLES.contributions(np.zeros((0, 2), dtype=np.float32)).shape == (0, 2)


def test_tables_that_lack_a_step_refuse_to_be_made() -> None:
    """A damaged file can't become a model that reads beyond its tables."""
    with pytest.raises(ValueError, match="one step more"):
        Tables((np.zeros(2, dtype=np.float32),), (np.zeros(2),))


def test_edges_cut_the_weight_evenly() -> None:
    """Four bins of a rising column hold a quarter each; unknown values don't count."""
    column = np.concatenate([np.arange(100, dtype=np.float32), np.full(50, NAN)])
    edges = edges_of(column, np.ones(150), 4)
    assert edges.tolist() == [24.0, 49.0, 74.0]
    assert np.bincount(bins_of(column, edges)).tolist() == [25, 25, 25, 25, 50]


def test_one_value_makes_one_bin() -> None:
    """A constant column, or one that nobody has, has no edge."""
    assert len(edges_of(np.full(9, 3.0, dtype=np.float32), np.ones(9), 4)) == 0
    assert len(edges_of(np.full(9, NAN), np.ones(9), 4)) == 0
