"""The house keeps its arrows, by room and by the role of a file; one name has one home; importing stays cheap."""

import ast
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from followguard.store.seals import COVERED

ROOT = Path(__file__).parents[1]
FLOORS = (
    "errors", "domain", "files", "x", "store", "config", "classifier", "accounts", "access", "cli", "words",
    "followers", "screening", "following", "review", "training", "drift", "trust",
    "reports", "proof", "privacy", "replay", "sandbox", "setup", "night", "web",
    "testing", "__init__", "__main__",
)  # fmt: skip
"""Rooms from the ground up: each imports only rooms before it."""
MOST_FILES = 24
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
LIBRARIES = {
    "alembic": ("store/",),
    "confusable_homoglyphs": ("words/",),
    "itsdangerous": ("web/",),
    "jinja2": ("reports/html", "training/base/card_page", "web/"),
    "joblib": ("training/models/", "training/base/protocol.py"),
    "markupsafe": ("web/",),
    "matplotlib": ("reports/charts",),
    "numpy": ("classifier/", "drift/", "screening/audit_interval", "training/"),
    "psycopg": ("store/",),
    "pyarrow": ("files/profile_parquet", "training/retrain/exports"),
    "pydantic": ("config/",),
    "pydantic_core": ("config/",),
    "pydantic_settings": ("config/",),
    "requests": ("x/",),
    "requests_oauthlib": ("x/",),
    "rich": ("cli/",),
    "scipy": ("classifier/", "drift/", "screening/audit_interval", "training/"),
    "sklearn": ("classifier/", "drift/", "training/"),
    "sqlalchemy": ("store/", "*store"),
    "starlette": ("web/",),
    "tenacity": ("x/",),
    "threadpoolctl": ("training/",),
    "tweepy": ("x/",),
    "typer": ("cli/", "commands", "words"),
    "urllib3": ("x/",),
    "uvicorn": ("web/",),
}
"""Library -> rooms or files that may import it, or a role: `*store` ends a file's name, the others begin it."""
TERMINAL = ("commands", "words", "screen")
EDGES = ("cli", "sandbox", "store", "x", "files", "config", "errors", "testing", "__init__", "__main__")
"""Rooms that may look at the clock, files and streams; everywhere else only commands and screens."""
LIGHT = ("cli/", "domain/", "errors/", "__init__.py", "__main__.py")
LIGHT_ENOUGH = {"typer"}
CLOCKS_AND_FILES = {"open", "datetime.now", "datetime.utcnow", "date.today", "time.time", "time.sleep"}
TALK = {"print", "input", "exit", "sys.exit", "sys.stdout.write", "sys.stderr.write"}


def trees(folder: str) -> dict[str, ast.Module]:
    """Path below the folder -> what the module says."""
    top = ROOT / folder
    return {
        path.relative_to(top).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(top.rglob("*.py"))
    }


MODULES = trees("followguard")


def imports(tree: ast.AST, *, at_import: bool = False) -> Iterator[str]:
    """Dotted names of modules and of what is taken from them; `at_import`: only those that loading the module loads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not (at_import and (isinstance(node, FUNCTIONS) or ast.unparse(node).startswith("if TYPE_CHECKING:"))):
            yield from imports(node, at_import=at_import)


def calls(tree: ast.AST) -> set[str]:
    """What is called, as it is written."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def top(name: str) -> str:
    """The first part of a path or a dotted name."""
    return name.removesuffix(".py").replace("/", ".").split(".")[0]


def is_terminal(path: str) -> bool:
    """Whether the file's role is to talk with a person."""
    return path.startswith("cli/") or Path(path).name.startswith(TERMINAL) or path.endswith("__main__.py")


def offenders(rule: Callable[[str, ast.Module], Iterable[object]]) -> dict[str, list[object]]:
    """Path -> what breaks the rule there; empty when the whole package keeps it."""
    broken = {path: list(rule(path, tree)) for path, tree in MODULES.items()}
    return {path: found for path, found in broken.items() if found}


def ours(tree: ast.Module) -> Iterator[str]:
    """What a module imports of the package, below `followguard.`; also what only type checkers see."""
    return (name.removeprefix("followguard.") for name in imports(tree) if name.startswith("followguard."))


def test_a_room_imports_rooms_below_it() -> None:
    """Also for what only type checkers see, and for what is imported late; the version belongs to no room."""

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        own = FLOORS.index(top(path))
        for name in ours(tree):
            if name != "__version__" and top(path) != top(name) and FLOORS.index(top(name)) >= own:
                yield name

    assert offenders(rule) == {}


def test_every_room_has_its_floor() -> None:
    """A folder or module at the top stands in the list of floors, and every floor is there."""
    assert {top(path) for path in MODULES} == set(FLOORS)


def test_nothing_imports_in_a_circle() -> None:
    """The modules of the package, and those of the benches, can each be put in an order of imports."""
    for package in ("followguard", "benchmarks"):
        found = {f"{package}/{path}".removesuffix(".py").replace("/", ".").removesuffix(".__init__"): tree
                 for path, tree in trees(package).items()}  # fmt: skip
        arrows = defaultdict(set)
        for module, tree in found.items():
            for name in imports(tree):
                target = name if name in found else name.rpartition(".")[0]
                if target in found and target != module:
                    arrows[module].add(target)
        assert len(list(TopologicalSorter(arrows).static_order())) > 30


