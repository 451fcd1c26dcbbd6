"""The tables of `docs/learning.md`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.learning.material import SEED, SIZES
from benchmarks.learning.runs import MODELS, Curve
from benchmarks.pages import DOCS, table
from followguard.classifier.features import FEATURES, schema_hash

PAGE = DOCS / "learning.md"
PLOT = DOCS / "learning" / "curves.png"
FEW, FEW_FLOOR, FLOOR = 50, -0.02, -0.005
"""Up to `FEW` decisions the learner's AUC may fall to `FEW_FLOOR` below the base model's; with more decisions, and for
the served model at any number, to `FLOOR`."""
REACH, EARLY, LATE = -0.01, 100, 400
NEAR = 0.001
"""AUC within which two models are tied in the counts of won and lost."""
POWER_AT = (100, 400, 1000)
MOST_FALSE = 0.05
PAIRS = (("learner", "base"), ("learner", "forest"), ("served", "base"), ("served", "forest"))
Cell = tuple[str, int]
"""A population, and the number of decisions."""


@dataclass(frozen=True, slots=True)
class Found:
    """All draws; `noise` holds, for each stream with nothing to learn, the sizes at which a model was promoted."""

    curves: Sequence[Curve]
    noise: Sequence[Sequence[int]]
    draws: int
    command: str

    def names(self) -> list[str]:
        """Lists the populations in their order."""
        return list(dict.fromkeys(one.population for one in self.curves))

    def cells(self) -> list[Cell]:
        """Lists the cells that every draw came to."""
        every = {name: [one for one in self.curves if one.population == name] for name in self.names()}
        return [(name, size) for name in every for size in SIZES if all(size in one.figures for one in every[name])]

    def mean(self, cell: Cell, model: str, which: int = 0) -> float:
        """Takes the mean AUC (0) or Brier score (1) over the draws."""
        own = [one.figures[cell[1]][model][which] for one in self.curves if one.population == cell[0]]
        return float(np.mean(own))

    def above(self, cell: Cell, model: str, other: str) -> float:
        """Tells how much better a model ranks than another."""
        return self.mean(cell, model) - self.mean(cell, other)

    def better(self, cell: Cell) -> float:
        """Compares the learner with the better of base and forest."""
        return min(self.above(cell, "learner", "base"), self.above(cell, "learner", "forest"))

    def worst(self, gap: Callable[[Cell], float], sizes: Sequence[int]) -> tuple[str, float] | None:
        """Finds the cell where the gap is least, and the gap."""
        cells = [cell for cell in self.cells() if cell[1] in sizes]
        if not cells:
            return None
        cell = min(cells, key=gap)
        return f"{cell[0]} at {cell[1]:,}", gap(cell)

    def floors(self) -> list[dict[str, str]]:
        """Lists what was asked for, each with its worst cell, figure, floor and verdict."""
        few, many = [s for s in SIZES if s <= FEW], [s for s in SIZES if s > FEW]
        asked: list[tuple[str, Callable[[Cell], float], Sequence[int], float]] = [
            (f"learner against base, up to {FEW}", lambda c: self.above(c, "learner", "base"), few, FEW_FLOOR),
            (f"learner against base, from {EARLY}", lambda c: self.above(c, "learner", "base"), many, FLOOR),
            ("served against base, anywhere", lambda c: self.above(c, "served", "base"), SIZES, FLOOR),
            (f"reach: learner against the better of base and forest, from {EARLY}", self.better, many, REACH),
        ]
        return [_verdict(words, self.worst(gap, sizes), floor) for words, gap, sizes, floor in asked]

    def lost(self) -> bool:
        """Tells whether a floor isn't kept, or the gate is fooled too often."""
        return any(row["verdict"] == "LOST" for row in self.floors()) or self.false_share() > MOST_FALSE

    def false_share(self) -> float:
        """Takes the share of streams with nothing to learn in which a challenger was ever promoted."""
        return float(np.mean([bool(sizes) for sizes in self.noise])) if self.noise else 0.0


