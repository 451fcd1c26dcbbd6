"""`make bench` finds every bench."""

import ast
from pathlib import Path

from benchmarks import BENCHES

FOLDER = Path(__file__).parents[2] / "benchmarks"


def test_every_bench_is_in_the_table() -> None:
    """A module with a `main` is a bench, and each bench of the table is one."""
    benches = {
        path.stem
        for path in FOLDER.glob("*.py")
        if path.stem != "__main__"
        and any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in ast.parse(path.read_text()).body)
    }
    assert benches == set(BENCHES)
