"""One draw of the learning bench: a stream of decisions, a retrain and the gate every fifty, and who ranks how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np

from benchmarks.learning.material import SEED, SIZES, Draw, Material, Population, drawn, figures
from benchmarks.learning.stream import decided, stream
from followguard.classifier.columns import Floats, Matrix
from followguard.classifier.model import Model, probabilities
from followguard.training.house.decisions import DecisionArrays
from followguard.training.house.gate import Trial, judge
from followguard.training.house.model import train_house

EVERY = 50
"""Policy `retrain_after_decisions`."""
TREES = 300
BASE = "base"
MODELS = (BASE, "learner", "served", "forest")
Pair = tuple[float, float]
Result = TypeVar("Result")


@dataclass(slots=True)
class Curve:
    """One draw: size -> model -> AUC and Brier score; whether the gate, asked once, lets the learner pass."""

    population: str
    figures: dict[int, dict[str, Pair]] = field(default_factory=dict)
    passes: dict[int, bool] = field(default_factory=dict)
    promotions: list[int] = field(default_factory=list)


@dataclass(slots=True)
class House:
    """The model that serves and how many decisions it has learned from; models already trained are kept."""

    base: Model
    served: Model
    name: str = BASE
    learned: int = 0
    known: dict[bytes, Model] = field(default_factory=dict)

    def train(self, base: Model, rows: DecisionArrays, seed: int) -> Model:
        """Trains once for the same decisions: the gate asks for the same models at every retrain."""
        key = b"%d " % len(rows) + rows.weight.tobytes() + rows.matrix.tobytes()
        if key not in self.known:
            self.known[key] = train_house(base, rows, seed)
        return self.known[key]

    def retrain(self, rows: DecisionArrays) -> bool:
        """Promotes what passes the gate on decisions that the champion hasn't learned from, as the retrain job does."""
        fresh = np.arange(len(rows)) >= self.learned
        if not judge(Trial(self.base, self.served, rows, SEED, fresh), self.train).promoted:
            return False
        self.served, self.name, self.learned = self.train(self.base, rows, SEED), f"house {len(rows)}", len(rows)
        return True


def curve(known: Material, population: Population, number: int) -> Curve:
    """Runs one draw of one population."""
    draw = drawn(known, population, number)
    house = House(population.base, population.base)
    found = Curve(population.name)
    ask = partial(_figures, known, population, draw)
    done = 0
    for desk in stream(known, draw, SEED + number, lambda: (house.served, house.name)):
        for size in _due(done, len(desk.rows)):
            rows = decided(known, desk, size)
            if size % EVERY == 0 and house.retrain(rows):
                found.promotions.append(size)
            if size in SIZES:
                found.figures[size] = ask(rows, house, SEED + number)
                found.passes[size] = judge(Trial(house.base, house.base, rows, SEED), house.train).promoted
        done = len(desk.rows)
        if done >= SIZES[-1]:
            break
    return found


def _due(done: int, now: int) -> list[int]:
    sizes = {*SIZES, *range(EVERY, SIZES[-1] + 1, EVERY)}
    return sorted(size for size in sizes if done < size <= now)


def _figures(
    known: Material, population: Population, draw: Draw, rows: DecisionArrays, house: House, seed: int
) -> dict[str, Pair]:
    matrix = known.samples.matrix[draw.asked]
    said = {
        BASE: probabilities(house.base, matrix),
        "learner": probabilities(house.train(house.base, rows, SEED), matrix),
        "served": probabilities(house.served, matrix),
        "forest": forest(rows, matrix, seed),
    }
    return {name: figures(known, population, draw.asked, p_spam) for name, p_spam in said.items()}


def forest(rows: DecisionArrays, matrix: Matrix, seed: int) -> Floats:
    """Scores by a random forest on the decisions alone; unlike our models it may also learn from what is missing."""
    from sklearn.ensemble import RandomForestClassifier

    if not rows.both_labels():
        return np.full(len(matrix), 0.5)
    trees = RandomForestClassifier(n_estimators=TREES, random_state=seed, n_jobs=1)
    trees.fit(rows.matrix, rows.spam)
    return np.asarray(trees.predict_proba(matrix)[:, 1])


def noise_run(known: Material, population: Population, number: int) -> list[int]:
    """Retrains on labels drawn from the base model's own probabilities, which teach nothing; returns sizes promoted."""
    draw = drawn(known, population, number)
    matrix = known.samples.matrix[draw.arriving]
    rng = np.random.default_rng([SEED, number, 77])
    spam = rng.random(len(matrix)) < probabilities(population.base, matrix)
    night = np.array([f"acme {night}" for night in draw.night], dtype=np.str_)
    names = np.full(len(matrix), "", dtype=np.str_)
    rows = DecisionArrays(matrix, spam, np.ones(len(matrix)), night, names, names, draw.arriving.astype(np.str_))
    house = House(population.base, population.base)
    sizes = range(EVERY, min(len(rows), SIZES[-1]) + 1, EVERY)
    return [size for size in sizes if house.retrain(rows.where(np.arange(size)))]


def run(jobs: Sequence[Callable[[], Result]], workers: int, done: Callable[[Result], None]) -> list[Result]:
    """Runs all jobs in their order, on as many processes."""
    from joblib import Parallel, delayed

    found = []
    for result in Parallel(n_jobs=workers, return_as="generator")(delayed(job)() for job in jobs):
        done(result)
        found.append(result)
    return found
