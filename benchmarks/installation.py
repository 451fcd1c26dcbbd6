"""An installation in a fresh folder, worked by the program's own commands, whose account lives in the sandbox."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

SANDBOX = (sys.executable, "-m", "followguard.sandbox", "--start", "2026-11-02T00:05:00Z")
USUAL = {"executor": "handoff", "training_basis": "none", "max_cards_per_day": 60}
CONFIGURATION = """\
max_usd_per_month = 1000000.0
backups = 2

[accounts.acme]
executor = "{executor}"
training_basis = "{training_basis}"

[accounts.acme.policy]
first_night = 100
max_usd_per_night = 100000.0
max_cards_per_day = {max_cards_per_day}
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with configuration and database, and the sandbox that it reads."""

    folder: Path
    url: str

    @property
    def config(self) -> Path:
        """Names the configuration file."""
        return self.folder / "followguard.toml"

    def configure(self, **keys: str | int) -> None:
        """Writes the configuration, with these keys in place of the usual ones."""
        self.config.write_text(CONFIGURATION.format_map(USUAL | keys), encoding="utf-8")

    def run(self, *arguments: str) -> Any:
        """Runs a command; returns the JSON document that it prints."""
        return json.loads(self.execute(["-m", "followguard"], [*arguments, "--json"]) or "null")

    def execute(self, program: Sequence[str], arguments: Sequence[str], may: Sequence[int] = (0,)) -> str:
        """Runs a Python program in the folder; returns what it prints. Exit codes not in `may` raise RuntimeError."""
        command = [sys.executable, *program, *arguments]
        run = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if run.returncode not in may:
            raise RuntimeError(f"{' '.join(arguments)}: exit code {run.returncode}: {run.stdout}{run.stderr}")
        return run.stdout

    def next_night(self) -> dict[str, int]:
        """Lets the sandbox bring its next night, a day later; returns its counts for the account."""
        night = self.sandbox("night", b"{}")
        os.environ["FOLLOWGUARD_NOW"] = night["now"]
        return dict(night["accounts"]["acme"])

    def sandbox(self, page: str, body: bytes | None = None) -> Any:
        """Asks a page of the sandbox's own, or posts to it."""
        with urlopen(Request(f"{self.url}/_sandbox/{page}", body)) as answer:
            return json.load(answer)


@contextmanager
def installed(*options: str, **keys: str | int) -> Iterator[Installation]:
    """Starts a sandbox with these options, and makes a configuration and an empty database; all end together."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen([*SANDBOX, *options], stdout=subprocess.PIPE, text=True) as sandbox,
    ):
        try:
            assert sandbox.stdout
            told = json.loads(sandbox.stdout.readline())
            house = Installation(Path(folder), told["url"])
            with own_environment({"FOLLOWGUARD_X_API_URL": house.url, **told["credentials"]["acme"]}):
                os.environ["FOLLOWGUARD_NOW"] = SANDBOX[-1]
                house.configure(**keys)
                house.run("db", "upgrade")
                yield house
        finally:
            sandbox.terminate()


@contextmanager
def own_environment(more: Mapping[str, str]) -> Iterator[None]:
    """Sets the sandbox's address and keys in this process's environment, and nothing of a real installation."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("FOLLOWGUARD_")]:
        del os.environ[name]
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
