"""Databases with a note in their log, to be backed up."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from followguard.store.log import Log

NOW = datetime(2026, 8, 22, 0, 0, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)


@pytest.fixture(autouse=True)
def client_programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of the server under test come first on PATH."""
    if "postgres_server" in request.fixturenames or "postgresql" in request.node.name:
        server = request.getfixturevalue("postgres_server")
        monkeypatch.setenv("PATH", f"{server.bin_path}{os.pathsep}{os.environ['PATH']}")


def note(store: Any, kind: str) -> str:
    """Writes one entry; returns the head."""
    with store.begin() as work:
        return str(Log(work).append(NOW, kind, "", "followguard", {"kind": kind}))


def kinds(store: Any) -> list[str]:
    """Kinds of the log's entries."""
    with store.begin() as work:
        return [entry.kind for entry in Log(work).entries()]
