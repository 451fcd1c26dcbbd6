"""The whole nightly job for 5,000 new followers, as its user runs it: seconds and memory of one process.

Run it by itself with `python -m benchmarks night`. The sandbox runs in another process on the same two cores.
"""

import json

from benchmarks.installation import installed
from benchmarks.processes import ran

NEW = 5_000
SECONDS = 25.0
MEBIBYTES = 400.0


def main() -> int:
    """Prints the figures; returns 1 when one isn't reached."""
    with installed("--followers", "1000", "--mean-new", str(NEW), "--attack", "none", "--seed", "7") as house:
        house.run("nightly")
        house.next_night()
        run = ran("-m", "followguard", "nightly", "--config", str(house.config), "--json")
    if not run.out:
        return 1
    (receipt,) = json.loads(run.out)["accounts"]
    counts = {name: receipt[name] for name in ("status", "new", "scored", "listed", "waiting", "batches", "reads")}
    figures = f"{run.clock:.1f} s (at most {SECONDS:.0f}), {run.mebibytes:.0f} MiB (at most {MEBIBYTES:.0f})"
    print(f"{NEW} new followers: {figures}")
    print(counts, f"exit code {run.code}")
    return 0 if run.clock < SECONDS and run.mebibytes <= MEBIBYTES and run.code == 0 else 1
