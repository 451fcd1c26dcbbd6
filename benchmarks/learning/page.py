"""The figures of the learning bench put together: tables and plot of `docs/learning.md`."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.learning.material import SEED, SIZES
from benchmarks.learning.runs import MODELS, Curve
from benchmarks.pages import DOCS, table, write_part
from followguard.learning.features import FEATURES, schema_hash

PAGE = DOCS / "learning.md"
PLOT = DOCS / "learning" / "curves.png"
FEW, FEW_FLOOR, FLOOR = 50, -0.02, -0.005
"""Up to so many decisions the learner may fall so far below the base model, in AUC; the second floor is for more
decisions, and for what is served at any number."""
REACH, EARLY, LATE = -0.01, 100, 400
NEAR = 0.001
"""AUC within which two models are tied in the counts of won and lost."""
POWER_AT = (100, 400, 1000)
MOST_FALSE = 0.05


@dataclass(frozen=True, slots=True)
class Found:
    """All draws; `noise` the sizes promoted at in each stream in which nothing was to be learned."""

    curves: Sequence[Curve]
    noise: Sequence[Sequence[int]]
    draws: int
    command: str

    def names(self) -> list[str]:
        """The populations, in their order."""
        return list(dict.fromkeys(one.population for one in self.curves))

    def cells(self) -> list[tuple[str, int]]:
        """Population and size, where every draw came so far."""
        every = {name: [one for one in self.curves if one.population == name] for name in self.names()}
        return [(name, size) for name in every for size in SIZES if all(size in one.figures for one in every[name])]

    def mean(self, cell: tuple[str, int], model: str, which: int = 0) -> float:
        """Mean AUC (0) or Brier score (1) over the draws."""
        own = [one.figures[cell[1]][model][which] for one in self.curves if one.population == cell[0]]
        return float(np.mean(own))

    def above(self, cell: tuple[str, int], model: str, other: str) -> float:
        """How much better a model ranks than another."""
        return self.mean(cell, model) - self.mean(cell, other)

    def better(self, cell: tuple[str, int]) -> float:
        """The learner against the better of base and forest."""
        return min(self.above(cell, "learner", "base"), self.above(cell, "learner", "forest"))

    def worst(self, gap: Callable[[tuple[str, int]], float], sizes: Sequence[int]) -> tuple[str, float] | None:
        """The cell where the gap is least, and the gap."""
        cells = [cell for cell in self.cells() if cell[1] in sizes]
        if not cells:
            return None
        cell = min(cells, key=gap)
        return f"{cell[0]} at {cell[1]:,}", gap(cell)

    def floors(self) -> list[list[str]]:
        """What was asked for: words, worst cell, figure, floor, verdict."""
        few, many = [s for s in SIZES if s <= FEW], [s for s in SIZES if s > FEW]
        asked: list[tuple[str, Callable[[tuple[str, int]], float], Sequence[int], float]] = [
            (f"learner against base, up to {FEW}", lambda c: self.above(c, "learner", "base"), few, FEW_FLOOR),
            (f"learner against base, from {EARLY}", lambda c: self.above(c, "learner", "base"), many, FLOOR),
            ("served against base, anywhere", lambda c: self.above(c, "served", "base"), SIZES, FLOOR),
            (f"reach: learner against the better of base and forest, from {EARLY}", self.better, many, REACH),
        ]
        return [_verdict(words, self.worst(gap, sizes), floor) for words, gap, sizes, floor in asked]

    def lost(self) -> bool:
        """Whether a floor isn't kept, or the gate is fooled too often."""
        return any(row[-1] == "LOST" for row in self.floors()) or self.false_share() > MOST_FALSE

    def false_share(self) -> float:
        """The share of streams with nothing to learn in which a challenger was ever promoted."""
        return float(np.mean([bool(sizes) for sizes in self.noise])) if self.noise else 0.0


def _verdict(words: str, worst: tuple[str, float] | None, floor: float) -> list[str]:
    if worst is None:
        return [words, "-", "-", f"{floor:+.3f}", "not measured"]
    name, gap = worst
    miss = "not reached" if words.startswith("reach") else "LOST"
    return [words, name, f"{gap:+.4f}", f"{floor:+.3f}", "kept" if gap >= floor else miss]


def page_part(found: Found) -> str:
    """All tables."""
    head = (
        f"Measured by `{found.command}`: {found.draws} draws, {len(FEATURES)} features "
        f"(schema `{schema_hash()[:12]}`), seed {SEED}."
    )
    floors = table(["what", "worst cell", "AUC", "floor", "verdict"], found.floors())
    parts = [head, floors, _curves(found), _counts(found), _brier(found), _power(found), _noise(found)]
    return "\n\n".join(parts)


