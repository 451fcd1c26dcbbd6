"""The populations of the learning bench: each with a base model that never saw it, drawn anew for every draw."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from followguard.classifier.columns import Flags, Floats, Whole
from followguard.classifier.metrics import auc
from followguard.classifier.model import Model
from followguard.screening.holding_back import only_lacks_data
from followguard.training.base.protocol import OTHER_SETS, cases
from followguard.training.base.public_sets import load_public_sets
from followguard.training.base.samples import Samples, samples_of
from followguard.training.base.training import RECIPE, Fitted, train
from followguard.training.models.folders import shipped_base
from followguard.training.models.loading import load_model

SEED = 20_261_122
SIZES = (25, 50, 100, 200, 400, 1000)
SPAM_SHARE = 0.20
"""The share in streams of Cresci's groups; the other sets have genuine accounts of their own, and keep their share."""
ARRIVALS = 1400
"""Most followers that arrive: more than 1,000 decisions, for some are held back or wait."""
MOST_ARRIVING = 0.6
"""The share of a population's spam, and of its genuine accounts, that arrives; the models are asked about the rest."""
MOST_ASKED = 2500
"""Most held-out rows of each label."""
A_NIGHT, A_CAMPAIGN, EVERY = 25, 90, 7
"""Mean number of followers of a night, and of every seventh: more than a day's cards."""


@dataclass(frozen=True, slots=True)
class Population:
    """Followers that the base model never saw, as numbers of rows, with the share of spam they come with."""

    name: str
    base: Model
    rows: Whole
    share: float


@dataclass(frozen=True, slots=True)
class Material:
    """All rows; `thin` marks profiles too empty to be held back by a machine."""

    samples: Samples
    thin: Flags


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: who arrives, in order, in which night, and which rows every model is asked about."""

    arriving: Whole
    night: Whole
    asked: Whole


def material(directory: Path) -> Material:
    """Loads the public sets."""
    rows = load_public_sets(directory)
    thin = [only_lacks_data(row.profile, in_batch=False) for row in rows]
    return Material(samples_of(rows), np.array(thin, dtype=bool))


Trainer = Callable[[Samples], Model]


def calibrated(samples: Samples) -> Model:
    """Trains a base model as it ships."""
    return train(samples, SEED)


def with_shipped_slopes(samples: Samples) -> Model:
    """Trains a base model for a tenth of the time: its slopes are the shipped model's, not fitted for this one."""
    shipped = load_model(shipped_base()).model
    both = (part.all_slopes for part in (shipped.with_likes, shipped.without_likes))
    return Fitted.to(samples, RECIPE, SEED).model(*both)


def populations(known: Material, names: list[str] | None = None, trainer: Trainer = calibrated) -> Iterator[Population]:
    """Yields each spam group of Cresci 2017, held out with half of its genuine accounts, and each other set."""
    for case in cases(known.samples):
        if names and case.name not in names:
            continue
        rows = np.flatnonzero(case.measured)
        share = float(known.samples.spam[rows].mean()) if case.name in OTHER_SETS else SPAM_SHARE
        yield Population(case.name, trainer(known.samples.where(~case.unseen)), rows, share)


def drawn(known: Material, population: Population, draw: int) -> Draw:
    """Draws the same for the same number, whatever else is drawn."""
    rng = np.random.default_rng([SEED, draw, *population.name.encode()])
    spam = known.samples.spam[population.rows]
    sides = [rng.permutation(population.rows[spam]), rng.permutation(population.rows[~spam])]
    shares = (population.share, 1.0 - population.share)
    most = min(ARRIVALS, *(int(MOST_ARRIVING * len(rows) / share) for rows, share in zip(sides, shares, strict=True)))
    counts = [round(most * share) for share in shares]
    arriving = rng.permutation(np.concatenate([rows[:n] for rows, n in zip(sides, counts, strict=True)]))
    asked = np.concatenate([rows[n:][:MOST_ASKED] for rows, n in zip(sides, counts, strict=True)])
    return Draw(arriving, _nights(len(arriving), rng), asked)


def _nights(many: int, rng: np.random.Generator) -> Whole:
    sizes = [rng.poisson(A_CAMPAIGN if night % EVERY == EVERY - 1 else A_NIGHT) for night in range(many // 10 + 2)]
    return np.repeat(np.arange(len(sizes)), sizes)[:many]


def figures(known: Material, population: Population, asked: Whole, p_spam: Floats) -> tuple[float, float]:
    """Computes AUC, and the Brier score at the share of spam with which followers arrive."""
    spam = known.samples.spam[asked]
    weights = np.where(spam, population.share / spam.mean(), (1.0 - population.share) / (1.0 - spam.mean()))
    return float(auc(spam, p_spam) or 0.0), float(np.average((p_spam - spam) ** 2, weights=weights))
