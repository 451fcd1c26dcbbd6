"""What random decisions do to the probabilities on populations never seen: `python -m benchmarks.recalibration`.

It needs the public sets (`--datasets DIR`, else `../shared/datasets` beside the repository) and says so where they are
missing. It chooses nothing: base model and update are those in the tree, with the seed that is printed.
"""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.accuracy.material import Material, cases, material
from benchmarks.asking import parser, say, without_sets
from benchmarks.pages import DOCS, command_of, table, write_part
from followguard.classifier.base_rate import base_logit_from_scores
from followguard.classifier.columns import Flags, Floats
from followguard.classifier.features import FEATURES, schema_hash
from followguard.classifier.model import scores
from followguard.classifier.recalibration import recalibrated
from followguard.training.base.fitting import FAMILIES as FAMILY_OF
from followguard.training.base.fitting import families_of
from followguard.training.base.reliability import Judged
from followguard.training.base.train_base import SEED
from followguard.training.base.training import PREVALENCE, train

USUAL = {"draws": 400}
COMMAND = "python -m benchmarks.recalibration"
PAGE = DOCS / "first-mornings.md"
SIZES = (25, 50)
MANY = 4_000
"""So many decisions leave nothing but what an intercept and a slope can't mend."""
FAMILIES = ("cresci", "caverlee-2011", "human-bots-2020")
MOST_EACH, MOST_MEAN = 0.10, 0.09
"""What 25 random decisions were asked to reach: the ECE of each family left out, and its mean over them."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A population that the base model never saw: (n,) sums of contributions, the answers, and where logits start."""

    name: str
    sums: Floats
    spam: Flags
    base_logit: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ECE of one population at a share of spam, as trained, with the share estimated, and after each draw.

    `after` maps the number of decisions to one figure a draw, `limit` is that of very many.
    """

    name: str
    share: float
    own: bool
    trained: float
    estimated: float
    after: dict[int, Floats]
    limit: float


def main(arguments: Sequence[str] = ()) -> int:
    """Prints the table; returns 1 where the reach is lost."""
    options = parser(COMMAND, str(__doc__), "write docs/first-mornings.md", USUAL)
    options.add_argument("--draws", type=int, help="draws of each number of decisions")
    order = options.parse_args(arguments)
    if without_sets(order, COMMAND):
        return 0
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        found = [each for one in populations(material(order.datasets)) for each in outcomes(one, order.draws)]
    part = page_part(found, order)
    print(f"\n{part}")
    if order.write:
        write_part(PAGE, "figures", part)
    return int(any(row["verdict"].startswith("LOST") for row in asked_for(found)))


def populations(known: Material) -> Iterator[Unseen]:
    """Yields each family of sets, then each set of protocol (d) that isn't a family by itself."""
    samples, families = known.samples, families_of(known.samples)
    left_out = {name: families == FAMILY_OF.get(name, name) for name in FAMILIES}
    met = list(left_out.values())
    for case in cases(known):
        if case.letter == "d" and not any((case.unseen == rows).all() for rows in met):
            left_out[case.name] = case.unseen
    for name, rows in left_out.items():
        model = train(samples.where(~rows), SEED)
        found = scores(model, samples.matrix[rows])
        yield Unseen(name, found.contributions.sum(axis=1), samples.spam[rows], model.base_logit)


def outcomes(one: Unseen, draws: int) -> Iterator[Outcome]:
    """Yields what comes of a population at its own share of spam, and at 20 %."""
    tally = Judged(one.spam, one.sums).tally()

    def ece(start: float, slope: float, share: float) -> float:
        return replace(tally, levels=_probability(start + slope * tally.levels)).ece(share)

    begun = np.full(len(one.sums), one.base_logit)
    estimated = base_logit_from_scores(_probability(begun + one.sums).tolist(), begun.tolist(), one.base_logit)
    for share, own in ((float(one.spam.mean()), True), (PREVALENCE, False)):
        after = {}
        for size in SIZES:
            moves = [recalibrated(*_drawn(one, size, share, draw), one.base_logit) for draw in range(draws)]
            after[size] = np.array([ece(one.base_logit + each.intercept, each.slope, share) for each in moves])
        trained, last = ece(one.base_logit, 1.0, share), recalibrated(*_drawn(one, MANY, share, 0), one.base_logit)
        limit = ece(one.base_logit + last.intercept, last.slope, share)
        yield Outcome(one.name, share, own, trained, ece(estimated, 1.0, share), after, limit)
        say(f"{one.name} at {share:.0%}: {trained:.3f}, then {', '.join(f'{a.mean():.3f}' for a in after.values())}")


def _drawn(one: Unseen, size: int, share: float, draw: int) -> tuple[Floats, Flags]:
    """Draws followers at random, of whom `share` are spam in the mean: their sums and answers."""
    rng = np.random.default_rng([SEED, draw, size])
    spam = int(rng.binomial(size, share))
    rows = np.concatenate(
        [rng.choice(np.flatnonzero(one.spam == kind), n) for kind, n in ((True, spam), (False, size - spam))]
    )
    return one.sums[rows], one.spam[rows]


def _probability(logit: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))))


def asked_for(found: Sequence[Outcome]) -> list[dict[str, str]]:
    """Compares the families left out with what was asked for, at their own share of spam and at 20 %."""
    rows = []
    for own, at in ((True, "at their own share"), (False, f"at {PREVALENCE:.0%}")):
        means = [float(each.after[25].mean()) for each in found if each.own is own and each.name in FAMILIES]
        asked = (("worst family", max(means), MOST_EACH), ("mean of the families", float(np.mean(means)), MOST_MEAN))
        rows += [
            {"ECE after 25": f"{what}, {at}", "measured": f"{value:.3f}", "asked": f"{most:.2f}",
             "verdict": "won: reached" if value <= most else "LOST"}
            for what, value, most in asked
        ]  # fmt: skip
    return rows


def page_part(found: Sequence[Outcome], order: Namespace) -> str:
    """Returns the tables in Markdown, with the command that measures them."""
    command = command_of(COMMAND, order, USUAL)
    head = f"Measured by `{command}`: {len(FEATURES)} features (schema `{schema_hash()[:12]}`), seed {SEED}"
    return f"{head}, {order.draws} draws.\n\n{table(asked_for(found))}\n\n{table([_row(each) for each in found])}"


def _row(each: Outcome) -> dict[str, str]:
    """Writes one row: the mean of the draws, the worst but of one draw in twenty, and the worst of all."""
    row = {"left out": each.name, "share of spam": f"{each.share:.0%}", "as trained": f"{each.trained:.3f}"}
    row["share estimated"] = f"{each.estimated:.3f}"
    for size, eces in each.after.items():
        row[f"after {size}: mean"] = f"{eces.mean():.3f}"
        row[f"after {size}: one in twenty"] = f"{np.quantile(eces, 0.95):.3f}"
        row[f"after {size}: worst"] = f"{eces.max():.3f}"
    row[f"after {MANY:,}"] = f"{each.limit:.3f}"
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
