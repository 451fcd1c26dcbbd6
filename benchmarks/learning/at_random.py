"""House models of decisions drawn at random, without desk and gate: who ranks strangers best, and at what price.

Beside the populations of the curves stand Cresci's sets as a whole, and thirds of the 2020 set whose other two thirds
are in the base model. Each model learns from the same decisions and is asked about the same other rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.learning.material import (
    MOST_ARRIVING,
    MOST_ASKED,
    SEED,
    Draw,
    Material,
    Population,
    Trainer,
    calibrated,
    figures,
)
from benchmarks.learning.runs import BASE, forest
from benchmarks.pages import table
from followguard.classifier.columns import Flags
from followguard.classifier.model import probabilities
from followguard.training.base.samples import Samples
from followguard.training.house.decisions import DecisionArrays
from followguard.training.house.model import train_house

SIZES = (25, 50, 100, 200, 400)
MODELS = (BASE, "house", "forest")
MANY = 50
"""From so many decisions on more is asked of the house model."""
NEAR, MORE, BEHIND = -0.003, 0.002, -0.005
"""How far the house model may be behind the better of base and forest in a cell, how far ahead it is to be in the mean,
and how far it may ever be behind the base."""
CRESCI, INSIDE, INSIDE_OF = "cresci", "inside-2020", "human-bots-2020"
THIRDS = 3
Cell = dict[str, tuple[float, float]]
"""AUC and Brier score of each model."""


@dataclass(frozen=True, slots=True)
class RandomRun:
    """One draw: for each number of decisions what each model made of it."""

    population: str
    cells: dict[int, Cell]


def whole_populations(
    known: Material, names: list[str] | None = None, trainer: Trainer = calibrated
) -> Iterator[Population]:
    """Yields Cresci's sets, and each third of the 2020 set, with a base model that never saw them."""
    for name, own in _kept_apart(known.samples):
        if own.any() and (not names or _family(name) in names):
            base = trainer(known.samples.where(~own))
            yield Population(name, base, np.flatnonzero(own), float(known.samples.spam[own].mean()))


def _kept_apart(rows: Samples) -> Iterator[tuple[str, Flags]]:
    yield CRESCI, np.char.startswith(rows.source, CRESCI)
    third = np.random.default_rng(SEED).integers(THIRDS, size=len(rows))
    for number in range(THIRDS):
        yield f"{INSIDE} {number + 1}", (rows.source == INSIDE_OF) & (third == number)


def _family(name: str) -> str:
    """Returns the name under which draws are put together: the thirds of a set are one population."""
    return name.partition(" ")[0]


def random_run(known: Material, population: Population, number: int) -> RandomRun:
    """Runs one draw: the first n of the same decisions for each n."""
    draw = _drawn(known, population, number)
    sizes = [size for size in SIZES if size <= len(draw.arriving)]
    return RandomRun(population.name, {size: _cell(known, population, draw, size, number) for size in sizes})


def _drawn(known: Material, population: Population, number: int) -> Draw:
    rng = np.random.default_rng([SEED, number, *population.name.encode()])
    spam = known.samples.spam[population.rows]
    sides = [rng.permutation(population.rows[spam == label]) for label in (True, False)]
    shares = (population.share, 1.0 - population.share)
    most = min(SIZES[-1], *(int(MOST_ARRIVING * len(own) / share) for own, share in zip(sides, shares, strict=True)))
    counts = [round(most * share) for share in shares]
    arriving = rng.permutation(np.concatenate([own[:n] for own, n in zip(sides, counts, strict=True)]))
    asked = np.concatenate([own[n:][:MOST_ASKED] for own, n in zip(sides, counts, strict=True)])
    return Draw(arriving, np.arange(len(arriving)), asked)


def _cell(known: Material, population: Population, draw: Draw, size: int, number: int) -> Cell:
    rows, matrix = _decided(known, draw, size), known.samples.matrix[draw.asked]
    said = {
        BASE: probabilities(population.base, matrix),
        "house": probabilities(train_house(population.base, rows, SEED), matrix),
        "forest": forest(rows, matrix, SEED + number),
    }
    return {name: figures(known, population, draw.asked, p_spam) for name, p_spam in said.items()}


def _decided(known: Material, draw: Draw, size: int) -> DecisionArrays:
    """Takes the first decisions, each of a night of its own and as heavy as every other."""
    rows = draw.arriving[:size]
    names, key = np.full(size, "", dtype=np.str_), rows.astype(np.str_)
    return DecisionArrays(known.samples.matrix[rows], known.samples.spam[rows], np.ones(size), key, names, names, key)


Cells = dict[tuple[str, int], Cell]
"""The means over the draws, by population and number of decisions."""


def random_part(runs: Sequence[RandomRun], command: str, draws: int) -> str:
    """Writes the tables: what was asked for, then every cell."""
    named: dict[str, list[RandomRun]] = {}
    for run in runs:
        named.setdefault(_family(run.population), []).append(run)
    cells = {(name, size): _mean(own, size) for name, own in named.items() for size in SIZES if _has(own, size)}
    head = f"Measured by `{command}`: {draws} draws of each population; AUC, and in brackets the Brier score."
    rows = [_row(cells, name, model) for name in named for model in MODELS]
    return f"{head}\n\n{table(asked(cells))}\n\n{table(rows)}"


def asked(cells: Cells) -> list[dict[str, str]]:
    """Lists what is asked of the house model, each with its worst cell, or the mean of the cells."""
    many = {at: _house_above(cell, BASE, "forest") for at, cell in cells.items() if at[1] >= MANY}
    above = {at: _house_above(cell, BASE) for at, cell in cells.items()}
    brier = {at: cell[BASE][1] - cell["house"][1] for at, cell in cells.items() if at[1] >= MANY}
    better = f"AUC above the better of base and forest, from {MANY} on"
    rows = [
        (better, *_worst(many), NEAR),
        (better, "mean", float(np.mean([*many.values()])) if many else 0.0, MORE),
        ("AUC above the base", *_worst(above), BEHIND),
        (f"Brier score below the base's, from {MANY} on", *_worst(brier), 0.0),
    ]
    return [_judged(*row) for row in rows]


def _house_above(cell: Cell, *others: str) -> float:
    return cell["house"][0] - max(cell[other][0] for other in others)


def _worst(gaps: dict[tuple[str, int], float]) -> tuple[str, float]:
    if not gaps:
        return "-", 0.0
    name, size = min(gaps, key=lambda at: gaps[at])
    return f"{name} at {size}", gaps[name, size]


def _judged(what: str, where: str, found: float, least: float) -> dict[str, str]:
    verdict = "reached" if found >= least else "not reached"
    return {"what": what, "where": where, "found": f"{found:+.4f}", "asked": f"{least:+.3f}", "verdict": verdict}


def _has(own: Sequence[RandomRun], size: int) -> bool:
    return all(size in run.cells for run in own)


def _mean(own: Sequence[RandomRun], size: int) -> Cell:
    means = {model: np.mean([run.cells[size][model] for run in own], axis=0) for model in MODELS}
    return {model: (float(auc), float(brier)) for model, (auc, brier) in means.items()}


def _row(cells: Cells, name: str, model: str) -> dict[str, str]:
    own = {size: cells[name, size][model] if (name, size) in cells else None for size in SIZES}
    shown = {str(size): f"{one[0]:.4f} ({one[1]:.3f})" if one else "-" for size, one in own.items()}
    return {"population": name if model == BASE else "", "model": model, **shown}
