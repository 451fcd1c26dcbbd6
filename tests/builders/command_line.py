"""The command line as its user meets it: arguments in, exit code and two streams out, in a folder of its own."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from followguard.cli.app import main

SECRETS = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
SMALL = '[accounts.acme]\ntraining_basis = "own-decisions"\n'


@dataclass(frozen=True, slots=True)
class Done:
    """Exit code and output of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


Cli = Callable[..., Done]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs one command line in an empty folder, with none of the machine's own followguard variables."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("FOLLOWGUARD_")]:
        monkeypatch.delenv(name)

    def run(*args: str) -> Done:
        capsys.readouterr()
        code = main(list(args))
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def installed(cli: Cli, tmp_path: Path, sqlite_template: Path) -> Cli:
    """The same, in a folder with one account, an empty database, and Ann as owner."""
    (tmp_path / "followguard.toml").write_text(SMALL, encoding="utf-8")
    shutil.copy(sqlite_template, tmp_path / "followguard.db")
    assert cli("person", "add", "Ann", "--role", "owner").code == 0
    return cli


@pytest.fixture
def secrets_of_acme(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four made-up secrets in the environment."""
    for name in SECRETS:
        monkeypatch.setenv(f"FOLLOWGUARD_ACME_{name}", f"made-up-{name.lower()}")
