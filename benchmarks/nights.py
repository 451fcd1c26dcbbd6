"""An installation in a fresh folder whose account lives in the sandbox, and its nights through real HTTP."""

import os
import tempfile
from collections.abc import Iterator
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
        """A day later: the sandbox brings the night's followers; returns its counts for the account."""
        self.night += 1
        now = START + timedelta(days=self.night)
        os.environ["FOLLOWGUARD_NOW"] = now.isoformat()
        accounts = self.sandbox.next_night(now)["accounts"]
        return accounts["acme"]  # type: ignore[index,no-any-return]

    def run(self) -> Any:
        """The nightly job in this process; its receipt."""
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
    """A sandbox, a configuration and an empty database, all gone at the end. Changes this process's environment."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder, serve(plan) as sandbox:
        config = Path(folder) / "followguard.toml"
        config.write_text(CONFIG.format(first_night=first_night, max_usd_per_night=max_usd_per_night))
        os.environ.update(sandbox.environment())
        os.environ["FOLLOWGUARD_NOW"] = START.isoformat()
        with bootstrap.open_store(bootstrap.load_installation(config)) as store:
            store.upgrade()
        try:
            yield Household(sandbox, config)
        finally:
            os.environ.clear()
            os.environ.update(before)
