"""How good the base model's recipe is on populations that it never saw: `python -m benchmarks.accuracy [--write]`.

It needs the public sets (`--datasets DIR`, else `../shared/datasets` beside the repository) and says so where they are
missing. It chooses nothing: each protocol trains the recipe in the tree, with the seed that is printed.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.accuracy.figures import Measured, Population, population
from benchmarks.accuracy.material import Material, bought_followers, cases, material
from benchmarks.accuracy.page import Found, page_part, write, write_card
from benchmarks.accuracy.runs import FOUR_COUNTS, SEED, Trained, forest_of_counts, ten_folds
from benchmarks.asking import parser, say, without_sets
from benchmarks.pages import command_of
from followguard.errors import DatasetMismatch
from followguard.training.base.reliability import RESAMPLES

USUAL = {"draws": 20, "resamples": RESAMPLES, "most": None}
"""Settings under which figures may be quoted."""
COMMAND = "python -m benchmarks.accuracy"
Hays = dict[str, list[Population]]


def asked(arguments: Sequence[str]) -> Namespace:
    """Reads the options."""
    options = parser(COMMAND, str(__doc__), "write docs/accuracy.md and its plots", USUAL)
    options.add_argument("--card", type=Path, help="also fill the part `accuracy` of this model card")
    options.add_argument("--draws", type=int, help="draws of protocol (a)")
    options.add_argument("--resamples", type=int, help="of each population, for the intervals")
    options.add_argument("--most", type=int, help="rows of each group at most: a quick look, not a figure to quote")
    return options.parse_args(arguments)


def main(arguments: Sequence[str] = ()) -> int:
    """Prints every table; returns 1 when a figure is short of its floor, 2 when the files are other ones."""
    from threadpoolctl import threadpool_limits

    order = asked(arguments)
    if without_sets(order, COMMAND):
        return 0
    started = (time.monotonic(), time.process_time())
    try:
        with threadpool_limits(limits=1):
            found = measured(order)
    except DatasetMismatch as wrong:
        print(wrong, file=sys.stderr)
        return 2
    wall, cpu = (now() - then for now, then in zip((time.monotonic, time.process_time), started, strict=True))
    print(f"\n{page_part(found)}\n\n{wall:.0f} s, of which {cpu:.0f} s of computing")
    if order.write:
        write(found)
    if order.card:
        write_card(found, order.card)
    return int(found.lost())


def measured(order: Namespace) -> Found:
    """Runs every protocol."""
    known = material(order.datasets, order.most)
    draws = drawn(known, order.draws)
    populations, hays = held_out(known, order.resamples)
    day = datetime.now(UTC).date()
    return Found(draws, populations, hays, day, command_of(COMMAND, order, USUAL), settings_of(order))


def drawn(known: Material, draws: int) -> dict[str, Measured]:
    """Runs protocol (a): every draw by itself, and the mean."""
    rows = bought_followers(known)
    found = []
    for draw in range(draws):
        found.append(ten_folds(rows, draw))
        say(f"(a) draw {draw + 1} of {draws}: accuracy {found[-1]['accuracy']:.4f}, AUC {found[-1]['auc']:.4f}")
    table = {name: np.array([figures[name] for figures in found]) for name in found[0]}
    return {name: Measured(float(values.mean()), values) for name, values in table.items()}


def held_out(known: Material, resamples: int) -> tuple[list[Population], Hays]:
    """Runs protocols (b), (c) and (d), whose populations (e) shares, and Hays' forest on the sets of (d)."""
    trained = Trained()
    populations: list[Population] = []
    hays: Hays = {name: [] for name in FOUR_COUNTS}
    for case in cases(known):
        spam = known.samples.spam[case.measured]
        scores = trained.scored(known, case)
        populations.append(population(case.letter, case.name, spam, scores, seed=SEED, resamples=resamples))
        say(f"({case.letter}) {case.name} held out: AUC {populations[-1].figures['auc'].value:.3f}")
        for name, counts in FOUR_COUNTS.items() if case.letter == "d" else ():
            shares = forest_of_counts(known, case, counts)
            hays[name].append(population("hays", case.name, spam, shares, seed=SEED, resamples=resamples))
            say(f"    Hays' forest with {name}: AUC {hays[name][-1].figures['auc'].value:.3f}")
    return populations, hays


def settings_of(order: Namespace) -> str:
    """Names what else the figures depend on, and warns where they aren't the real ones."""
    quick = f"; **a quick look at {order.most} rows a group at most, not figures to quote**" if order.most else ""
    return f"seed {SEED}, one thread, {order.resamples} resamples for each interval{quick}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
