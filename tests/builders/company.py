"""Two accounts on one sandbox, and an installation that reads them night after night."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.builders.sandboxes import point_at

TWO_ACCOUNTS = (
    AccountPlan(handle="acme", followers=150, mean_new=20, churn=QUIET),
    AccountPlan(handle="widgets", followers=40, mean_new=5, churn=QUIET),
)
CONFIG = """
max_usd_per_month = 50.0
[accounts.acme]
training_basis = "own-decisions"
{policy}
[accounts.widgets]
training_basis = "none"
"""


class Company:
    """Two accounts on one sandbox, and one installation that reads them."""

    def __init__(self, cli: Any, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cli, self.sandbox, self.folder, self._monkeypatch = cli, sandbox, folder, monkeypatch
        self.now = START
        point_at(sandbox, monkeypatch)
        self.configure()
        self.at(START)

    def configure(self, **policy: object) -> None:
        """Writes the configuration, with these keys in the policy of acme."""
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in policy.items())
        text = CONFIG.format(policy=f"[accounts.acme.policy]\n{lines}" if lines else "")
        (self.folder / "followguard.toml").write_text(text, encoding="utf-8")

    def at(self, now: datetime) -> None:
        """Sets the clock."""
        self.now = now
        self._monkeypatch.setenv("FOLLOWGUARD_NOW", now.isoformat())

    def next_night(self) -> dict[str, Any]:
        """A day later, with new followers; what the sandbox brought, by account."""
        self.at(self.now + timedelta(days=1))
        return self.sandbox.next_night(self.now)["accounts"]  # type: ignore[return-value]

    def nightly(self, *args: str) -> tuple[int, dict[str, Any]]:
        """Exit code and the accounts' objects by handle."""
        done = self.cli("nightly", "--json", *args)
        return done.code, {account["account"]: account for account in done.json["accounts"]}

    def followers(self, handle: str) -> list[str]:
        """Ids by the sandbox's own record, newest first."""
        return [row["id"] for row in self.sandbox.state()["accounts"][handle]["followers"]]  # type: ignore[index]

    def recorded(self, handle: str) -> set[str]:
        """Ids on a review item."""
        rows = self.cli("review", "list", "--all", "--limit", "0", "--account", handle, "--json").json
        assert len({row["follower_id"] for row in rows}) == len(rows)
        return {row["follower_id"] for row in rows}


@pytest.fixture
def company(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """Set up, and not read yet."""
    with serve(SandboxPlan(accounts=TWO_ACCOUNTS, seed=11), elapsed=lambda: 0.0) as sandbox:
        company = Company(cli, sandbox, tmp_path, monkeypatch)
        assert cli("db", "upgrade").code == 0
        yield company


def billed(company: Company, handle: str) -> dict[str, Any]:
    """Bill of the sandbox for the account, over all nights."""
    return company.sandbox.ledger()["accounts"][handle]["total"]  # type: ignore[index,no-any-return]