def test_each_library_has_one_home() -> None:
    """A third-party library is imported where the table says, and nowhere else."""

    def fits(path: str, home: str) -> bool:
        if home.startswith("*"):
            return path.removesuffix(".py").endswith(home[1:])
        return path.startswith(home) or ("/" not in home and Path(path).name.startswith(home))

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        for library in {top(name) for name in imports(tree)} & LIBRARIES.keys():
            if not any(fits(path, home) for home in LIBRARIES[library]):
                yield library

    assert offenders(rule) == {}


def test_every_library_is_known() -> None:
    """What is neither Python's nor ours is in the table of homes."""

    def rule(_: str, tree: ast.Module) -> Iterable[str]:
        return {top(name) for name in imports(tree)} - sys.stdlib_module_names - LIBRARIES.keys() - {"followguard"}

    assert offenders(rule) == {}


def test_rules_and_verbs_know_no_terminal() -> None:
    """Commands, words and screens are imported by their like alone; of the frame others import only what opens.

    The pages of the web desk say the same words as the terminal.
    """

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        for name in ours(tree) if not is_terminal(path) else ():
            parts = name.split(".")
            framed = parts[0] == "cli" and parts[1] != "opened"
            roles = TERMINAL if not path.startswith("web/") else ("commands", "screen")
            if framed or (any(part.startswith(roles) for part in parts[1:-1]) and parts[0] != "sandbox"):
                yield name

    assert offenders(rule) == {}


def test_stores_know_no_verbs_that_call() -> None:
    """A room's SQL imports neither its commands nor the gateway to X."""

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        return (name for name in ours(tree) if path.endswith("store.py") and top(name) in {"x", "cli", "config"})

    assert offenders(rule) == {}


def loaded_with(path: str) -> set[str]:
    """Paths of the modules of ours that importing this one loads, itself among them."""
    found, rest = set[str](), [path]
    while rest:
        here = rest.pop()
        found.add(here)
        for name in imports(MODULES[here], at_import=True):
            parts = name.removeprefix("followguard.").split(".")
            for place in ("/".join(parts), "/".join(parts[:-1])):
                rest += [each for each in (f"{place}.py", f"{place}/__init__.py") if each in MODULES.keys() - found]
    return found


def test_importing_is_cheap() -> None:
    """The frame, commands, words, the domain and the errors load no heavy library when imported, by any way."""

    def rule(path: str, tree: ast.Module) -> Iterable[str]:
        if not (path.startswith(LIGHT) or Path(path).name.startswith(("commands", "words"))):
            return ()
        loaded = {top(name) for each in loaded_with(path) for name in imports(MODULES[each], at_import=True)}
        return (loaded & LIBRARIES.keys()) - LIGHT_ENOUGH

    assert offenders(rule) == {}


def test_the_domain_needs_nothing() -> None:
    """The nouns that every room speaks need nothing but Python."""

    def rule(path: str, tree: ast.Module) -> Iterable[str]:
        return {top(name) for name in imports(tree)} & LIBRARIES.keys() if path.startswith("domain/") else ()

    assert offenders(rule) == {}


def test_rules_and_verbs_look_at_no_clock_and_no_file() -> None:
    """Time, chance and what was read are arguments; only the edges and the terminal look for themselves."""

    def rule(path: str, tree: ast.Module) -> Iterable[str]:
        return () if top(path) in EDGES or is_terminal(path) else calls(tree) & CLOCKS_AND_FILES

    assert offenders(rule) == {}


def test_only_the_terminal_talks() -> None:
    """No print, prompt or exit outside the frame, but for a program of its own."""

    def rule(path: str, tree: ast.Module) -> Iterable[str]:
        return () if path.startswith("cli/") or path.endswith("__main__.py") else calls(tree) & TALK

    assert offenders(rule) == {}


def test_only_set_up_knows_the_sandbox() -> None:
    """The stand-in for X stands beside the program: only the demo starts it."""

    def rule(path: str, tree: ast.Module) -> Iterable[str]:
        return (name for name in ours(tree) if top(name) == "sandbox" and top(path) not in {"sandbox", "setup"})

    assert offenders(rule) == {}


def test_one_public_name_has_one_home() -> None:
    """No two modules define a public class of the same name."""
    homes = defaultdict(list)
    for path, tree in MODULES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(path)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_no_folder_is_crowded() -> None:
    """A room that outgrows about twenty files gets rooms of its own."""
    counted = defaultdict(int)
    for path in MODULES:
        counted[Path(path).parent.as_posix()] += not path.endswith("__init__.py")
    assert {folder: number for folder, number in counted.items() if number > MOST_FILES} == {}


def test_modules_and_functions_stay_small() -> None:
    """At most 300 lines a module and 60 a function; a module of tables alone may be as long as its tables."""

    def rule(path: str, tree: ast.Module) -> Iterator[str]:
        lines = len((ROOT / "followguard" / path).read_text(encoding="utf-8").splitlines())
        if lines > 300 and any(isinstance(node, ast.ClassDef) for node in tree.body):
            yield f"{lines} lines"
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS[:2]) and (node.end_lineno or 0) - node.lineno >= 60:
                yield node.name

    assert offenders(rule) == {}


def test_rows_that_the_log_vouches_for_are_written_in_one_place() -> None:
    """A function that inserts, updates or deletes them hands each such statement to `Covered`.

    Exceptions: the seed, which the first entry names; and the texts that retention clears out of evidence and notes.
    """
    writes = {"insert", "update", "delete", "insert_for"}
    cleared = {("privacy/retention_store.py", table) for table in ("decision_evidence", "notes")}
    excused = {*cleared, ("store/engine.py", "settings")}

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
