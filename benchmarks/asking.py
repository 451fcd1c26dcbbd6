"""What the benches share on the command line: their options, where the public sets lie, and lines of progress."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DATASETS = Path(__file__).parents[2] / "shared" / "datasets"


def parser(
    command: str, about: str, write: str, usual: Mapping[str, Any], *, sets: bool = True
) -> argparse.ArgumentParser:
    """Makes a parser with `--write`, whose help is `write`, and with `sets` the folder of the public sets.

    `about` is the bench's docstring, `usual` are the defaults of its other options.
    """
    found = argparse.ArgumentParser(prog=command, description=about.splitlines()[0].partition(": `")[0])
    if sets:
        found.add_argument("--datasets", type=Path, default=DATASETS, help="folder of the public sets")
    found.add_argument("--write", action="store_true", help=write)
    found.set_defaults(**usual)
    return found


def without_sets(order: argparse.Namespace, command: str) -> bool:
    """Says so where the folder of the public sets is missing."""
    if order.datasets.is_dir():
        return False
    print(f"Skipped: no public sets in {order.datasets.name!r}. Give their folder: {command} --datasets DIR")
    return True


def say(line: str) -> None:
    """Prints a line of progress."""
    print(line, file=sys.stderr, flush=True)
