"""An installation in a temporary folder, made and worked by the program's own commands, with the sandbox to ask."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

TRACING = Path(__file__).with_name("tracing.py")
BY = ("--by", "Dana")
SANDBOX = ("-m", "followguard.sandbox", "--seed", "1", "--mean-new", "50", "--start", "2026-11-01T00:00:00Z")
CONFIGURATION = """\
max_usd_per_month = 50.0

[accounts.acme]
executor = "{executor}"
training_basis = "own-decisions"

[accounts.acme.policy]
first_night = 100
max_usd_per_night = 5.0
max_cards_per_day = 150
"""
A_DECISION = timedelta(seconds=12)
"""Time between two decisions: who approves faster for long is stopped."""


@dataclass(slots=True)
class Installation:
    """A folder with its configuration, and the environment that its commands run in."""

    folder: Path
    environment: dict[str, str]

    def configure(self, executor: str) -> None:
        """Writes the configuration, with who carries out approved follows."""
        text = CONFIGURATION.format(executor=executor)
        (self.folder / "followguard.toml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> Any:
        """Runs a command; returns the JSON document that it prints. Raises RuntimeError where it fails."""
        return json.loads(self._run(["-m", "followguard"], [*arguments, "--json"]) or "null")

    def entered(self, *arguments: str, may: Sequence[int] = (0,)) -> list[str]:
        """Runs a command as a person would; returns the files that it entered. Other exit codes than `may` raise."""
        output = self.folder / "entered.json"
        self._run([str(TRACING), str(output)], arguments, may)
        return list(json.loads(output.read_text(encoding="utf-8")))

    def decide(self, verb: str, *words: str) -> None:
        """Decides some seconds after the decision before."""
        self.environment["FOLLOWGUARD_NOW"] = (self._now() + A_DECISION).isoformat()
        self.run("review", verb, *words, *BY)

    def next_night(self) -> None:
        """Lets the sandbox bring its next night."""
        self.environment["FOLLOWGUARD_NOW"] = self.sandbox("night", b"{}")["now"]

    def sandbox(self, page: str, body: bytes | None = None) -> Any:
        """Asks a page of the sandbox's own, or posts to it."""
        with urlopen(Request(f"{self.environment['FOLLOWGUARD_X_API_URL']}/_sandbox/{page}", body)) as answer:
            return json.load(answer)

    def _now(self) -> datetime:
        return datetime.fromisoformat(self.environment["FOLLOWGUARD_NOW"])

    def _run(self, program: Sequence[str], arguments: Sequence[str], may: Sequence[int] = (0,)) -> str:
        own = {name: value for name, value in os.environ.items() if not name.startswith("FOLLOWGUARD_")}
        command = [sys.executable, *program, *arguments]
        run = subprocess.run(
            command, cwd=self.folder, env=own | self.environment, capture_output=True, text=True, check=False
        )
        if run.returncode not in may:
            raise RuntimeError(f"{' '.join(arguments)}: exit code {run.returncode}: {run.stdout}{run.stderr}")
        return run.stdout


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """Yields an installation that has read two nights of the sandbox, as the demo has, and lets the sandbox end."""
    with subprocess.Popen([sys.executable, *SANDBOX], stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            assert sandbox.stdout
            told = json.loads(sandbox.stdout.readline())
            house = Installation(folder, {"FOLLOWGUARD_X_API_URL": told["url"], **told["credentials"]["acme"]})
            house.configure("handoff")
            house.next_night()
            house.run("db", "upgrade")
            house.run("person", "add", BY[1], "--role", "owner")
            house.run("nightly")
            house.next_night()
            house.run("nightly")
            yield house
        finally:
            sandbox.terminate()
