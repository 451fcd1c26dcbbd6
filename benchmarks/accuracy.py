"""How good the base model's recipe is on populations that it never saw: `python -m benchmarks.accuracy [--write]`.

It needs the public sets (`--datasets DIR`, else `../shared/datasets` beside the repository) and says so where they are
missing. Nothing is chosen here: each protocol trains what stands in the tree, with the seed that is printed.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks import accuracy_tables as tables
from benchmarks.accuracy_figures import Measured, Population, mean, population
from benchmarks.accuracy_material import Material, bought_followers, cases, material
from benchmarks.accuracy_plots import plot
from benchmarks.accuracy_runs import FOUR_COUNTS, SEED, Trained, forest_of_counts, ten_folds
from benchmarks.pages import ACCURACY, write_part
from followguard.learning.features import FEATURES, schema_hash
from followguard.learning.reliability import RESAMPLES

DATASETS = Path(__file__).parents[2] / "shared" / "datasets"
DRAWS = 20
PLOTS = ACCURACY.parent / "accuracy"
COMMAND = "python -m benchmarks.accuracy"
Hays = dict[str, list[Population]]


def asked(arguments: Sequence[str]) -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=str(__doc__).partition(":")[0])
    parser.add_argument("--datasets", type=Path, default=DATASETS, help="folder of the public sets")
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md and its plots")
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of protocol (a)")
    parser.add_argument("--resamples", type=int, default=RESAMPLES, help="of each population, for the intervals")
    parser.add_argument("--most", type=int, help="rows of each group at most: a quick look, not a figure to quote")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] = ()) -> int:
    """Prints every table; 1 when a figure is short of its floor. 0 and a word where there are no sets."""
    from threadpoolctl import threadpool_limits

    order = asked(arguments)
    if not order.datasets.is_dir():
        print(f"Skipped: no public sets in {order.datasets.name!r}. Give their folder: {COMMAND} --datasets DIR")
        return 0
    with threadpool_limits(limits=1):
        started = time.monotonic()
        known = material(order.datasets, order.most)
        draws = drawn(known, order.draws)
        populations, hays = held_out(known, order.resamples)
    rows = verdict_rows(draws, populations, hays)
    page = page_of(draws, populations, hays, order)
    print(f"\n{page}\n\n{time.monotonic() - started:.0f} s")
    if order.write:
        write_part(ACCURACY, "figures", page)
        for name, letters in (("groups", "b"), ("vendor-and-sets", "cd")):
            plot([one for one in populations if one.letter in letters], PLOTS / f"reliability-{name}.png")
    return int(any(row.verdict.startswith("LOST") for row in rows))


def drawn(known: Material, draws: int) -> dict[str, Measured]:
    """Protocol (a): every draw by itself, and the mean."""
    rows = bought_followers(known)
    found = []
    for draw in range(draws):
        found.append(ten_folds(rows, draw))
        say(f"(a) draw {draw + 1} of {draws}: accuracy {found[-1]['accuracy']:.4f}, AUC {found[-1]['auc']:.4f}")
    table = {name: np.array([figures[name] for figures in found]) for name in found[0]}
    return {name: Measured(float(values.mean()), values) for name, values in table.items()}


def held_out(known: Material, resamples: int) -> tuple[list[Population], Hays]:
    """Protocols (b), (c), (d), which (e) takes over; and Hays' forest on the sets of (d)."""
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


def verdict_rows(draws: Mapping[str, Measured], populations: Sequence[Population], hays: Hays) -> list[tables.Target]:
    """What was asked for; Hays' forest counts with the fourth count that serves it better."""
    by = {letter: [one for one in populations if one.letter == letter] for letter in "bd"}
    return tables.targets(draws, by["b"], by["d"], max(mean(sets, "balanced").value for sets in hays.values()))


def page_of(
    draws: Mapping[str, Measured], populations: Sequence[Population], hays: Hays, order: argparse.Namespace
) -> str:
    """All tables, with the date and the command."""
    by = {letter: [one for one in populations if one.letter == letter] for letter in "bcd"}
    parts = [
        head(order),
        "### Asked for, and got\n\n" + tables.verdicts(verdict_rows(draws, populations, hays)),
        f"### (a) As Cresci 2015 tested itself: ten folds, {order.draws} draws\n\n" + tables.spread(draws),
        *(f"### ({letter}) {tables.TITLES[letter]}\n\n{tables.ranking(by[letter])}" for letter in "bcd"),
        "#### Beside Hays' forest\n\n" + tables.sets_table(by["d"], hays),
        "### (e) Does the probability mean what it says?\n\n" + tables.calibration(populations),
        "### Of 1,000 followers\n\n" + tables.bands_caption() + "\n\n" + tables.streams(by["b"]),
    ]
    return "\n\n".join(parts)


def head(order: argparse.Namespace) -> str:
    """When, by what and of what."""
    command = (
        COMMAND + (f" --draws {order.draws}" if order.draws != DRAWS else "") + (" --write" if order.write else "")
    )
    quick = f" **A quick look at {order.most} rows a group at most: not figures to quote.**" if order.most else ""
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `{command}`: {len(FEATURES)} features (schema "
        f"`{schema_hash()[:12]}`), seed {SEED}, one thread, {order.resamples} resamples for each interval.{quick}"
    )


def say(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
