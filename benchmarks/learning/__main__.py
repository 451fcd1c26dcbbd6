"""How a house model learns from decisions, and what the gate lets pass: `python -m benchmarks.learning [--write]`.

`--part random` measures decisions drawn at random only, `--part curves` decisions as the desk brings them.

It needs the public sets (`--datasets DIR`, else `../shared/datasets` beside the repository) and says so where they are
missing. It chooses nothing: base model, learner and gate are those in the tree, with the seed that is printed.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from functools import partial
from typing import Any

from benchmarks.asking import parser, say, without_sets
from benchmarks.learning.at_random import RandomRun, random_part, random_run, whole_populations
from benchmarks.learning.material import Material, Population, calibrated, material, populations, with_shipped_slopes
from benchmarks.learning.page import PAGE, PLOT, Found, page_part
from benchmarks.learning.plot import plot
from benchmarks.learning.runs import Curve, curve, noise_run, run
from benchmarks.pages import command_of, write_part

CURVES, RANDOM = "curves", "random"
FITTED, SHIPPED = "fitted", "shipped"
USUAL = {"draws": 20, "noise": 100, "random": 5, "population": None, "part": None, "slopes": FITTED}
"""Settings under which figures may be quoted."""
COMMAND = "python -m benchmarks.learning"


def asked(arguments: Sequence[str]) -> Namespace:
    """Reads the options."""
    options = parser(COMMAND, str(__doc__), "write docs/learning.md and its plot", USUAL)
    options.add_argument("--draws", type=int, help="draws of each population")
    options.add_argument("--noise", type=int, help="streams in which nothing is to be learned")
    options.add_argument("--random", type=int, help="draws of each population at random")
    options.add_argument("--part", choices=(CURVES, RANDOM), help="only this part")
    options.add_argument("--population", action="append", help="only this one; may be given again")
    words = "of the base models' probabilities: fitted for each, or the shipped model's, in a tenth of the time"
    options.add_argument("--slopes", choices=(FITTED, SHIPPED), help=words)
    options.add_argument("--workers", type=int, default=2, help="processes")
    return options.parse_args(arguments)


def main(arguments: Sequence[str] = ()) -> int:
    """Prints every table; returns 1 when a floor is lost."""
    from threadpoolctl import threadpool_limits

    order = asked(arguments)
    if without_sets(order, COMMAND):
        return 0
    started = time.monotonic()
    with threadpool_limits(limits=1):
        known = material(order.datasets)
        trainer = with_shipped_slopes if order.slopes == SHIPPED else calibrated
        tried = list(populations(known, order.population, trainer))
        say(f"{len(tried)} base models trained")
        lost = order.part != RANDOM and _curves(order, known, tried)
        if order.part != CURVES:
            every = [*tried, *whole_populations(known, order.population, trainer)]
            _random(order, known, every)
    print(f"\n{time.monotonic() - started:.0f} s")
    return int(lost)


def _curves(order: Namespace, known: Material, tried: Sequence[Population]) -> bool:
    found = measured(order, known, tried)
    print(f"\n{page_part(found)}")
    if order.write:
        write_part(PAGE, CURVES, page_part(found))
        plot(found, PLOT)
    return found.lost()


def _random(order: Namespace, known: Material, tried: Sequence[Population]) -> None:
    jobs = [partial(_alone, random_run, known, each, draw) for each in tried for draw in range(order.random)]
    runs: list[RandomRun] = run(jobs, order.workers, lambda one: say(f"{one.population}: at random"))
    part = random_part(runs, command_of(COMMAND, order, USUAL), order.random)
    print(f"\n{part}")
    if order.write:
        write_part(PAGE, RANDOM, part)


def measured(order: Namespace, known: Material, tried: Sequence[Population]) -> Found:
    """Runs every draw of every population, and the streams in which nothing is to be learned."""
    jobs = [partial(_alone, curve, known, each, draw) for each in tried for draw in range(order.draws)]
    curves: list[Curve] = run(jobs, order.workers, _told)
    noisy = [partial(_alone, noise_run, known, tried[draw % len(tried)], draw) for draw in range(order.noise)]
    promoted: list[list[int]] = run(noisy, order.workers, lambda _: None)
    return Found(curves, promoted, order.draws, command_of(COMMAND, order, USUAL))


def _alone(job: Any, *arguments: Any) -> Any:
    """Runs a job on one thread, for a process of its own doesn't know of the limit here."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return job(*arguments)


def _told(found: Curve) -> None:
    sizes = ", ".join(f"{size} {one['learner'][0]:.3f}" for size, one in found.figures.items())
    say(f"{found.population}: base {next(iter(found.figures.values()))['base'][0]:.3f}, learner at {sizes}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
