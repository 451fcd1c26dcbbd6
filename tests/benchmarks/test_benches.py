"""`make bench` finds every bench."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from benchmarks import BENCHES
from tests.builders.places import ROOT

FOLDER = ROOT / "benchmarks"


def test_no_bench_imports_in_a_circle() -> None:
    """Modules of the benches can be put in an order in which each imports only those before it."""
    order = TopologicalSorter({_name(path): set(_imported(path)) for path in FOLDER.rglob("*.py")})
    assert [*order.static_order()]


def _name(path: Path) -> str:
    return ".".join(path.relative_to(FOLDER.parent).with_suffix("").parts)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("benchmarks"):
            yield from (str(node.module), *(f"{node.module}.{each.name}" for each in node.names))


def test_every_bench_is_in_the_table() -> None:
    """A module or folder with a `main` is a bench, and each bench of the table is one."""
    benches = {
        path.parent.name if path.stem == "__main__" else path.stem
        for path in (*FOLDER.glob("*.py"), *FOLDER.glob("*/__main__.py"))
        if path != FOLDER / "__main__.py"
        and any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in ast.parse(path.read_text()).body)
    }
    assert benches == set(BENCHES)