def _curves(found: Found) -> str:
    sizes = [f"{size:,}" for size in SIZES]
    rows = [
        [name if model == MODELS[0] else "", model, *[_cell(found, (name, size), model) for size in SIZES]]
        for name in found.names()
        for model in MODELS
    ]
    return "### Mean AUC on held-out followers\n\n" + table(["population", "model", *sizes], rows)


def _cell(found: Found, cell: tuple[str, int], model: str, which: int = 0) -> str:
    return f"{found.mean(cell, model, which):.4f}" if cell in found.cells() else "-"


def _counts(found: Found) -> str:
    rows = []
    for model, other in (("learner", "base"), ("learner", "forest"), ("served", "base"), ("served", "forest")):
        counts = [_won_lost(found, size, model, other) for size in SIZES]
        rows.append([f"{model} against {other}", *counts])
    late = [cell for cell in found.cells() if cell[1] >= LATE]
    both = sum(found.better(cell) > 0.0 for cell in late)
    close = [cell for cell in found.cells() if cell[1] >= EARLY and found.better(cell) < REACH]
    words = f"From {LATE} decisions on the learner is above both base and forest in {both} of {len(late)} cells. "
    behind = ", ".join(f"{name} at {size:,} ({found.better((name, size)):+.3f})" for name, size in close) or "none"
    words += f"Cells from {EARLY} decisions on that are more than {-REACH} behind the better of the two: {behind}."
    heads = ["won / tied / lost populations", *[f"{size:,}" for size in SIZES]]
    return f"### Won and lost\n\nTied is within {NEAR} AUC.\n\n{table(heads, rows)}\n\n{words}"


def _won_lost(found: Found, size: int, model: str, other: str) -> str:
    gaps = np.array([found.above(cell, model, other) for cell in found.cells() if cell[1] == size])
    won, lost = int((gaps > NEAR).sum()), int((gaps < -NEAR).sum())
    return f"{won} / {len(gaps) - won - lost} / {lost}"


def _brier(found: Found) -> str:
    rows = [[model, *[_mean_brier(found, size, model) for size in SIZES]] for model in MODELS]
    return "### Mean Brier score over the populations\n\n" + table(["model", *[f"{s:,}" for s in SIZES]], rows)


def _mean_brier(found: Found, size: int, model: str) -> str:
    own = [found.mean(cell, model, 1) for cell in found.cells() if cell[1] == size]
    return f"{np.mean(own):.4f}" if own else "-"


def _power(found: Found) -> str:
    rows = []
    for name in found.names():
        own = [one for one in found.curves if one.population == name]
        serving = {
            size: [any(at <= size for at in one.promotions) for one in own if size in one.figures] for size in SIZES
        }
        asked = {size: [one.passes[size] for one in own if size in one.passes] for size in SIZES}
        cells = [_share(asked[size]) + " / " + _share(serving[size]) for size in POWER_AT]
        rows.append([name, *cells])
    heads = ["population", *[f"{size:,} decisions" for size in POWER_AT]]
    words = (
        "The share of draws in which the gate, asked once at that size, lets the house model replace the base model / "
        "in which a house model serves by then, after a retrain every 50 decisions."
    )
    return f"### Power of the gate\n\n{words}\n\n{table(heads, rows)}"


def _share(flags: Sequence[bool]) -> str:
    return f"{np.mean(flags):.0%}" if flags else "-"


def _noise(found: Found) -> str:
    fooled = sum(bool(sizes) for sizes in found.noise)
    return (
        "### Nothing to learn\n\n"
        f"{len(found.noise)} streams whose labels were drawn from the base model's own probabilities, with a retrain "
        f"every 50 decisions up to 1,000: a challenger was ever promoted in {fooled} ({found.false_share():.0%}; "
        f"allowed {MOST_FALSE:.0%})."
    )


def command_of(command: str, order: argparse.Namespace, usual: Mapping[str, Any]) -> str:
    """The command to run for the same figures."""
    options = [f" --{name} {getattr(order, name)}" for name, value in usual.items() if getattr(order, name) != value]
    options += [f" --population {name}" for name in order.population or []]
    return command + "".join(options) + (" --write" if order.write else "")


def write(found: Found) -> None:
    """Fills the page's measured part and draws the plot."""
    from benchmarks.learning.plot import plot

    write_part(PAGE, "curves", page_part(found))
    plot(found, PLOT)
