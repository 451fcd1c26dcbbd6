"""Whether canaries stop liars and let honest people pass: `python -m benchmarks.canaries [--datasets DIR] [--write]`.

Every population is held out of the base model that learning starts from, as in docs/accuracy.md.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from benchmarks.accuracy.material import material
from benchmarks.asking import parser, without_sets
from benchmarks.pages import DOCS, table, write_part
from followguard.classifier.model import Model, probabilities
from followguard.training.base.protocol import cases
from followguard.training.base.samples import Samples
from followguard.training.base.training import train
from followguard.training.house.decisions import MANY_PEOPLE, DecisionArrays, capped_weights
from followguard.training.house.model import train_house
from followguard.training.retrain.refusals import canaries

COMMAND = "python -m benchmarks.canaries"
PAGE = DOCS / "audit.md"
SHARES, SIZES, DRAWS = (0.1, 0.2, 0.45), (60, 200, 600, 1000), 4
EACH, NIGHT = 200, 25
PEOPLE = (1, 2, 3, 5, 8)


@dataclass(frozen=True, slots=True)
class Flock:
    """A model's scores of the canaries: how many are on the wrong side, the highest real one, the lowest spam one."""

    wrong: int
    genuine: float
    spam: float


@dataclass(frozen=True, slots=True)
class Row:
    """One population: honest models, and for each number of people a model to which one of them lied."""

    name: str
    honest: Sequence[Flock]
    hostile: Sequence[Flock]


def flock_of(model: Model) -> Flock:
    """Scores the canaries."""
    flock = canaries()
    p_spam = probabilities(model, flock.matrix)
    return Flock(len(flock.wrong_under(p_spam)), float(p_spam[~flock.spam].max()), float(p_spam[flock.spam].min()))


def drawn(rows: Samples, size: int, share: float, seed: int) -> Samples:
    """Draws so many followers in random order, or as many as there are, with that share of spam."""
    rng = np.random.default_rng(seed)
    spam, genuine = np.flatnonzero(rows.spam), np.flatnonzero(~rows.spam)
    many = min(int(size * share), len(spam))
    chosen = np.concatenate(
        [rng.choice(spam, many, replace=False), rng.choice(genuine, min(size - many, len(genuine)), replace=False)]
    )
    return rows.where(rng.permutation(chosen))


def decided_by(rows: Samples, people: int, *, lies: bool) -> DecisionArrays:
    """Deals decisions out to so many people and caps weights; the first says the opposite if anybody `lies`."""
    number = np.arange(len(rows))
    who = number % people
    decided = DecisionArrays(
        matrix=rows.matrix,
        spam=np.where((who == 0) & lies, ~rows.spam, rows.spam),
        weight=np.ones(len(rows)),
        night=np.array([f"acme {each // NIGHT}" for each in number]),
        batch=np.full(len(rows), "", dtype=np.str_),
        person=np.array([f"p{each}" for each in who]),
        key=number.astype(np.str_),
    )
    capped = capped_weights(decided.weight, decided.spam, decided.night, decided.batch, decided.person)
    return replace(decided, weight=capped.weights)


def measured(samples: Samples, seed: int) -> Iterator[Row]:
    """Measures each population in turn."""
    for case in cases(samples):
        base, rows = train(samples.where(~case.unseen), seed), samples.where(case.measured)
        honest = [
            flock_of(train_house(base, decided_by(drawn(rows, size, share, draw), 1, lies=False), seed))
            for share in SHARES
            for size in SIZES
            for draw in range(DRAWS)
        ]
        hostile = [
            flock_of(train_house(base, decided_by(drawn(rows, EACH * people, 0.2, seed), people, lies=True), seed))
            for people in PEOPLE
        ]
        yield Row(case.name, honest, hostile)


def page_part(rows: Sequence[Row]) -> str:
    """Puts both tables together."""
    honest = sum(len(row.honest) for row in rows)
    vetoed = sum(one.wrong > 0 for row in rows for one in row.honest)
    return "\n\n".join(
        [
            f"Measured on {datetime.now(UTC).date()} by `{COMMAND} --write`: of "
            f"{honest} models of honest decisions {vetoed} are refused.",
            table([_honest(row) for row in rows]),
            f"One person flips {EACH} labels, the others decide {EACH} each rightly. Canaries on the wrong side, then "
            "the highest real one and the lowest spam one:",
            table([_hostile(row) for row in rows]),
        ]
    )


def _honest(row: Row) -> dict[str, str]:
    return {
        "held out": row.name,
        "honest models refused": f"{sum(one.wrong > 0 for one in row.honest)} of {len(row.honest)}",
        "highest real one": f"{max(one.genuine for one in row.honest):.2f}",
        "lowest spam one": f"{min(one.spam for one in row.honest):.2f}",
    }


def _hostile(row: Row) -> dict[str, str]:
    scores = [f"{one.wrong}; {one.genuine:.2f}, {one.spam:.2f}" for one in row.hostile]
    return {"held out": row.name} | {f"1 of {n} lies": score for n, score in zip(PEOPLE, scores, strict=True)}


def main(arguments: Sequence[str] = ()) -> int:
    """Prints both tables.

    Returns 1 when honest people are refused in more than one case of a hundred, or five or more can't outvote one.
    """
    order = parser(COMMAND, str(__doc__), "into docs/audit.md", {}).parse_args(arguments)
    if without_sets(order, COMMAND):
        return 0
    rows = list(measured(material(order.datasets).samples, seed=1))
    part = page_part(rows)
    print(part)
    if order.write:
        write_part(PAGE, "canaries", part)
    refused = np.mean([one.wrong > 0 for row in rows for one in row.honest])
    many = [people >= MANY_PEOPLE for people in PEOPLE]
    outvoted = all(one.wrong == 0 for row in rows for one, enough in zip(row.hostile, many, strict=True) if enough)
    return int(bool(refused > 0.01) or not outvoted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
