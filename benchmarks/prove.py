"""Seconds that it takes to prove a history of 20,000 decisions.

Run it by itself with `python -m benchmarks prove`. Each decision is recorded with its evidence and its entry, as the
desk does it; every second one is an approval with an order that was handed off and confirmed. Most of the time goes
into writing that history; `DECISIONS=2000` makes a shorter one.
"""

import os
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from followguard.accounts.store import Accounts, People
from followguard.domain.follower import Profile
from followguard.domain.order import Attempt, AttemptOutcome, OrderState, Step
from followguard.followers.passes_store import Passes
from followguard.followers.store import Followers
from followguard.following.store import Orders
from followguard.proof.quick import prove_quickly
from followguard.proof.rules import Against, prove
from followguard.screening.queue_store import Queue
from followguard.store import tables as t
from followguard.store.log import Log
from followguard.store.store import open_store

DECISIONS = int(os.environ.get("DECISIONS", "20000"))
AT_A_TIME = 500
START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = 10.0


def profile(number: int) -> Profile:
    """Makes up a follower."""
    return Profile(id=str(10_000_000 + number), username=f"person{number}", name="Ann", observed_at=START)


def settle_in(store: Any) -> tuple[int, int]:
    """Records the account and its approver; returns their ids."""
    with store.begin() as work:
        account = Accounts(work).ensure("acme", START)
        ann = People(work).add("Ann", "p-ann", START)
        People(work).grant(ann.id, "approver", None, None, START)
        Log(work).append(START, "person.add", "", "p-ann", {"person": "p-ann", "role": "approver"})
    return account.id, ann.id


def decide(work: Any, ids: tuple[int, int], item: int, look: Profile, now: datetime) -> None:
    """Records a decision with its evidence and entry; every second one is followed."""
    account, person = ids
    kind = "approve" if item % 2 else "reject"
    values = {"item_id": item, "account_id": account, "follower_id": look.id, "person_id": person, "kind": kind}
    values |= {"reason": None if item % 2 else "spam", "real_account": False, "at": now, "shown_because": "listed"}
    made = work.covered.insert(insert(t.decisions).values(shown_hash=look.appearance_hash(), **values))
    evidence = {"p_spam": 0.2, "band": "genuine", "model": "base-1", "policy_hash": "x", "features": b"0" * 400}
    work.covered.insert(insert(t.decision_evidence).values(decision_id=made.id, shown={"name": "Ann"}, **evidence))
    Log(work).append(
        now, f"decision.{kind}", "acme", "p-ann", {"decision": made.id, "item": item, "follower_id": look.id}
    )
    if kind == "approve":
        order = Orders(work).create(account, look.id, made.id, look.appearance_hash(), "2026-01-01", now)
        attempt = Attempt(executor="handoff", outcome=AttemptOutcome.HANDED_OFF)
        step = Step(to=OrderState.HANDED_OFF, now=now, attempt=attempt)
        Orders(work).move(Orders(work).get(order), step)
        Orders(work).move(Orders(work).get(order), replace(step, to=OrderState.CONFIRMED, attempt=None))


def fill(store: Any, ids: tuple[int, int]) -> float:
    """Writes the history; returns the seconds that it took."""
    account, _ = ids
    with store.begin() as work:
        reading = Passes(work).start_pass(account, "night", {}, START)
    began = time.monotonic()
    for first in range(0, DECISIONS, AT_A_TIME):
        now = START + timedelta(minutes=first)
        looks = [profile(number) for number in range(first, first + AT_A_TIME)]
        with store.begin() as work:
            Followers(work).record(reading, looks, now)
            Queue(work).open(account, [look.id for look in looks], None, now)
            for number, look in enumerate(looks, start=first + 1):
                decide(work, ids, number, look, now)
    return time.monotonic() - began


def main() -> int:
    """Prints the figures; returns 1 when the proof takes too long or finds something."""
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{Path(folder) / 'followguard.db'}") as store:
        store.upgrade()
        filled = fill(store, settle_in(store))
        began = time.monotonic()
        quick = prove_quickly(store, [])
        halfway = time.monotonic()
        proof = prove(store, Against(base=["base-1"]))
        ended = time.monotonic()
    whole, part = ended - halfway, halfway - began
    rows = sum(proof.checked["rows"].values())
    print(f"{DECISIONS:,} decisions written with orders and entries in {filled:.0f} s")
    print(f"{proof.checked['entries']:,} entries and {rows:,} rows: proved in {whole:.1f} s (at most {SECONDS:.0f})")
    print(f"the night's quick part: {part:.1f} s")
    for finding in [*proof.findings, *quick.findings][:5]:
        print(finding.sentence)
    return 0 if proof.ok and quick.ok and whole <= SECONDS else 1
