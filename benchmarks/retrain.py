"""Retraining on 5,000 decisions and rescoring 20,000 cards that wait: `python -m benchmarks retrain`.

The sandbox makes up followers, who are put into the database night by night, 200 decided in each. Then
`followguard retrain` runs in a process of its own, whose time and memory are measured. Rescoring is timed by itself:
`followguard model rollback` does little else. CPU seconds count, so that what else runs on the machine doesn't show;
the clock's seconds stand beside them.
"""

import json
import os
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.processes import ran
from followguard.accounts.store import People
from followguard.cli.opened import load_installation, open_store
from followguard.domain.labels import Kind
from followguard.store.tables import decision_evidence, decisions, items, scores
from followguard.testing import START, record_followers
from followguard.training.models.serving import load_scorer

NIGHTS, A_NIGHT, WAITING = 25, 200, 20_000
SECONDS, MEBIBYTES, RESCORE_SECONDS = 30.0, 600.0, 10.0
CONFIG = """
[accounts.acme]
training_basis = "own-decisions"
[accounts.acme.policy]
max_cards_per_day = 1000
"""


def main() -> int:
    """Prints the figures; returns 1 when one isn't reached."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "followguard.toml"
        config.write_text(CONFIG, encoding="utf-8")
        plant(config)
        learned, back = (
            ran("-m", "followguard", *command, "--config", str(config), "--json")
            for command in (("retrain",), ("model", "rollback"))
        )
    fitted, placed = json.loads(learned.out), json.loads(back.out)
    print(
        f"retrain, {sum(fitted['labels'].values()):,} labels: {fitted['outcome']}, {learned.seconds:.1f} s "
        f"(at most {SECONDS:.0f}; clock {learned.clock:.1f}) with {fitted['rescored']:,} cards rescored, "
        f"{learned.mebibytes:.0f} MiB (at most {MEBIBYTES:.0f})"
    )
    print(
        f"rollback, {placed['rescored']:,} cards rescored and placed: {back.seconds:.1f} s (at most "
        f"{RESCORE_SECONDS:.0f}; clock {back.clock:.1f}), {back.mebibytes:.0f} MiB"
    )
    kept = learned.seconds < SECONDS and max(learned.mebibytes, back.mebibytes) <= MEBIBYTES
    return 0 if kept and back.seconds < RESCORE_SECONDS and placed["rescored"] >= WAITING else 1


def plant(config: Path) -> None:
    """Records followers, scores, cards and decisions, as that many nights and mornings leave them behind."""
    from followguard.sandbox.population import IS_SPAM, Population

    installation = load_installation(config, dict(os.environ))
    people = Population(7, hostile_share=0.02)
    with open_store(installation) as store:
        store.upgrade()
        with store.begin() as work:
            person = People(work).add("Ann", "p-ann", START)
        for night in range(NIGHTS + 1):
            now = START + timedelta(days=night)
            many = WAITING if night == NIGHTS else A_NIGHT
            arrived = [people.person(number) for number in people.grow(many, now, spam_share=0.3)]
            settle(installation, store, arrived, now)
            if night < NIGHTS:
                decide(store, person.id, {one.profile.id for one in arrived if IS_SPAM[one.kind]}, now)


def settle(installation: Any, store: Any, arrived: list[Any], now: datetime) -> None:
    """Records a night's followers, scores them and plans the list."""
    from followguard.screening.queue import queue_account
    from followguard.screening.score import score_account
    from followguard.words.readers import reader_of

    account = record_followers(store, "acme", [one.profile for one in arrived], now)
    settings = installation.account("acme")
    score_account(store, account, settings.policy, load_scorer(), now, reader_of(installation, settings))
    queue_account(store, account, settings.policy, now, 1)


def decide(store: Any, person: int, spammers: set[str], now: datetime) -> None:
    """Decides everybody on the list, as the sandbox knows them."""
    from sqlalchemy import select

    with store.begin() as work:
        query = (
            select(items, scores.c.features, scores.c.feature_schema, scores.c.p_spam, scores.c.model)
            .join(scores, scores.c.id == items.c.score_id)
            .where(items.c.state == "waiting")
        )
        rows = work.connection.execute(query).all()
        for row in rows:
            spam = row.follower_id in spammers
            values = {"item_id": row.id, "account_id": row.account_id, "follower_id": row.follower_id}
            values |= {"person_id": person, "at": now, "score_id": row.score_id, "shown_hash": "0" * 64}
            values |= {"kind": Kind.REJECT if spam else Kind.APPROVE, "reason": "spam" if spam else None}
            made = decisions.insert().values(values | {"shown_because": "listed", "real_account": False})
            made_id = work.covered.insert(made).id
            evidence = {"features": row.features, "feature_schema": row.feature_schema, "p_spam": row.p_spam}
            evidence |= {"decision_id": made_id, "model": row.model}
            work.covered.insert(decision_evidence.insert().values(evidence))
        work.connection.execute(items.update().where(items.c.state == "waiting").values(state="rejected"))


if __name__ == "__main__":
    sys.exit(main())
