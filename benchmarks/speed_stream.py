"""Up to a million rows through the scorer, chunk by chunk, in a process of their own: what memory it takes."""

import json
import resource
import sys
import time

from benchmarks.speed import CHUNK, MILLION, STREAM_SECONDS, followers
from followguard.bootstrap import load_scorer
from followguard.learning.columns import ProfileColumns


def resident() -> float:
    """MiB at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report() -> None:
    """One JSON object on stdout: `rows`, `mebibytes` at most, `grown` since the first chunk.

    One chunk of people is made up and scored again and again: making up a million would take longer than scoring them,
    and the memory of a stream doesn't depend on who is in it. It ends at a million rows, or after two minutes or so.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        scorer, profiles = load_scorer(), followers(CHUNK)[0]
        rows, first, started = 0, 0.0, time.monotonic()
        while rows < MILLION and time.monotonic() - started < STREAM_SECONDS:
            scorer.score(ProfileColumns.from_profiles(profiles))
            first, rows = first or resident(), rows + CHUNK
    json.dump({"rows": rows, "mebibytes": resident(), "grown": resident() - first}, sys.stdout)
