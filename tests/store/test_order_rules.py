"""The database itself refuses wrong orders, whoever asks: raw SQL tries to break invariants 1 and 3."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from followguard.store import tables as t
from tests.builders.planted import (
    APPROVED,
    APPROVED_BOB,
    BOB,
    OTHERS,
    REJECTED,
    STRANGER,
    assert_refused,
    decision,
    insert,
    order,
    planted,
    run,
)


def test_an_approved_follower_gets_an_order(seeded: Any) -> None:
    """The one thing that is allowed, and a second decision about the same card."""
    insert(seeded, t.orders, **order())
    insert(seeded, t.decisions, **decision())
    with seeded.begin() as work:
        stored = [len(work.connection.execute(table.select()).all()) for table in (t.orders, t.decisions)]
    assert stored[0] == 1
    assert stored[1] >= 2


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"decision_id": None}, id="no decision"),
        pytest.param({"decision_id": 77}, id="a decision that isn't there"),
        pytest.param({"decision_id": REJECTED}, id="a rejection"),
        pytest.param({"decision_id": REJECTED, "decision_kind": "reject"}, id="a rejection that says so"),
        pytest.param({"decision_kind": None}, id="no kind"),
        pytest.param({"decision_id": APPROVED_BOB}, id="an approval of another follower"),
        pytest.param({"follower_id": BOB}, id="another follower than was approved"),
        pytest.param({"follower_id": STRANGER}, id="no recorded follower"),
        pytest.param({"account_id": OTHERS}, id="another account than was approved for"),
        pytest.param({"account_id": OTHERS, "decision_id": APPROVED_BOB, "follower_id": BOB}, id="follower of another"),
        pytest.param({"appearance_hash": "b" * 64}, id="another look than was approved"),
        pytest.param({"state": "someday"}, id="an unknown state"),
        pytest.param({"state": "void"}, id="void without a reason"),
    ],
)
def test_no_follow_without_a_reason_to(seeded: Any, changes: dict[str, Any]) -> None:
    """A follow order needs an approval of that very follower, for that account, as they looked."""
    with pytest.raises(IntegrityError):
        insert(seeded, t.orders, **order(**changes))


def test_one_live_order(seeded: Any) -> None:
    """A second approval makes no second order while the first is live, and one when it is over."""
    again = {"id": 10, "decision_id": 10}
    insert(seeded, t.decisions, **decision(10))
    insert(seeded, t.orders, **order(id=1))
    with pytest.raises(IntegrityError):
        insert(seeded, t.orders, **order(**again))
    run(seeded, "UPDATE orders SET state = 'void', why = 'left' WHERE id = 1")
    insert(seeded, t.orders, **order(**again))


def test_one_order_for_each_approval(seeded: Any) -> None:
    """An approval that was used up can't be used again."""
    insert(seeded, t.orders, **order(id=1))
    run(seeded, "UPDATE orders SET state = 'void', why = 'left' WHERE id = 1")
    with pytest.raises(IntegrityError):
        insert(seeded, t.orders, **order())


def test_an_undone_approval_makes_no_order(seeded: Any) -> None:
    """An undo takes the approval away."""
    insert(seeded, t.decisions, **decision(kind="undo", undoes=APPROVED))
    with pytest.raises(IntegrityError):
        insert(seeded, t.orders, **order())


@pytest.mark.parametrize(
    "change",
    [
        f"follower_id = '{BOB}'",
        f"account_id = {OTHERS}",
        f"decision_id = {APPROVED_BOB}",
        f"decision_id = {APPROVED_BOB}, follower_id = '{BOB}'",
        "decision_kind = 'reject'",
        f"appearance_hash = '{'b' * 64}'",
        "id = 50",
    ],
)
def test_an_order_keeps_what_it_is_about(seeded: Any, change: str) -> None:
    """Nobody turns an order for one follower into an order for another."""
    insert(seeded, t.orders, **order(id=1))
    assert_refused(seeded, f"UPDATE orders SET {change}")


def test_an_order_that_is_over_stays_over(seeded: Any) -> None:
    """A void order can't come back to life; its other columns may still be written."""
    insert(seeded, t.orders, **order(id=1))
    run(seeded, "UPDATE orders SET state = 'void', why = 'left'")
    run(seeded, "UPDATE orders SET why = 'left us'")
    assert_refused(seeded, "UPDATE orders SET state = 'queued'")


def test_orders_are_never_deleted(seeded: Any) -> None:
    """An order stays on record for ever."""
    insert(seeded, t.orders, **order(id=1))
    assert_refused(seeded, "DELETE FROM orders")


@pytest.fixture
def bare(sqlite_store: Any) -> Iterator[Any]:
    """SQLite as another program opens it: without the pragma that lets REPLACE fire the triggers against deleting."""
    insert(planted(sqlite_store), t.orders, **order(id=1))
    with sqlite_store.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
        connection.exec_driver_sql("BEGIN")
        yield connection


@pytest.mark.parametrize("table", ["decisions", "log", "orders"])
def test_sqlite_does_not_replace_a_row(bare: Any, table: str) -> None:
    """INSERT OR REPLACE would delete the row in the way without firing a trigger against deleting."""
    with pytest.raises(IntegrityError):
        bare.exec_driver_sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")


def test_sqlite_does_not_replace_a_live_order(bare: Any) -> None:
    """Nor does a new order push out the live one."""
    bare.execute(t.decisions.insert(), decision(30))
    with pytest.raises(IntegrityError):
        bare.execute(t.orders.insert().prefix_with("OR REPLACE"), order(id=2, decision_id=30))
