"""The drift bench: its nights are what they say, its quick way agrees with the program's, its tables tell the truth."""

from argparse import Namespace
from datetime import date

import numpy as np
import pytest

from benchmarks.drift import __main__ as drift
from benchmarks.drift.nights import DRAWS, People, people, sizes_of
from benchmarks.drift.page import Alarms, Caught, Found, lost, page_part
from followguard.classifier.features import FEATURES
from followguard.drift.watch import MOST_NIGHTS

ORDER = Namespace(quarters=3, runs=4, seed=5)


@pytest.fixture(scope="module")
def known() -> People:
    """Made-up people of two spam groups; spam lies higher in everything."""
    rng = np.random.default_rng(1)
    group = np.repeat(["genuine", "one", "two"], [600, 200, 200])
    spam = group != "genuine"
    matrix = (rng.normal(size=(1000, len(FEATURES))) + spam[:, None]).astype(np.float32)
    return people(matrix, np.where(spam, rng.beta(6, 2, 1000), rng.beta(2, 6, 1000)), spam, group, rng)


@pytest.mark.parametrize("arrival", DRAWS)
def test_nights_have_their_sizes_and_their_share(known: People, arrival: str) -> None:
    """As many rows as asked for, and about the share of spam; campaigns bring more."""
    rng = np.random.default_rng(2)
    nights = DRAWS[arrival](known, np.full(300, 40), np.full(300, 0.15), rng)
    share = 1.0 - np.isin(np.concatenate(nights), known.genuine).mean()
    assert {len(night) for night in nights} == {40}
    assert share == pytest.approx(0.15, abs=0.015) if arrival != "campaigns" else 0.15 < share < 0.3


def test_uneven_nights_differ_by_more_than_chance(known: People) -> None:
    """The share of spam of a night strays beyond what 500 draws would."""
    rng = np.random.default_rng(3)
    spread = {}
    for arrival in DRAWS:
        nights = DRAWS[arrival](known, np.full(200, 500), np.full(200, 0.15), rng)
        spread[arrival] = np.std([1.0 - np.isin(night, known.genuine).mean() for night in nights])
    assert spread["independent"] < 0.025
    assert 0.06 < spread["uneven"] < spread["campaigns"]


def test_changing_nights_change() -> None:
    """Changes range from a few to the most that is looked at; never none."""
    sizes = sizes_of("changing", 2000, np.random.default_rng(4))
    assert sizes.min() >= 1
    assert sizes.max() == 500
    assert np.median(sizes) == pytest.approx(50, abs=8)


def test_both_measures_run(known: People) -> None:
    """A few quarters and runs: few false alarms, and a rise that is found."""
    alarms = drift.false_alarms(known, "independent", "50", 90, ORDER)
    caught = drift.found_within(known, "independent", MOST_NIGHTS, ORDER)
    assert alarms.begun.sum() <= 1
    assert caught.share == 1.0
    assert set(caught.first.tolist()) <= {2, 3, 4, 5}


def found(begun: int, first: int) -> Found:
    """One row of each table."""
    alarms = Alarms("campaigns", "50", 90, np.full(400, begun), 0.01)
    return Found([alarms], [Caught("independent", 104, np.full(400, first))], "made up", date(2026, 11, 22), "command")


def test_a_target_that_is_lost_is_said() -> None:
    """One alarm in every quarter isn't at most one with its interval; nor is a rise caught that never is."""
    assert not lost(found(0, 3))
    assert lost(found(1, 3))
    assert lost(found(0, 0))
    page = page_part(found(1, 0))
    assert page.count("LOST") == 2
    assert "Measured on 2026-11-22 by `command`" in page


def test_intervals_hold_the_figure() -> None:
    """No alarm in 400 quarters: up to .009; none of it below 0."""
    low, high = found(0, 3).alarms[0].interval
    assert (low, round(high, 3)) == (0.0, 0.009)
    assert found(0, 3).caught[0].interval[1] == 1.0
