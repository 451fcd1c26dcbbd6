"""Decisions at random: every model learns from the same ones, and the house model's worst cell is judged."""

import numpy as np

from benchmarks.learning.at_random import MODELS, Cell, RandomRun, asked, random_part, random_run
from benchmarks.learning.material import Material, Population
from followguard.classifier.scoring import Scorer
from followguard.training.base.samples import Samples


def _cell(base: float, house: float, forest: float) -> Cell:
    return {"base": (base, 0.1), "house": (house, 0.1), "forest": (forest, 0.1)}


def test_one_draw_asks_every_model(samples: Samples, scorer: Scorer) -> None:
    """Of 400 rows at most three fifths arrive, 240; the models are asked about the others."""
    known = Material(samples, np.zeros(len(samples), dtype=bool))
    found = random_run(known, Population("made", scorer.model, np.arange(len(samples)), 0.6), 1)
    assert set(found.cells) == {25, 50, 100, 200}
    assert all(set(cell) == set(MODELS) for cell in found.cells.values())
    assert found == random_run(known, Population("made", scorer.model, np.arange(len(samples)), 0.6), 1)


def test_the_better_of_base_and_forest_is_the_mark() -> None:
    """Ahead of one and behind the other isn't enough; few decisions are judged against the base alone."""
    cells = {("a", 25): _cell(0.9, 0.91, 0.99), ("a", 50): _cell(0.9, 0.93, 0.94), ("b", 50): _cell(0.9, 0.95, 0.9)}
    rows = asked(cells)
    assert (rows[0]["where"], rows[0]["found"], rows[0]["verdict"]) == ("a at 50", "-0.0100", "not reached")
    assert (rows[1]["found"], rows[1]["verdict"]) == ("+0.0200", "reached")
    assert (rows[2]["where"], rows[2]["verdict"]) == ("a at 25", "reached")


def test_thirds_of_a_set_are_one_population() -> None:
    """Their draws are averaged, and a size that one of them doesn't come to is left out."""
    runs = [
        RandomRun("inside-2020 1", {50: _cell(0.9, 0.92, 0.8), 100: _cell(0.9, 0.92, 0.8)}),
        RandomRun("inside-2020 2", {50: _cell(0.9, 0.94, 0.8)}),
    ]
    part = random_part(runs, "command", 1)
    assert "0.9300 (0.100)" in part
    assert part.count("inside-2020 ") > 0
    assert "0.9200" not in part
