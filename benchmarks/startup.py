"""The cost of showing help: CPU seconds (user + system) of a whole process, against a bare typer app.

The bare app has one command and typer's defaults, so its help is drawn by rich; the second one does without rich, which
is harder to beat. All are compiled to bytecode first and run in turn, so that a busy machine slows all of them.
"""

import compileall
import os
import tempfile
from pathlib import Path
from statistics import median

import followguard
from benchmarks.processes import ran

REPETITIONS = 15
MOST = 1.3
BARE = '''import typer
app = typer.Typer({})
@app.command()
def hello(name: str = "you") -> None:
    """Say hello."""
def main() -> None:
    app()
'''
OURS = {
    "followguard --help": ["-m", "followguard", "--help"],
    "followguard review list --help": ["-m", "followguard", "review", "list", "--help"],
}
BARES = {
    "bare typer app": ["-c", "import bare; bare.main()", "--help"],
    "bare typer app without rich": ["-c", "import plain; plain.main()", "--help"],
}


def measured(folder: Path) -> dict[str, float]:
    """Measures median CPU seconds by name."""
    (folder / "bare.py").write_text(BARE.format(""), encoding="utf-8")
    (folder / "plain.py").write_text(BARE.format("rich_markup_mode=None"), encoding="utf-8")
    package = Path(followguard.__file__).parent
    for compiled in (folder, package):
        compileall.compile_dir(compiled, quiet=2)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(package.parent)])}
    commands = BARES | OURS
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(REPETITIONS):
        for name, command in commands.items():
            shown = ran(*command, environment=env)
            if shown.code:
                raise SystemExit(f"{' '.join(command)} failed")
            taken[name].append(shown.seconds)
    return {name: median(seconds) for name, seconds in taken.items()}


def main() -> int:
    """Prints medians and ratios; returns 1 when a ratio to the bare app is above 1.3."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder))
    bare, plain = (found[name] for name in BARES)
    for name, seconds in found.items():
        ratios = f"{seconds / bare:4.2f} x bare   {seconds / plain:4.2f} x without rich"
        print(f"{name:<32} {seconds * 1000:6.0f} ms   {ratios}")
    return int(any(found[name] > MOST * bare for name in OURS))
