"""Puts cards that wait into a database: `python plant.py CONFIG MANY`, by the program that stands on the path.

A script by itself, so that an older program can be measured beside this one: each plants by its own schema.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from followguard.accounts.store import People
from followguard.cli.opened import load_installation, open_store
from followguard.sandbox.population import Population
from followguard.screening.queue import queue_account
from followguard.screening.score import score_account
from followguard.store.log import Log
from followguard.testing import record_followers
from followguard.training.models.serving import load_scorer
from followguard.words.readers import reader_of


def main(config: str, many: str) -> None:
    """Records made-up followers as one night leaves them, scored and on the list, and nine people who approve."""
    installation, now = load_installation(Path(config), dict(os.environ)), datetime.now(UTC)
    people = Population(7, hostile_share=0.02)
    arrived = [people.person(number) for number in people.grow(int(many), now, spam_share=0.3)]
    with open_store(installation) as store:
        store.upgrade()
        account: Any = record_followers(store, "acme", [one.profile for one in arrived], now)
        settings = installation.account("acme")
        score_account(store, account, settings.policy, load_scorer(), now, reader_of(installation, settings))
        queue_account(store, account, settings.policy, now, 1)
        with store.begin() as work:
            for number, name in enumerate(("Ann", *(f"Person {each}" for each in range(1, 9)))):
                person = People(work).add(name, f"p-{number}", now)
                People(work).grant(person.id, "approver", None, None, now)
                Log(work).append(now, "person.add", "", person.pseudonym, {"person": person.pseudonym})


if __name__ == "__main__":
    main(*sys.argv[1:])
