"""How many profiles the nightly reading pays for: list reads per new follower, thirty nights, 50,000 followers.

Run it by itself with `python -m benchmarks reads`. It reads through real HTTP, and scores nobody.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.installation import Installation, installed
from followguard.accounts.accounts import identify
from followguard.accounts.budget import spending_of
from followguard.accounts.store import Accounts
from followguard.cli.opened import clock_of, load_installation, open_reader, open_store
from followguard.followers.list_reading import ReadingTally
from followguard.followers.nightly_reading import Ingest
from followguard.followers.store import Followers

MEANS = (5, 50, 500, 5000)
NIGHTS = 30
FOLLOWERS = 50_000
SEED = 20261122


@dataclass
class Night:
    """The new followers of one night, and the cost of reading them."""

    new: int
    reads: int
    requests: int
    missed: int
    alarms: int


def one_night(house: Installation, brought: int) -> Night:
    """Reads one night and compares with the truth."""
    installation = load_installation(house.config)
    settings = installation.account()
    clock = clock_of(installation)
    with open_store(installation) as store:
        with store.begin() as work:
            account = Accounts(work).ensure("acme", clock())
        reader = open_reader(installation, "acme", clock)
        tally = ReadingTally()
        me = identify(store, reader, account, clock)
        job = Ingest(store=store, reader=reader, settings=settings, spending=spending_of(installation, settings),
                     clock=clock, say=lambda _: None)  # fmt: skip
        job.run(account, me, tally)
        top = newest(house.sandbox("state"), brought)
        with store.begin() as work:
            missed = len(top) - len(Followers(work).known(account.id, top))
    return Night(brought, tally.reads, reader.calls, missed, len(tally.errors))


def newest(state: Any, number: int) -> list[str]:
    """Lists the ids of the newest followers by the sandbox's own record."""
    followers = state["accounts"]["acme"]["followers"]
    return [row["id"] if isinstance(row, dict) else row for row in followers[:number]]


def nights(mean: int) -> list[Night]:
    """Reads thirty nights; the figures leave the first one out."""
    options = {"followers": FOLLOWERS, "mean-new": mean, "attack": "none", "seed": SEED}
    with installed(*(f"--{name}={value}" for name, value in options.items())) as house:
        one_night(house, 0)
        return [one_night(house, house.next_night()["new"]) for _ in range(NIGHTS - 1)]


def line(mean: int, found: Sequence[Night]) -> str:
    """Writes one row of the table."""
    ratio = median(night.reads / max(1, night.new) for night in found)
    most = max(night.reads for night in found)
    missed, alarms = sum(night.missed for night in found), sum(night.alarms for night in found)
    return f"{mean:>6} {ratio:>14.3f} {most:>14,} {missed:>8} {alarms:>8}"


def main() -> int:
    """Prints the table; returns 1 when a figure of the project isn't reached."""
    print(f"{'mean':>6} {'median ratio':>14} {'most reads':>14} {'missed':>8} {'alarms':>8}   (seed {SEED})")
    reached = True
    for mean in map(int, os.environ.get("MEANS", ",".join(map(str, MEANS))).split(",")):
        found = nights(mean)
        print(line(mean, found), flush=True)
        most = max(night.reads for night in found)
        ratio = median(night.reads / max(1, night.new) for night in found)
        reached &= most <= 20 if mean == 5 else ratio <= 1.3
    return 0 if reached else 1
