"""The cost of a score beside the barest one: `python -m benchmarks.speed [--write]`.

Followers are made up by the sandbox, in memory before the clock starts. The bare model is scikit-learn's
HistGradientBoosting with 200 trees, asked for `predict_proba` on the ready matrix of the same followers. It is fitted
on the sandbox's own answers, some turned over so that its trees grow full; followguard's model stays the shipped one.
Both run in turn on one core, and CPU seconds are counted, so that what else runs on the machine doesn't show.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from benchmarks.asking import parser
from benchmarks.pages import ACCURACY, table, verdict, write_part
from followguard.classifier.columns import ProfileColumns
from followguard.classifier.model import Scores
from followguard.classifier.scoring import Scorer
from followguard.domain.follower import Profile
from followguard.sandbox.population import IS_SPAM, Population
from followguard.training.models.serving import load_scorer

ROWS, FITTED, TREES = 100_000, 20_000, 200
TURNS, SINGLES, REASONS = 3, 300, 4
TURNED_OVER = 0.15
MILLION, CHUNK, STREAM_SECONDS = 1_000_000, 10_000, 110.0
FLOOR, REACH = 4.0, 2.5
SLOWEST_MS, REACH_MS = 20.0, 5.0
MEBIBYTES = 500.0
OURS = "features, model, calibration, reasons as numbers"
COMMAND = "python -m benchmarks.speed"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def followers(many: int) -> tuple[list[Profile], np.ndarray]:
    """Makes up followers, and whether each is spam."""
    people = Population(7, hostile_share=0.02)
    found = [people.person(number) for number in people.grow(many, NOW, spam_share=0.3)]
    return [one.profile for one in found], np.array([bool(IS_SPAM[one.kind]) for one in found])


def bare_model(matrix: np.ndarray, spam: np.ndarray) -> Any:
    """Fits 200 full trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    turned = np.random.default_rng(1).random(FITTED) < TURNED_OVER
    model = HistGradientBoostingClassifier(max_iter=TREES, early_stopping=False, random_state=1)
    return model.fit(matrix[:FITTED], spam[:FITTED] ^ turned)


def strongest(found: Scores) -> tuple[np.ndarray, np.ndarray]:
    """Gives reasons as numbers: which features weigh most in each row, and how much."""
    places = np.argpartition(-np.abs(found.contributions), REASONS, axis=1)[:, :REASONS]
    return places, np.take_along_axis(found.contributions, places, axis=1)


def seconds(call: Callable[[], object]) -> float:
    """Takes the CPU seconds of one call: what else runs on the machine doesn't count."""
    started = time.process_time()
    call()
    return time.process_time() - started


def in_turn(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Takes the least seconds of each call, all of them called `TURNS` times."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(TURNS):
        for name, call in calls.items():
            taken[name].append(seconds(call))
    return {name: min(found) for name, found in taken.items()}


def one_by_one(scorer: Scorer, profiles: Sequence[Profile]) -> float:
    """Takes the median milliseconds for one follower with reasons in words, warm."""
    scorer.verdicts(profiles[:1])
    return 1000.0 * median(seconds(partial(scorer.verdicts, [one])) for one in profiles[:SINGLES])


def streamed() -> dict[str, float]:
    """Scores rows in chunks in a process of its own, for its memory; returns what `report_stream` prints."""
    command = [sys.executable, "-c", "from benchmarks.speed import report_stream; report_stream()"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: float(number) for name, number in json.loads(run.stdout).items()}


def report_stream() -> None:
    """Prints one JSON object: `rows`, resident `mebibytes` at most, MiB `grown` since the first chunk.

    One chunk of people is made up and scored again and again: making up a million would take longer than scoring them,
    and the memory of a stream doesn't depend on who is in it. It ends at a million rows, or after two minutes or so.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        scorer, profiles = load_scorer(), followers(CHUNK)[0]
        rows, first, started = 0, 0.0, time.monotonic()
        while rows < MILLION and time.monotonic() - started < STREAM_SECONDS:
            scorer.score(ProfileColumns.from_profiles(profiles))
            first, rows = first or _resident(), rows + CHUNK
    json.dump({"rows": rows, "mebibytes": _resident(), "grown": _resident() - first}, sys.stdout)


def _resident() -> float:
    """Reads the MiB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured() -> dict[str, float]:
    """Measures every figure."""
    profiles, spam = followers(ROWS)
    scorer, columns = load_scorer(), ProfileColumns.from_profiles(profiles)
    matrix = scorer.score(columns).features
    bare = bare_model(matrix, spam)
    found = in_turn(
        {
            "bare predict_proba": lambda: bare.predict_proba(matrix),
            OURS: lambda: strongest(scorer.score(columns)),
            "the same with profiles read into columns": lambda: strongest(
                scorer.score(ProfileColumns.from_profiles(profiles))
            ),
            "verdicts: from profiles to reasons in words": lambda: _in_chunks(scorer, profiles),
        }
    )
    return found | {"one": one_by_one(scorer, profiles)}


def _in_chunks(scorer: Scorer, profiles: list[Profile]) -> None:
    """Gives no more verdicts at a time than a chunk, as the night does."""
    for start in range(0, len(profiles), CHUNK):
        scorer.verdicts(profiles[start : start + CHUNK])


def page_part(found: dict[str, float], stream: dict[str, float], command: str) -> str:
    """Puts the figures together as Markdown."""
    bare = found["bare predict_proba"]
    stages = {name: taken for name, taken in found.items() if name != "one"}
    asked = [
        _asked("ratio to bare predict_proba", found[OURS] / bare, FLOOR, REACH, 2),
        _asked("one follower, warm, with reasons in words: ms", found["one"], SLOWEST_MS, REACH_MS, 1),
        _asked("a stream of rows in chunks: resident MiB", stream["mebibytes"], MEBIBYTES, MEBIBYTES, 0),
    ]
    parts = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `{command}`: {ROWS:,} followers, one thread, CPU seconds, "
        f"the fastest of {TURNS} turns.",
        table(asked),
        table(
            [
                {"stage": name, "seconds per million": f"{taken * 1e6 / ROWS:.1f}", "ratio": f"{taken / bare:.2f}"}
                for name, taken in stages.items()
            ]
        ),
        f"The stream held {stream['rows']:,.0f} rows in chunks of {CHUNK:,}; the last of them took "
        f"{stream['grown']:.0f} MiB more than the first chunk.",
    ]
    return "\n\n".join(parts)


def _asked(what: str, found: float, floor: float, reach: float, digits: int) -> dict[str, str]:
    marks = {"measured": f"{found:.{digits}f}", "floor": f"{floor:g}", "reach": f"{reach:g}"}
    return {"what": what, **marks, "verdict": verdict(found, floor, reach, high_is_good=False)}


def main(arguments: Sequence[str] = ()) -> int:
    """Prints the figures; returns 1 when one is short of its floor."""
    import sklearn.ensemble  # noqa: F401 - loaded first, for what is loaded later isn't limited
    from threadpoolctl import threadpool_limits

    order = parser(COMMAND, str(__doc__), "write docs/accuracy.md", {}, sets=False).parse_args(arguments)
    with threadpool_limits(limits=1):
        found = measured()
    part = page_part(found, streamed(), COMMAND + (" --write" if order.write else ""))
    print(part)
    if order.write:
        write_part(ACCURACY, "speed", part)
    return int("LOST" in part)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
