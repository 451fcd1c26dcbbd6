"""Two accounts that had a night, three approvals, and new followers on X."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.builders.sandboxes import point_at

ACCOUNTS = (
    AccountPlan(handle="acme", followers=60, mean_new=9, churn=QUIET),
    AccountPlan(handle="widgets", followers=20, mean_new=5, churn=QUIET),
)
CONFIG = """
backups = 3
[accounts.acme]
training_basis = "own-decisions"
[accounts.acme.policy]
max_cards_per_day = 12
[accounts.widgets]
training_basis = "none"
"""


@pytest.fixture
def sandbox(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Sandbox]:
    """Two accounts that had a night, an owner, and three approvals; a new night has come on X."""
    with serve(SandboxPlan(accounts=ACCOUNTS, seed=11), elapsed=lambda: 0.0) as sandbox:
        point_at(sandbox, monkeypatch, START)
        (tmp_path / "followguard.toml").write_text(CONFIG, encoding="utf-8")
        assert cli("person", "add", "Ann", "--role", "owner").code == 0
        assert cli("nightly").code == 0
        for row in cli("review", "list", "--account", "acme", "--json").json[:3]:
            assert cli("review", "approve", f"item:{row['item']}", "--by", "Ann").code == 0
        now = START + timedelta(days=1)
        monkeypatch.setenv("FOLLOWGUARD_NOW", now.isoformat())
        sandbox.next_night(now)
        yield sandbox
