"""The house keeps its arrows: who may import whom, where each library lives, and what importing may cost."""

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from followguard.store.covered_tables import COVERED

ROOT = Path(__file__).parents[1] / "followguard"
MODULES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.rglob("*.py"))
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imports(tree: ast.AST, *, at_import: bool = False) -> Iterator[str]:
    """Dotted names that a module imports when it runs, or just by being imported; not what only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = node.module or ""
            yield from ([f"followguard.{a.name}" for a in node.names] if package == "followguard" else [package])
        elif not _only_for_types(node) and not (at_import and isinstance(node, FUNCTIONS)):
            yield from imports(node, at_import=at_import)


def calls(tree: ast.AST) -> set[str]:
    """What is called, as it is written."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def layer(name: str) -> str:
    """The folder, or the module at the top, that a path or a dotted name of ours belongs to; the store is one too."""
    dotted = name.removesuffix(".py").replace("/", ".")
    return "store" if dotted.startswith("adapters.store") else dotted.split(".")[0]


def offenders(rule: Callable[[str, ast.Module], Iterable[object]]) -> dict[str, list[object]]:
    """Path -> what breaks the rule there; empty when the whole package keeps it."""
    broken = {path: list(rule(path, tree)) for path, tree in MODULES.items()}
    return {path: found for path, found in broken.items() if found}


def test_modules_and_functions_stay_small() -> None:
    """At most 300 lines a module and 60 a function; a module of tables alone may be as long as its tables."""

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if lines > 300 and any(isinstance(node, ast.ClassDef) for node in tree.body):
            yield f"{lines} lines"
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS[:2]) and (node.end_lineno or 0) - node.lineno >= 60:
                yield node.name

    assert offenders(rule) == {}


def test_rows_that_the_log_vouches_for_are_written_in_one_place() -> None:
    """A function that inserts, updates or deletes them hands each such statement to `Covered`.

    Exceptions: the seed, which the first entry names; and the text that retention clears out of the evidence.
    """
    writes = {"insert", "update", "delete", "insert_for"}
    excused = {("privacy/retention_store.py", "decision_evidence"), ("store/seed.py", "settings")}

    def written(node: ast.AST) -> str:
        """The table that a call writes to, as it is spelt."""
        if not isinstance(node, ast.Call):
            return ""
        if isinstance(node.func, ast.Name) and node.func.id in writes and node.args:
            return ast.unparse(node.args[-1]).rpartition(".")[2]
        named = isinstance(node.func, ast.Attribute) and node.func.attr in writes
        return ast.unparse(node.func.value).rpartition(".")[2] if named else ""  # type: ignore[attr-defined]

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        for function in (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS[:2])):
            tables = [table for node in ast.walk(function) if (table := written(node)) in COVERED]
            called = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
            handed = sum(name.endswith(f"covered.{word}") for name in called for word in writes)
            if len([each for each in tables if (path, each) not in excused]) > handed:
                yield f"{function.name}: {tables}"

    assert offenders(rule) == {}
