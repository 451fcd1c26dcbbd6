"""The house keeps its arrows: who may import whom, where each library lives, and what importing may cost."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "followguard"
MODULES = sorted(ROOT.rglob("*.py"))
TOP = {"errors", "__init__", "__main__"}
ARROWS = {
    "cli": {"cli", "jobs", "domain", "errors", "bootstrap", "__init__"},
    "jobs": {"jobs", "learning", "domain", "errors"},
    "domain": {"domain", "errors"},
    "learning": {"learning", "domain", "errors"},
    "adapters": {"adapters", "domain", "errors"},
    "sandbox": {"sandbox", "domain", "errors"},
    "bootstrap": {"cli", "jobs", "learning", "domain", "adapters", "sandbox", "errors", "__init__"},
    "testing": {"domain", "errors"},
    "errors": set(),
    "__init__": set(),
    "__main__": {"cli", "sandbox"},
}
HOMES = {
    "alembic": ("adapters/store/",),
    "jinja2": ("adapters/report",),
    "joblib": ("adapters/registry", "adapters/backends"),
    "matplotlib": ("adapters/report",),
    "numpy": ("learning/", "adapters/registry"),
    "psycopg": ("adapters/store/",),
    "pyarrow": ("adapters/profile_files",),
    "pydantic": ("adapters/config/",),
    "pydantic_settings": ("adapters/config/",),
    "requests": ("adapters/x_",),
    "requests_oauthlib": ("adapters/x_",),
    "rich": ("cli/",),
    "scipy": ("learning/",),
    "sklearn": ("learning/",),
    "sqlalchemy": ("adapters/store/",),
    "tenacity": ("adapters/x_",),
    "threadpoolctl": ("bootstrap", "adapters/registry"),
    "tweepy": ("adapters/x_",),
    "typer": ("cli/",),
    "urllib3": ("adapters/x_",),
}
LIGHT = ("cli/", "domain/", "errors.py", "bootstrap.py", "__init__.py", "__main__.py")
AT_IMPORT = {"typer"}
IDS = [path.relative_to(ROOT).as_posix() for path in MODULES]


def imports(tree: ast.AST, *, whole: bool = True) -> Iterator[str]:
    """Dotted names of what a module imports; without `whole` only what importing the module itself brings in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = node.module or ""
            yield from ([f"followguard.{a.name}" for a in node.names] if package == "followguard" else [package])
        elif whole or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            if whole or not _only_for_types(node):
                yield from imports(node, whole=whole)


def _only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def layer(name: str) -> str:
    """The folder, or the module at the top, that a path or a dotted name of ours belongs to."""
    return name.removesuffix(".py").replace("/", ".").split(".")[0]


def running(tree: ast.Module) -> ast.Module:
    """The module without what is there for type checkers only."""
    kept = [node for node in tree.body if not _only_for_types(node)]
    return ast.Module(body=kept, type_ignores=[])


@pytest.fixture(params=MODULES, ids=IDS)
def module(request: pytest.FixtureRequest) -> tuple[str, ast.Module]:
    """Every module of the package: its path below `followguard/` and its syntax tree."""
    path: Path = request.param
    return path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_arrows_go_one_way(module: tuple[str, ast.Module]) -> None:
    """A module imports only from the layers that its own may know."""
    path, tree = module
    own = {name.removeprefix("followguard.") for name in imports(running(tree)) if name.startswith("followguard.")}
    outside = {"__init__"} if layer(path) in TOP else set()
    known = ARROWS[layer(path)] | outside
    assert {name for name in own if layer(name) not in known and name != "__version__"} == set()


def test_each_library_has_one_home(module: tuple[str, ast.Module]) -> None:
    """A third-party library is imported in its home and nowhere else."""
    path, tree = module
    for name in imports(running(tree)):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or path.startswith(homes), f"{path} imports {name}, whose home is {homes}"


def test_importing_is_cheap(module: tuple[str, ast.Module]) -> None:
    """The command line, the domain, the errors and the composition root load no heavy library when imported."""
    path, tree = module
    if path.startswith(LIGHT):
        heavy = {name.split(".")[0] for name in imports(tree, whole=False)} & (HOMES.keys() - AT_IMPORT)
        assert heavy == set()


def test_the_domain_is_standard_library_only(module: tuple[str, ast.Module]) -> None:
    """The rules of the business need nothing but Python, and look at no clock and no file."""
    path, tree = module
    if path.startswith("domain/"):
        assert {name for name in imports(tree) if name.split(".")[0] in HOMES} == set()
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert calls & {"open", "datetime.now", "datetime.utcnow", "date.today", "time.time", "time.sleep"} == set()


def test_only_the_command_line_prints(module: tuple[str, ast.Module]) -> None:
    """No print, prompt or exit outside `cli`; a program of its own (`__main__`) may leave."""
    path, tree = module
    if not path.startswith("cli/") and not path.endswith("__main__.py"):
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert calls & {"print", "input", "exit", "sys.exit", "sys.stdout.write", "sys.stderr.write"} == set()


def test_modules_and_functions_stay_small(module: tuple[str, ast.Module]) -> None:
    """At most 300 lines a module and 60 a function."""
    path, tree = module
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 300
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name
