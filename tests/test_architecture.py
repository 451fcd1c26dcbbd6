"""The house keeps its arrows: who may import whom, where each library lives, and what importing may cost."""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from followguard.domain.covered import COVERED

ROOT = Path(__file__).parents[1] / "followguard"
MODULES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.rglob("*.py"))
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
ARROWS = {
    "cli": {"cli", "jobs", "domain", "errors", "bootstrap", "store", "__version__"},
    "jobs": {"jobs", "learning", "domain", "errors", "store"},
    "domain": {"domain", "errors"},
    "learning": {"learning", "domain", "errors"},
    "store": {"store", "adapters", "domain", "errors"},
    "adapters": {"adapters", "store", "domain", "errors"},
    "sandbox": {"sandbox", "domain", "errors"},
    "bootstrap": {"bootstrap", "cli", "jobs", "learning", "domain", "adapters", "store", "sandbox", "errors"},
    "testing": {"domain", "errors", "store"},
    "errors": {"errors"},
    "__init__": set(),
    "__main__": {"cli"},
}
HOMES = {
    "alembic": ("adapters/store/",),
    "jinja2": ("adapters/report",),
    "joblib": ("adapters/registry", "adapters/backends"),
    "matplotlib": ("adapters/report",),
    "numpy": ("learning/", "adapters/registry", "jobs/train_base", "jobs/evaluate"),
    "psycopg": ("adapters/store/",),
    "pyarrow": ("adapters/profile_files", "adapters/label_exports"),
    "pydantic": ("adapters/config/",),
    "pydantic_core": ("adapters/config/",),
    "pydantic_settings": ("adapters/config/",),
    "requests": ("adapters/x_",),
    "requests_oauthlib": ("adapters/x_",),
    "rich": ("cli/",),
    "scipy": ("learning/",),
    "sklearn": ("learning/",),
    "sqlalchemy": ("adapters/store/",),
    "tenacity": ("adapters/x_",),
    "threadpoolctl": ("bootstrap", "jobs/train_base"),
    "tweepy": ("adapters/x_",),
    "typer": ("cli/",),
    "urllib3": ("adapters/x_",),
}
LIGHT = ("cli/", "domain/", "errors/", "bootstrap/", "__init__.py", "__main__.py")
LIGHT_ENOUGH = {"typer"}
CLOCKS_AND_FILES = {"open", "datetime.now", "datetime.utcnow", "date.today", "time.time", "time.sleep"}
TALK = {"print", "input", "exit", "sys.exit", "sys.stdout.write", "sys.stderr.write"}


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


def test_arrows_go_one_way() -> None:
    """A module imports only from the layers that its own may know; a program of its own may also be wired."""

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        known = ARROWS[layer(path)] | ({"bootstrap", "cli"} if path.endswith("__main__.py") else set())
        for name in imports(tree):
            if name.startswith("followguard.") and layer(name.removeprefix("followguard.")) not in known:
                yield name

    assert offenders(rule) == {}


def test_each_library_has_one_home() -> None:
    """A third-party library is imported in its home and nowhere else."""

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        for name in imports(tree):
            if not path.startswith(HOMES.get(layer(name), ("",))):
                yield name

    assert offenders(rule) == {}


def test_every_library_is_known() -> None:
    """What is neither Python's nor ours is in the table of homes."""

    def rule(_: str, tree: ast.Module) -> Iterable[str]:
        return {layer(name) for name in imports(tree)} - sys.stdlib_module_names - HOMES.keys() - {"followguard"}

    assert offenders(rule) == {}


def test_importing_is_cheap() -> None:
    """The command line, the domain, the errors and the composition root load no heavy library when imported."""

    def rule(path: str, tree: ast.Module) -> Iterable[str]:
        found = {layer(name) for name in imports(tree, at_import=True)} & HOMES.keys() - LIGHT_ENOUGH
        return found if path.startswith(LIGHT) else ()

    assert offenders(rule) == {}


def test_the_domain_needs_nothing() -> None:
    """The rules of the business need nothing but Python, and look at no clock and no file."""

    def rule(path: str, tree: ast.Module) -> Iterable[str]:
        found = {layer(name) for name in imports(tree)} & HOMES.keys() | calls(tree) & CLOCKS_AND_FILES
        return found if path.startswith("domain/") else ()

    assert offenders(rule) == {}


def test_only_the_command_line_talks() -> None:
    """No print, prompt or exit outside `cli`, but for a program of its own."""

    def rule(path: str, tree: ast.Module) -> Iterable[str]:
        return () if path.startswith("cli/") or path.endswith("__main__.py") else calls(tree) & TALK

    assert offenders(rule) == {}


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
    excused = {("adapters/store/retention.py", "decision_evidence"), ("adapters/store/seed.py", "settings")}

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
