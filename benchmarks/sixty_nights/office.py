"""One company's installation, worked through the public command line alone."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from followguard.cli.app import main as followguard
from followguard.cli.opened import opened, seed_of
from followguard.errors import TooFewToTest
from followguard.screening.blind_test import BlindAnswer
from followguard.trust.sitting import BlindSitting

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
    """The installation: `tree` holds the program and its base model, `spam` the answers that only people know."""

    folder: Path
    tree: Path
    spam: Mapping[str, bool]
    rng: Random
    now: datetime
    troubles: list[str] = field(default_factory=list)

    def run(self, *args: str, may: Sequence[int] = (0,)) -> Any:
        """Runs a command in a process of its own; returns its document, and notes any other exit code than `may`."""
        self._set_clock()
        command = [sys.executable, "-m", "followguard", *args, "--json"]
        environment = os.environ | {"PYTHONPATH": str(self.tree), "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        return self._document(args, done.returncode, may, done.stdout, done.stderr)

    def quick(self, *args: str, may: Sequence[int] = (0,)) -> Any:
        """Runs a command that needs no model in this process, by the function that the program itself starts with."""
        self._set_clock()
        said, complained = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            code = followguard([*args, "--config", str(self.folder / "followguard.toml"), "--json"])
        return self._document(args, code, may, said.getvalue(), complained.getvalue())

    def _document(self, args: Sequence[str], code: int, may: Sequence[int], said: str, complained: str) -> Any:
        if code not in may:
            self.troubles.append(f"{' '.join(args)}: exit {code}: {complained.strip()[-300:]}")
        return json.loads(said) if said.strip() else None

    def found(self) -> None:
        """Makes the configuration, the database and the people."""
        (self.folder / "followguard.toml").write_text(CONFIGURATION, encoding="utf-8")
        self.quick("db", "upgrade")
        for person in PEOPLE:
            first = person == PEOPLE[0]
            asked_by = () if first else ("--by", PEOPLE[0])
            self.quick("person", "add", person, "--role", "owner" if first else "approver", *asked_by)

    def blind_test(self) -> bool:
        """Lets somebody take the blind test, by the truth, where only that is missing; tells whether it was taken."""
        if not self.quick("trust", "--account", "acme")["accounts"][0]["holding_back"]["next"]:
            return False
        with opened(str(self.folder / "followguard.toml")) as here:
            for person in reversed(PEOPLE):
                sitting = BlindSitting(
                    store=here.store,
                    settings=here.installation.account("acme"),
                    by=person,
                    clock=here.clock,
                    seed=seed_of(here.installation, here.store),
                )
                with suppress(TooFewToTest):
                    sitting.sit_down()
                    for card, _ in sitting.left():
                        sitting.answer(card, BlindAnswer.SPAM if self.spam[card.follower_id] else BlindAnswer.REAL)
                    return True
        return False

    def desk(self) -> list[dict[str, Any]]:
        """Lists today's cards."""
        return list(self.quick("review", "list", "--limit", "0"))

    def waiting(self) -> list[dict[str, Any]]:
        """Lists every card that waits, whatever its day, those held back too."""
        return list(self.quick("review", "list", "--state", "waiting", "--include-held-back", "--limit", "0"))

    def decide(self, cards: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Decides each card by the next person in turn, as its label says but for slips; counts each kind."""
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

    def _set_clock(self) -> None:
        os.environ["FOLLOWGUARD_NOW"] = self.now.isoformat()
