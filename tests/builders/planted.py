"""Rows written past all our code, as a hostile hand would write them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from followguard.store import tables as t
from followguard.store.log import Log

NOW = datetime(2026, 8, 22, 3, tzinfo=UTC)
LOOK = "a" * 64
OURS, OTHERS = 1, 2
ANN = 1
ALICE, BOB, STRANGER = "100", "200", "999"
ITEM_OF_ALICE, ITEM_OF_BOB = 1, 2
APPROVED, REJECTED, APPROVED_BOB = 1, 2, 3


@pytest.fixture
def seeded(store: Any) -> Any:
    """Each kind of database with the rows of `planted`."""
    return planted(store)


def planted(store: Any) -> Any:
    """Two accounts, one person; @acme's followers Alice (approved, after a rejection that was undone) and Bob."""
    with store.begin() as work:
        seed = work.connection.execute
        seed(t.accounts.insert(), [account(OURS, "acme"), account(OTHERS, "beta")])
        seed(t.people.insert(), {"id": ANN, "name": "Ann", "pseudonym": "p1", "added_at": NOW})
        seed(
            t.passes.insert(),
            {"id": 1, "account_id": OURS, "kind": "night", "started_at": NOW, "position": 0, "progress": {}},
        )
        seed(t.followers.insert(), [follower(OURS, ALICE), follower(OURS, BOB), follower(OTHERS, BOB)])
        seed(t.items.insert(), [item(ITEM_OF_ALICE, ALICE), item(ITEM_OF_BOB, BOB)])
        for row in (
            decision(APPROVED),
            decision(REJECTED, kind="reject", reason="spam"),
            decision(APPROVED_BOB, item_id=ITEM_OF_BOB, follower_id=BOB),
        ):
            seed(t.decisions.insert(), row)
        for number in range(3):
            Log(work).append(NOW, "test", "acme", "p1", {"number": number})
    return store


def account(number: int, handle: str) -> dict[str, Any]:
    """A row of `accounts`."""
    return {"id": number, "handle": handle, "created_at": NOW}


def follower(account_id: int, follower_id: str) -> dict[str, Any]:
    """A row of `followers`."""
    seen = {"first_seen_at": NOW, "last_seen_at": NOW}
    return {"account_id": account_id, "follower_id": follower_id, "ordinal": 1, "pass_id": 1, "snapshot_id": 1, **seen}


def item(number: int, follower_id: str) -> dict[str, Any]:
    """A row of `items`."""
    return {"id": number, "account_id": OURS, "follower_id": follower_id, "state": "waiting", "updated_at": NOW}


def decision(number: int = 40, **changes: Any) -> dict[str, Any]:
    """A row of `decisions`: an approval of Alice unless changed."""
    row = {"item_id": ITEM_OF_ALICE, "account_id": OURS, "follower_id": ALICE, "person_id": ANN, "kind": "approve"}
    return row | {"id": number, "at": NOW, "shown_hash": LOOK, "shown_because": "listed", **changes}


def order(**changes: Any) -> dict[str, Any]:
    """A row of `orders`: a queued one for Alice by her approval, unless changed."""
    row = {"id": 40, "account_id": OURS, "follower_id": ALICE, "decision_id": APPROVED, "decision_kind": "approve"}
    row |= {"appearance_hash": LOOK, "state": "queued", "created_at": NOW, "due": "2026-08-22", "updated_at": NOW}
    return row | changes


def insert(store: Any, table: Any, **row: Any) -> None:
    """Inserts one row in a transaction of its own."""
    with store.engine.begin() as connection:
        connection.execute(table.insert(), row)


def run(store: Any, statement: str) -> None:
    """Runs one raw statement in a transaction of its own."""
    with store.engine.begin() as connection:
        connection.execute(text(statement))


def assert_refused(store: Any, statement: str) -> None:
    """The database says no to a raw statement."""
    with pytest.raises(IntegrityError):
        run(store, statement)
