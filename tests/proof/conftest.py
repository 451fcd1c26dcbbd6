"""A small history with a row in every table that the log vouches for."""

from typing import Any

import pytest
from sqlalchemy import insert

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts, People
from followguard.domain.house_model import MoveKind, NewMove
from followguard.domain.run import Call
from followguard.following.unfollow_store import Unfollows
from followguard.store import tables as t
from followguard.store.log import Log
from followguard.training.store import Models
from tests.builders.backups import client_programs
from tests.builders.following import furnish, house, quick_house
from tests.builders.models import model_on_record

__all__ = ["client_programs", "house", "lived", "postgres_lived", "quick_house", "quick_lived"]


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
        work.covered.insert(insert(t.settings).values(name="base:base-1", value="2026-01-05"))
        work.covered.insert(insert(t.tombstones).values(digest="d" * 64, day="2026-01-05"))
    return house


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
