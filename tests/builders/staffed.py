"""Three followers with cards, an owner and a reviewer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.cli.opened import load_installation
from followguard.screening.queue import batch_account, queue_account
from followguard.screening.score import score_account
from followguard.store.store import open_store
from followguard.testing import START, RuleScorer, made_up_profile, record_followers

IDS = ["1000000101", "1000000102", "1000000103"]
NOW = START + timedelta(hours=1)


@pytest.fixture
def staffed(installed: Any, tmp_path: Path) -> Any:
    """Three followers with cards; Ann is the owner, Rea a reviewer."""
    with open_store(f"sqlite:///{tmp_path / 'followguard.db'}") as store:
        account = record_followers(store, "acme", [made_up_profile(i, NOW) for i in IDS], NOW)
        settings = load_installation(tmp_path / "followguard.toml", {}).accounts["acme"]
        score_account(store, account, settings.policy, RuleScorer(lambda _: 0.1), NOW)
        batch_account(store, account, settings.policy, NOW)
        queue_account(store, account, settings.policy, NOW, 0)
    assert installed("person", "add", "Rea", "--role", "reviewer", "--by", "Ann").code == 0
    return installed
