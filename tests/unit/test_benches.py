"""`make bench` finds every bench."""

import ast
from pathlib import Path

from benchmarks import BENCHES

FOLDER = Path(__file__).parents[2] / "benchmarks"


def test_every_bench_is_in_the_table() -> None:
    """A module or folder with a `main` is a bench, and each bench of the table is one."""
    benches = {
        path.parent.name if path.stem == "__main__" else path.stem
        for path in (*FOLDER.glob("*.py"), *FOLDER.glob("*/__main__.py"))
        if path != FOLDER / "__main__.py"
        and any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in ast.parse(path.read_text()).body)
    }
    assert benches == set(BENCHES)
