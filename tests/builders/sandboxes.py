"""Sandboxes that commands of a test talk to."""

from datetime import datetime

import pytest

from followguard.sandbox import Sandbox


def point_at(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, now: datetime | None = None) -> None:
    """Puts the sandbox's address and credentials into the environment, and the time, if one is given."""
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    if now is not None:
        monkeypatch.setenv("FOLLOWGUARD_NOW", now.isoformat())
