"""The learning bench: the stream obeys the desk's rules, floors are judged by the worst cell, the page is whole."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.learning import __main__ as learning
from benchmarks.learning.material import Draw, Material
from benchmarks.learning.page import Found, page_part
from benchmarks.learning.plot import plot
from benchmarks.learning.runs import MODELS, Curve, Pair
from benchmarks.learning.stream import decided, stream
from followguard.classifier.features import FEATURES
from followguard.classifier.model import Model, Part
from followguard.classifier.tables import Tables
from followguard.training.base.samples import Samples

ROWS = 150


@pytest.fixture
def known() -> Material:
    """Made-up rows of which the first feature tells spam."""
    spam = np.arange(ROWS) % 5 == 0
    matrix = np.full((ROWS, len(FEATURES)), np.nan, dtype=np.float32)
    matrix[:, 0] = spam
    names = np.full(ROWS, "made", dtype=np.str_)
    samples = Samples(matrix, spam, names, names, np.arange(ROWS).astype(np.str_))
    return Material(samples, np.zeros(ROWS, dtype=bool))


@pytest.fixture
def base() -> Model:
    """Sure of spam by the first feature, silent about all else."""
    edges = (np.array([0.5], dtype=np.float32), *[np.zeros(0, dtype=np.float32)] * (len(FEATURES) - 1))
    steps = (np.array([-3.0, 6.0]), *[np.zeros(1)] * (len(FEATURES) - 1))
    part = Part(Tables(edges, steps), 1.0, 1.0)
    return Model(part, part, 0, -1.4)


def test_nobody_decides_more_than_a_days_cards(known: Material, base: Model) -> None:
    """150 followers in one night are decided 60 a day, genuine ones first, each once."""
    draw = Draw(np.arange(ROWS), np.zeros(ROWS, dtype=np.int64), np.arange(0))
    counts = [len(desk.rows) for desk in stream(known, draw, 7, lambda: (base, "base"))]
    assert counts == [60, 120, 150]
    desk = list(stream(known, draw, 7, lambda: (base, "base")))[-1]
    assert sorted(desk.rows) == list(range(ROWS))
    assert not known.samples.spam[desk.rows[:120]].any()


def test_decisions_carry_their_night_and_weight(known: Material, base: Model) -> None:
    """The learner gets the night of first sight, and no night above its share of a class."""
    draw = Draw(np.arange(ROWS), np.repeat(np.arange(15), 10), np.arange(0))
    desk = list(stream(known, draw, 7, lambda: (base, "base")))[-1]
    rows = decided(known, desk, 100)
    assert len(rows) == 100
    assert rows.night[0] == "acme 2026-01-01"
    assert rows.weight.max() <= 1.0


def _curve(name: str, learner: float) -> Curve:
    pairs: dict[str, Pair] = dict.fromkeys(MODELS, (0.9, 0.1)) | {"learner": (learner, 0.1)}
    return Curve(name, {25: pairs, 100: pairs}, {25: False, 100: True}, [100])


def test_the_worst_cell_is_named_and_a_lost_floor_counts() -> None:
    """A learner below the base model by more than is allowed is named with its population, and the bench fails."""
    found = Found([_curve("good", 0.91), _curve("bad", 0.89)], [[], []], 1, "command")
    assert found.lost()
    lost = [row for row in found.floors() if row["verdict"] == "LOST"]
    assert [row["worst cell"] for row in lost] == ["bad at 100"]
    assert not Found([_curve("good", 0.91)], [[]], 1, "command").lost()


def test_a_gate_that_is_fooled_too_often_fails_the_bench() -> None:
    """More than one in twenty streams with nothing to learn."""
    assert Found([_curve("good", 0.91)], [[100], *[[]] * 10], 1, "command").lost()


def test_page_and_plot_show_every_population(tmp_path: Path) -> None:
    """Tables with each model, and a picture."""
    found = Found([_curve("good", 0.91), _curve("other", 0.92)], [[]], 1, "command")
    page = page_part(found)
    assert all(words in page for words in ("good", "other", "forest", "Power of the gate", "Nothing to learn"))
    plot(found, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 1000


def test_without_sets_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A machine without the public sets isn't failed for it."""
    assert learning.main(["--datasets", str(tmp_path / "none")]) == 0
    assert "Skipped" in capsys.readouterr().out
