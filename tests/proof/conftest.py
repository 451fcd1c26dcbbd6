"""A small history with a row in every table that the log vouches for."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from followguard.access.links import make_link
from followguard.access.sessions import sign_in
from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts, People
from followguard.domain.house_model import MoveKind, NewMove
from followguard.domain.run import Call
from followguard.following.unfollow_store import Unfollows
from followguard.notify.store import PersonTargets
from followguard.setup.distrust_store import Distrusts
from followguard.store import tables as t
from followguard.store.log import Log
from followguard.training.store import Models
from tests.builders.backups import client_programs
from tests.builders.following import furnish, house, quick_house
from tests.builders.models import model_on_record

__all__ = ["client_programs", "house", "lived", "postgres_lived", "quick_house", "quick_lived"]

DAY = timedelta(days=1)


def lived_in(store: Any) -> Any:
    """Approved, rejected, handed off, confirmed, overruled, undone; a model promoted; a role withdrawn; calls paid."""
    house = furnish(store)
    house.approved("11", "12", "13", "14")
    house.add("15")
    house.decide("15", kind="reject", reason="spam", draw_probability=0.25)
    house.run()
    house.pass_time(days=1)
    house.recheck()
    with store.begin() as work:
        Log(work).append(house.now, "account.pause", "acme", "p-ann", {})
        Accounts(work).set_paused(house.account.id, house.now)
        Accounts(work).set_handoff_since(house.account.id, house.now)
        bob = People(work).add("Bob", "p-bob", house.now)
        People(work).grant(bob.id, "reviewer", house.account.id, house.ann, house.now)
        People(work).withdraw(bob.id, None, house.now)
        for number in (1, 2):
            model = Models(work).add(model_on_record(number, house.now))
            move = NewMove(group="house", kind=MoveKind.PROMOTE, model_id=model.id, at=house.now, why="better")
            Models(work).move(move)
        Runs(work).charge(
            house.account.id, Call(name="followers", requests=1, ids=("11", "12"), returned=2), 10, house.now
        )
        overrule = house_decision(work, house, "12")
        Unfollows(work).add(overrule, True, house.now)
        work.covered.insert(
            insert(t.decision_evidence).values(
                decision_id=overrule, p_spam=0.5, band="unsure", model="m", features=b"\x00\x01", shown={"name": "Ann"}
            )
        )
        tested(work, house)
        spoken_of(work, house)
        sign_in(work, make_link(work, bob_in_again(work, house), house.now, house.now + DAY), house.now, DAY)
        PersonTargets(work).put(house.ann, "ANN_CHAT", house.ann, house.now)
        work.covered.insert(insert(t.settings).values(name="base:base-1", value="2026-01-05"))
        work.covered.insert(insert(t.tombstones).values(digest="d" * 64, day="2026-01-05"))
    return house


def bob_in_again(work: Any, house: Any) -> Any:
    """Bob, with a role once more."""
    bob = People(work).by_name("Bob")
    People(work).grant(bob.id, "viewer", house.account.id, house.ann, house.now)
    return bob


def spoken_of(work: Any, house: Any) -> None:
    """Two notes and a route by hand about one follower; Bob is distrusted, and isn't any more."""
    item = work.connection.execute(t.items.select().limit(1)).one()
    whose = {"item_id": item.id, "account_id": item.account_id, "follower_id": item.follower_id}
    for said in ("Met her.", "Once more."):
        work.covered.insert(insert(t.notes).values(whose | {"person_id": house.ann, "text": said, "at": house.now}))
    for route in ("press", "partners"):
        work.covered.insert(
            insert(t.routings).values(whose | {"route": route, "person_id": house.ann, "at": house.now})
        )
    bob = People(work).by_name("Bob").id
    Distrusts(work).add(bob, house.now - DAY, house.ann, house.now)
    Distrusts(work).lift(bob, house.ann, house.now)


def tested(work: Any, house: Any) -> None:
    """A blind test of one card, answered."""
    look = work.connection.execute(t.snapshots.select().limit(1)).one()
    whose = {"account_id": look.account_id, "follower_id": look.follower_id}
    scored = {"p_spam": 0.99, "base_logit": -1.4}
    score = whose | scored | {"snapshot_id": look.id, "model": "house-1", "policy_hash": "p", "band": "spam"}
    score |= {"reasons": [], "features": b"", "feature_schema": "f", "observed_at": house.now, "scored_at": house.now}
    score_id = work.connection.execute(insert(t.scores).values(score)).inserted_primary_key[0]
    test = {"account_id": look.account_id, "person_id": house.ann, "number": 1, "model": "house-1", "spam_from": 0.95}
    test |= {"seed_sha256": "0" * 64, "pool_above": 10, "pool_below": 10, "started_at": house.now}
    test_id = work.covered.insert(insert(t.blind_tests).values(test), house.now).id
    card = whose | scored | {"test_id": test_id, "place": 1, "snapshot_id": look.id, "score_id": score_id}
    card_id = work.covered.insert(insert(t.blind_cards).values(card | {"above": True, "own": False})).id
    work.covered.insert(insert(t.blind_answers).values(whose | {"card_id": card_id, "answer": "spam", "at": house.now}))


def house_decision(work: Any, house: Any, follower_id: str) -> int:
    """An overrule of the newest approval."""
    row = work.connection.execute(
        t.decisions.select().where(t.decisions.c.follower_id == follower_id).order_by(t.decisions.c.id.desc())
    ).first()
    values = {name: getattr(row, name) for name in ("item_id", "account_id", "follower_id", "shown_hash")}
    values |= {"kind": "overrule", "reason": "spam", "overrules": row.id, "person_id": house.ann, "at": house.now}
    return int(work.covered.insert(insert(t.decisions).values(shown_because="listed", real_account=False, **values)).id)


@pytest.fixture
def lived(store: Any) -> Any:
    """An installation on each kind of database in turn."""
    return lived_in(store)


@pytest.fixture
def quick_lived(sqlite_store: Any) -> Any:
    """A lived-in account on SQLite."""
    return lived_in(sqlite_store)


@pytest.fixture
def postgres_lived(postgres_store: Any) -> Any:
    """A lived-in account on PostgreSQL."""
    return lived_in(postgres_store)
