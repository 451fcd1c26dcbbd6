"""`make bench` finds every bench."""

import ast

from benchmarks import BENCHES
from tests.builders.places import ROOT

FOLDER = ROOT / "benchmarks"


def test_every_bench_is_in_the_table() -> None:
    """A module with a `main` is a bench, and each bench of the table is one."""
    benches = {
        path.stem
        for path in FOLDER.glob("*.py")
        if path.stem != "__main__"
        and any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in ast.parse(path.read_text()).body)
    }
    assert benches == set(BENCHES)
