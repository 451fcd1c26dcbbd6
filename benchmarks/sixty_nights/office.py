"""One company's installation, worked through the public command line alone: nights, mornings, retraining."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from followguard.cli.app import main as followguard

CONFIGURATION = """\
max_usd_per_month = 2000.0

[accounts.acme]
training_basis = "own-decisions"

[accounts.acme.policy]
max_usd_per_night = 20.0
max_follow_backs_per_day = 100
retrain_after_decisions = 0
max_wrong_hold = 0.1
"""
PEOPLE = ("Ann", "Ben", "Cem")
SECONDS_A_CARD = 12
SLIPS, LATER, NOT_RELEVANT = 0.015, 0.02, 0.03
"""Shares of cards decided against the label, put off for three days, and of real people rejected as not relevant."""
LATER_DAYS = timedelta(days=3)


@dataclass(slots=True)
class Office:
    """`tree` holds the program with its base model; `spam` is the answer by follower, which only people know."""

    folder: Path
    tree: Path
    spam: Mapping[str, bool]
    rng: Random
    now: datetime
    troubles: list[str] = field(default_factory=list)

    def run(self, *args: str, may: Sequence[int] = (0,)) -> Any:
        """A command in a process of its own; the document that it prints. Any other exit code than `may` is noted."""
        self._at(self.now)
        command = [sys.executable, "-m", "followguard", *args, "--json"]
        environment = os.environ | {"PYTHONPATH": str(self.tree), "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in may:
            self.troubles.append(f"{' '.join(args)}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def quick(self, *args: str, may: Sequence[int] = (0,)) -> Any:
        """A command that needs no model, in this process, by the function that the program itself starts with."""
        self._at(self.now)
        said, complained = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            code = followguard([*args, "--config", str(self.folder / "followguard.toml"), "--json"])
        if code not in may:
            self.troubles.append(f"{' '.join(args)}: exit {code}: {complained.getvalue().strip()[-300:]}")
        return json.loads(said.getvalue()) if said.getvalue().strip() else None

    def found(self) -> None:
        """The configuration, the database, the people."""
        (self.folder / "followguard.toml").write_text(CONFIGURATION, encoding="utf-8")
        self.quick("db", "upgrade")
        for person in PEOPLE:
            first = person == PEOPLE[0]
            asked_by = () if first else ("--by", PEOPLE[0])
            self.quick("person", "add", person, "--role", "owner" if first else "approver", *asked_by)

    def desk(self) -> list[dict[str, Any]]:
        """Today's cards."""
        return list(self.quick("review", "list", "--limit", "0"))

    def waiting(self) -> list[dict[str, Any]]:
        """Every card that waits, whatever its day, those held back too."""
        return list(self.quick("review", "list", "--state", "waiting", "--include-held-back", "--limit", "0"))

    def decide(self, cards: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Each card by the next person in turn, as its label says but for slips; returns how many of each kind."""
        made: dict[str, int] = {}
        for place, card in enumerate(cards):
            verb, options = self._choice(card)
            self.now += timedelta(seconds=SECONDS_A_CARD)
            by = PEOPLE[place * len(PEOPLE) // max(1, len(cards))]
            self.quick("review", verb, card["follower_id"], *options, "--by", by)
            made[verb] = made.get(verb, 0) + 1
        return made

    def _choice(self, card: Mapping[str, Any]) -> tuple[str, list[str]]:
        spam = self.spam[card["follower_id"]] != (self.rng.random() < SLIPS)
        if card["state"] != "later" and self.rng.random() < LATER:
            return "later", ["--until", (self.now + LATER_DAYS).date().isoformat()]
        if spam:
            return "reject", ["--reason", "spam"]
        if self.rng.random() < NOT_RELEVANT:
            return "reject", ["--reason", "not_relevant"]
        return "approve", []

    def _at(self, now: datetime) -> None:
        os.environ["FOLLOWGUARD_NOW"] = now.isoformat()


@contextmanager
def own_environment(more: Mapping[str, str]) -> Iterator[None]:
    """The sandbox's address and keys, and nothing of a real installation."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("FOLLOWGUARD_")]:
        del os.environ[name]
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
