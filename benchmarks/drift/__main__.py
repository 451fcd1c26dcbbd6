"""False alarms of drift and how soon it is found: `python -m benchmarks.drift [--write]`.

Followers are those of Cresci 2017, scored by a model that saw none of that set; where the public sets are missing
(`--datasets DIR`, else `../shared/datasets` beside the repository) people of the sandbox and the base model stand in.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.asking import parser, say
from benchmarks.drift.nights import DRAWS, RAISED, SHARE, People, people, sizes_of
from benchmarks.drift.page import Alarms, Caught, Found, lost, page_part
from benchmarks.pages import DOCS, command_of, write_part
from followguard.classifier.columns import Floats
from followguard.drift.scan import MOST_RECENT, QUARTER, NightMeans, night_means, scan
from followguard.drift.streams import stream_values
from followguard.drift.watch import FEWEST_REFERENCE, MOST_NIGHTS, MOST_REFERENCE, History, compare, limits

COMMAND = "python -m benchmarks.drift"
USUAL = {"quarters": 400, "runs": 400, "seed": 20_261_122}
PAGE = DOCS / "drift.md"
WITHIN = 5
SIZES = ("20", "50", "500", "changing")
HISTORIES = (MOST_NIGHTS, 60, FEWEST_REFERENCE + 3)


def asked(arguments: Sequence[str]) -> Namespace:
    """Reads the options."""
    options = parser(COMMAND, str(__doc__), "write docs/drift.md", USUAL)
    options.add_argument("--quarters", type=int, help="of each kind of nights without drift")
    options.add_argument("--runs", type=int, help="of each kind of nights with drift")
    options.add_argument("--seed", type=int)
    return options.parse_args(arguments)


def main(arguments: Sequence[str] = ()) -> int:
    """Prints both tables; returns 1 when a target is lost."""
    from threadpoolctl import threadpool_limits

    order = asked(arguments)
    started = time.process_time()
    with threadpool_limits(limits=1):
        known, source = followers(order.datasets, order.seed)
        alarms = [
            false_alarms(known, arrival, size, reference, order)
            for arrival in ("independent", "campaigns")
            for size, reference in [*((size, MOST_REFERENCE) for size in SIZES), ("50", FEWEST_REFERENCE)]
        ]
        caught = [found_within(known, arrival, nights, order) for nights in HISTORIES for arrival in DRAWS]
    found = Found(alarms, caught, source, datetime.now(UTC).date(), command_of(COMMAND, order, USUAL))
    print(f"\n{page_part(found)}\n\n{time.process_time() - started:.0f} s of computing")
    if order.write:
        write_part(PAGE, "figures", page_part(found))
    return int(lost(found))


def followers(datasets: Path, seed: int) -> tuple[People, str]:
    """Loads the followers to draw from; returns in words where they come from, too."""
    rng = np.random.default_rng(seed)
    if datasets.is_dir():
        return _public(datasets, rng), "Cresci 2017, scored by a model that saw nothing of that set"
    return _made_up(seed, rng), "people of the sandbox, scored by the base model"


def _public(datasets: Path, rng: np.random.Generator) -> People:
    from benchmarks.accuracy.material import material
    from benchmarks.accuracy.runs import SEED
    from followguard.classifier.model import probabilities
    from followguard.training.base.protocol import CRESCI
    from followguard.training.base.training import train

    samples = material(datasets).samples
    own = samples.source == CRESCI
    model = train(samples.where(~own), SEED)
    rows = samples.where(own)
    return people(rows.matrix, probabilities(model, rows.matrix), rows.spam, rows.group, rng)


def _made_up(seed: int, rng: np.random.Generator) -> People:
    from followguard.classifier.columns import ProfileColumns
    from followguard.sandbox.plan import START
    from followguard.sandbox.population import IS_SPAM, Population
    from followguard.training.models.serving import load_scorer

    population = Population(seed, 0.0)
    persons = [population.person(number) for number in population.grow(6_000, START, spam_share=0.5)]
    scored = load_scorer().score(ProfileColumns.from_profiles([person.profile for person in persons]))
    spam = np.array([bool(IS_SPAM[person.kind]) for person in persons])
    kinds = np.array([person.kind for person in persons])
    return people(scored.features, scored.p_spam, spam, kinds, rng)


def false_alarms(known: People, arrival: str, size: str, reference: int, order: Namespace) -> Alarms:
    """Runs quarters without drift. An alarm that stands several nights on end counts once.

    Values are ranked once a quarter among those of its first nights, not anew each night as the program does: the ranks
    only bring values to one scale, and it saves nine tenths of the time.
    """
    rng = np.random.default_rng([order.seed, list(DRAWS).index(arrival), SIZES.index(size), reference])
    begun, stood = [], []
    for _ in range(order.quarters):
        alarm = _quarter(known, arrival, size, reference, rng)
        begun.append(int(alarm[0]) + int((alarm[1:] & ~alarm[:-1]).sum()))
        stood.append(alarm.mean())
    say(f"{arrival}, {size} a night, {reference} before: {np.mean(begun):.2f} false alarms a quarter")
    return Alarms(arrival, size, reference, np.array(begun), float(np.mean(stood)))


def _quarter(known: People, arrival: str, size: str, reference: int, rng: np.random.Generator) -> np.ndarray:
    """Tells whether an alarm stands in each of 91 nights."""
    span = reference + MOST_RECENT
    nights = span + QUARTER - 1
    sizes = sizes_of(size, nights, rng)
    history = _history(known, DRAWS[arrival](known, sizes, np.full(nights, SHARE), rng))
    values = stream_values(history.matrix, history.p_spam, history.night < reference)
    means = night_means(values, history.night, nights)
    found = scan(NightMeans(*(_windows(part, span) for part in (means.count, means.mean, means.square))), reference)
    return np.asarray((np.abs(found.strength) > limits()).any(axis=-1))


def _windows(part: Floats, span: int) -> Floats:
    """Turns (nights, streams) into (evenings, span, streams): the nights that each evening looks at."""
    return np.moveaxis(np.lib.stride_tricks.sliding_window_view(part, span, axis=0), -1, 1)


def _history(known: People, nights: list[np.ndarray]) -> History:
    rows = np.concatenate(nights)
    number = np.repeat(np.arange(len(nights)), [len(night) for night in nights])
    return History(known.matrix[rows], known.p_spam[rows], number)


def found_within(known: People, arrival: str, nights: int, order: Namespace) -> Caught:
    """Raises the share of spam at 50 a night; returns the first night of an alarm after it, 0 for none.

    It takes the program's own path. A run in which an alarm stood already the night before counts as missed.
    """
    rng = np.random.default_rng([order.seed, 7, list(DRAWS).index(arrival), nights])
    first = [_first_alarm(known, arrival, nights, rng) for _ in range(order.runs)]
    say(f"{arrival}, {nights} nights on record: caught {np.mean(np.array(first) > 0):.3f}")
    return Caught(arrival, nights, np.array(first))


def _first_alarm(known: People, arrival: str, nights: int, rng: np.random.Generator) -> int:
    shares = np.repeat([SHARE, RAISED], [nights, WITHIN])
    history = _history(known, DRAWS[arrival](known, np.full(len(shares), 50), shares, rng))
    for after in range(WITHIN + 1):
        seen = history.night < nights + after
        evening = History(history.matrix[seen], history.p_spam[seen], history.night[seen])
        if compare(evening.since(max(0, nights + after - MOST_NIGHTS))).moves:
            return after
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
