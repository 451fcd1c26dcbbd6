"""Do canaries stop liars and let honest people pass? `python -m benchmarks.canaries [--datasets DIR] [--write]`.

Every population is held out of the base model that learning starts from, as in docs/accuracy.md.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.accuracy import DATASETS
from benchmarks.accuracy_material import material
from benchmarks.pages import DOCS, table, write_part
from followguard.learning.canaries import canaries
from followguard.learning.decided import DecisionArrays
from followguard.learning.house import train_house
from followguard.learning.model import Model
from followguard.learning.protocol import cases
from followguard.learning.samples import Samples
from followguard.learning.sampling_weights import MANY_PEOPLE, capped_weights
from followguard.learning.scoring import probabilities
from followguard.learning.training import train

PAGE = DOCS / "audit.md"
SHARES, SIZES, DRAWS = (0.1, 0.2, 0.45), (60, 200, 600, 1000), 4
EACH, NIGHT = 200, 25
PEOPLE = (1, 2, 3, 5, 8)


@dataclass(frozen=True, slots=True)
class Flock:
    """What a model makes of the canaries: how many are on the wrong side, the highest real one, the lowest spam one."""

    wrong: int
    genuine: float
    spam: float


@dataclass(frozen=True, slots=True)
class Row:
    """One population: honest models, and for each number of people the model of which one person lied."""

    name: str
    honest: Sequence[Flock]
    hostile: Sequence[Flock]


def flock_of(model: Model) -> Flock:
    """How the canaries fare."""
    flock = canaries()
    p_spam = probabilities(model, flock.matrix)
    return Flock(len(flock.wrong_under(p_spam)), float(p_spam[~flock.spam].max()), float(p_spam[flock.spam].min()))


def drawn(rows: Samples, size: int, share: float, seed: int) -> Samples:
    """So many followers in random order, or as many as there are, with that share of spam."""
    rng = np.random.default_rng(seed)
    spam, genuine = np.flatnonzero(rows.spam), np.flatnonzero(~rows.spam)
    many = min(int(size * share), len(spam))
    chosen = np.concatenate(
        [rng.choice(spam, many, replace=False), rng.choice(genuine, min(size - many, len(genuine)), replace=False)]
    )
    return rows.where(rng.permutation(chosen))


def decided_by(rows: Samples, people: int, *, lies: bool) -> DecisionArrays:
    """Decisions dealt out in turn to so many people, of whom the first says the opposite if anybody `lies`; capped."""
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
    """Each population in turn."""
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
    """Both tables."""
    honest = sum(len(row.honest) for row in rows)
    vetoed = sum(one.wrong > 0 for row in rows for one in row.honest)
    heads = ["held out", "honest models refused", "highest real one", "lowest spam one"]
    lies = [f"1 of {people} lies" for people in PEOPLE]
    return "\n\n".join(
        [
            f"Measured on {datetime.now(UTC).date()} by `python -m benchmarks.canaries --write`: of "
            f"{honest} models of honest decisions {vetoed} are refused.",
            table(
                heads,
                [
                    [row.name, f"{sum(one.wrong > 0 for one in row.honest)} of {len(row.honest)}",
                     f"{max(one.genuine for one in row.honest):.2f}", f"{min(one.spam for one in row.honest):.2f}"]
                    for row in rows
                ],
            ),
            f"One person flips {EACH} labels, the others decide {EACH} each rightly. Canaries on the wrong side, then "
            "the highest real one and the lowest spam one:",
            table(
                ["held out", *lies],
                [[row.name, *(f"{one.wrong}; {one.genuine:.2f}, {one.spam:.2f}" for one in row.hostile)]
                 for row in rows],
            ),
        ]
    )  # fmt: skip


def main(arguments: Sequence[str] = ()) -> int:
    """Prints both tables; 1 when honest people are refused in more than one case of a hundred, or five or more can't
    outvote one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.canaries", description=__doc__)
    parser.add_argument("--datasets", type=Path, default=DATASETS, help="the folder of the public sets")
    parser.add_argument("--write", action="store_true", help="into docs/audit.md")
    order = parser.parse_args(arguments)
    if not order.datasets.is_dir():
        print(f"Skipped: no public sets in {order.datasets.name!r}. Give their folder: --datasets DIR")
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
