"""Desk with five cards, answered through a pipe or typed at on a terminal."""

import io
import json
import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from followguard.testing import RuleScorer, made_up_profile, record_followers

EVIL = "Ann \x1b[31mRed\x1b[0m\u202e\u200b"
SCORES = {"11": 0.02, "12": 0.05, "13": 0.4, "14": 0.97, "21": 0.03}


@pytest.fixture
def desk(installed: Any, tmp_path: Path) -> Any:
    """Four cards of acme, one of beta; 11 follows both. Ann is owner, Rea a reviewer."""
    from followguard.cli.opened import load_installation, open_store
    from followguard.screening.queue import queue_account
    from followguard.screening.score import score_account

    both = (
        '[accounts.acme]\ntraining_basis = "none"\n[[accounts.acme.routes]]\nname = "press"\nbio = ["maps"]\n'
        '[accounts.beta]\ntraining_basis = "none"\n'
    )
    (tmp_path / "followguard.toml").write_text(both, encoding="utf-8")
    assert installed("person", "add", "Rea", "--role", "reviewer", "--by", "Ann").code == 0
    installation = load_installation("followguard.toml")
    now = datetime.now(UTC)
    with open_store(installation) as store:
        for handle, ids in (("acme", ("11", "12", "13", "14")), ("beta", ("11", "21"))):
            profiles = [replace(made_up_profile(i, now), name=EVIL if i == "13" else f"Name {i}") for i in ids]
            account = record_followers(store, handle, profiles, now)
            policy = installation.accounts[handle].policy
            score_account(store, account, policy, RuleScorer(lambda p: SCORES[p.id]), now)
            queue_account(store, account, policy, now, 0)
    return installed


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Answers piped in, one a line."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


class Terminal:
    """A command, the desk unless told otherwise, on a terminal of its own, typed at by a test."""

    def __init__(self, folder: Path, *args: str, stdout: int | None = None, **variables: str) -> None:
        pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
        self.ours, theirs = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FOLLOWGUARD_")} | {"TERM": "xterm"}
        environment |= {"COLUMNS": "80"} | variables
        command = [sys.executable, "-m", "followguard", *(args or ("review", "--by", "Ann"))]
        self.child = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            pass_fds=(theirs,) if stdout is None else (theirs, stdout),
            preexec_fn=lambda: self._sit_down(theirs, stdout),  # noqa: PLW1509 - no thread runs yet
        )
        os.close(theirs)
        self.unread = self.before = b""

    @staticmethod
    def _sit_down(theirs: int, stdout: int | None) -> None:
        os.login_tty(theirs)
        if stdout is not None:
            os.dup2(stdout, 1)

    def expect(self, words: bytes) -> None:
        """Reads up to these words, for at most half a minute; what came before them is in `before`."""
        deadline = time.monotonic() + 30
        while words not in self.unread:
            ready, _, _ = select.select([self.ours], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{words!r} never came: {self.unread!r}"
            self.unread += os.read(self.ours, 65_536)
        self.before, _, self.unread = self.unread.partition(words)

    def rest(self) -> bytes:
        """Everything up to the end of the program."""
        with suppress(OSError):  # how a pseudo-terminal says that nobody writes any more
            while more := os.read(self.ours, 65_536):
                self.unread += more
        assert self.end() == 0, self.unread
        return self.unread

    def press(self, key: bytes) -> None:
        """Presses one key, without Enter."""
        os.write(self.ours, key)

    def end(self) -> int:
        """The exit code, once the program is over."""
        try:
            return self.child.wait(30)
        finally:
            self.child.kill()
            os.close(self.ours)


def states_in(folder: Path) -> list[str]:
    """The states of all cards, sorted, from a process of their own."""
    command = [sys.executable, "-m", "followguard", "review", "list", "--all", "--json"]
    out = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60).stdout
    return sorted(row["state"] for row in json.loads(out))


@pytest.fixture
def attacked(desk: Any) -> Any:
    """Twelve look-alikes of acme have arrived too."""
    from followguard.cli.opened import load_installation, open_store
    from followguard.screening.queue import batch_account, queue_account
    from followguard.screening.score import score_account

    installation = load_installation("followguard.toml")
    now = datetime.now(UTC)
    made = made_up_profile("0", now).created_at
    profiles = [
        replace(made_up_profile(str(500 + n), now), username=f"Nora8721033{n:02}", description="", created_at=made)
        for n in range(12)
    ]
    policy = installation.accounts["acme"].policy
    with open_store(installation) as store:
        account = record_followers(store, "acme", profiles, now)
        score_account(store, account, policy, RuleScorer(lambda _: 0.5), now)
        assert batch_account(store, account, policy, now) == 1
        assert queue_account(store, account, policy, now, 0).listed == 16
    return desk
