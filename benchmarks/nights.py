"""An installation in a fresh folder whose account lives in the sandbox, and its nights through real HTTP."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from followguard import bootstrap
from followguard.sandbox.plan import START, SandboxPlan
from followguard.sandbox.server import Sandbox, serve

CONFIG = """
max_usd_per_month = 1000000.0
backups = 2
[accounts.acme]
training_basis = "none"
[accounts.acme.policy]
max_usd_per_night = {max_usd_per_night}
first_night = {first_night}
"""


@dataclass
class Household:
    """The sandbox and the installation that reads it."""

    sandbox: Sandbox
    config: Path
    night: int = 0

    def next_night(self) -> dict[str, Any]:
        """Lets the sandbox bring the followers of a day later; returns its counts for the account."""
        self.night += 1
        now = START + timedelta(days=self.night)
        os.environ["FOLLOWGUARD_NOW"] = now.isoformat()
        accounts = self.sandbox.next_night(now)["accounts"]
        return accounts["acme"]  # type: ignore[index,no-any-return]

    def run(self) -> Any:
        """Runs the nightly job in this process; returns its receipt."""
        from followguard.jobs.nightly import run_nightly

        installation = bootstrap.load_installation(self.config)
        with bootstrap.open_store(installation) as store:
            means = bootstrap.night_means(installation, store, lambda _: None)
            (receipt,) = run_nightly(means, installation.chosen())
        return receipt


@contextmanager
def household(
    plan: SandboxPlan, *, first_night: int = 100, max_usd_per_night: float = 100_000.0
) -> Iterator[Household]:
    """Makes a sandbox, a configuration and an empty database, all gone at the end."""
    with tempfile.TemporaryDirectory() as folder, serve(plan) as sandbox:
        config = Path(folder) / "followguard.toml"
        config.write_text(CONFIG.format(first_night=first_night, max_usd_per_night=max_usd_per_night))
        with own_environment(sandbox.environment() | {"FOLLOWGUARD_NOW": START.isoformat()}):
            with bootstrap.open_store(bootstrap.load_installation(config)) as store:
                store.upgrade()
            yield Household(sandbox, config)


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
