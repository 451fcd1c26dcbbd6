"""The whole nightly job for 5,000 new followers, as its user runs it: seconds and memory of one process.

Run it by itself with `python -m benchmarks night`. The sandbox runs in another process on the same two cores.
"""

import json
import resource
import subprocess
import sys
import time

from benchmarks.installation import installed

NEW = 5_000
SECONDS = 25.0
MEBIBYTES = 400.0


def main() -> int:
    """Prints the figures; returns 1 when one isn't reached."""
    with installed("--followers", "1000", "--mean-new", str(NEW), "--attack", "none", "--seed", "7") as house:
        house.run("nightly")
        house.next_night()
        command = [sys.executable, "-m", "followguard", "nightly", "--config", str(house.config), "--json"]
        started = time.monotonic()
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - started
        mebibytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if not run.stdout:
        print(run.stderr)
        return 1
    (receipt,) = json.loads(run.stdout)["accounts"]
    counts = {name: receipt[name] for name in ("status", "new", "scored", "listed", "waiting", "batches", "reads")}
    print(
        f"{NEW} new followers: {seconds:.1f} s (at most {SECONDS:.0f}), {mebibytes:.0f} MiB (at most {MEBIBYTES:.0f})"
    )
    print(counts, f"exit code {run.returncode}")
    return 0 if seconds < SECONDS and mebibytes <= MEBIBYTES and run.returncode == 0 else 1
