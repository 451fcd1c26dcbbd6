"""`python -m benchmarks [NAME]...`"""

import sys
from importlib import import_module
from typing import Any

from benchmarks import BENCHES


def main(names: list[str]) -> int:
    """Runs the benches named, or all of them; returns 1 when one of them isn't kept, 2 for an unknown name."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"No bench {', '.join(unknown)}. Known: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    missed = 0
    for name in names or BENCHES:
        print(f"== {name}: {BENCHES[name]}", flush=True)
        missed |= bench(name).main()
    return missed


def bench(name: str) -> Any:
    """Imports a bench: a module of that name here, or a folder's `__main__`."""
    module = import_module(f"benchmarks.{name}")
    return module if hasattr(module, "main") else import_module(f"benchmarks.{name}.__main__")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