def _verdict(words: str, worst: tuple[str, float] | None, floor: float) -> dict[str, str]:
    name, auc, verdict = "-", "-", "not measured"
    if worst is not None:
        name, auc = worst[0], f"{worst[1]:+.4f}"
        verdict = "kept" if worst[1] >= floor else "not reached" if words.startswith("reach") else "LOST"
    return {"what": words, "worst cell": name, "AUC": auc, "floor": f"{floor:+.3f}", "verdict": verdict}


def page_part(found: Found) -> str:
    """Puts all tables together."""
    head = (
        f"Measured by `{found.command}`: {found.draws} draws, {len(FEATURES)} features "
        f"(schema `{schema_hash()[:12]}`), seed {SEED}."
    )
    parts = [head, table(found.floors()), _curves(found), _counts(found), _brier(found), _power(found), _noise(found)]
    return "\n\n".join(parts)


def _curves(found: Found) -> str:
    rows = [_curve(found, name, model) for name in found.names() for model in MODELS]
    return "### Mean AUC on held-out followers\n\n" + table(rows)


def _curve(found: Found, name: str, model: str) -> dict[str, str]:
    aucs = {f"{size:,}": _cell(found, (name, size), model) for size in SIZES}
    return {"population": name if model == MODELS[0] else "", "model": model, **aucs}


def _cell(found: Found, cell: Cell, model: str) -> str:
    return f"{found.mean(cell, model):.4f}" if cell in found.cells() else "-"


def _counts(found: Found) -> str:
    head = "won / tied / lost populations"
    rows = [
        {head: f"{model} against {other}"} | {f"{size:,}": _won_lost(found, size, model, other) for size in SIZES}
        for model, other in PAIRS
    ]
    late = [cell for cell in found.cells() if cell[1] >= LATE]
    both = sum(found.better(cell) > 0.0 for cell in late)
    close = [cell for cell in found.cells() if cell[1] >= EARLY and found.better(cell) < REACH]
    words = f"From {LATE} decisions on the learner is above both base and forest in {both} of {len(late)} cells. "
    behind = ", ".join(f"{name} at {size:,} ({found.better((name, size)):+.3f})" for name, size in close) or "none"
    words += f"Cells from {EARLY} decisions on that are more than {-REACH} behind the better of the two: {behind}."
    return f"### Won and lost\n\nTied is within {NEAR} AUC.\n\n{table(rows)}\n\n{words}"


def _won_lost(found: Found, size: int, model: str, other: str) -> str:
    gaps = np.array([found.above(cell, model, other) for cell in found.cells() if cell[1] == size])
    won, lost = int((gaps > NEAR).sum()), int((gaps < -NEAR).sum())
    return f"{won} / {len(gaps) - won - lost} / {lost}"


def _brier(found: Found) -> str:
    rows = [{"model": model} | {f"{s:,}": _mean_brier(found, s, model) for s in SIZES} for model in MODELS]
    return "### Mean Brier score over the populations\n\n" + table(rows)


def _mean_brier(found: Found, size: int, model: str) -> str:
    own = [found.mean(cell, model, 1) for cell in found.cells() if cell[1] == size]
    return f"{np.mean(own):.4f}" if own else "-"


def _power(found: Found) -> str:
    rows = [
        {"population": name} | {f"{size:,} decisions": _promoted(found, name, size) for size in POWER_AT}
        for name in found.names()
    ]
    words = (
        "The share of draws in which the gate, asked once at that size, lets the house model replace the base model / "
        "in which a house model serves by then, after a retrain every 50 decisions."
    )
    return f"### Power of the gate\n\n{words}\n\n{table(rows)}"


def _promoted(found: Found, name: str, size: int) -> str:
    own = [one for one in found.curves if one.population == name]
    serving = [any(at <= size for at in one.promotions) for one in own if size in one.figures]
    return _share([one.passes[size] for one in own if size in one.passes]) + " / " + _share(serving)


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
