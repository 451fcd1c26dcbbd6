"""What the database itself refuses, whoever asks: raw SQL tries to break invariants 1, 3, 4 and 5."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from followguard.adapters.store import tables as t
from followguard.adapters.store.log import Log

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
    """One INSERT in a transaction of its own."""
    with store.engine.begin() as connection:
        connection.execute(table.insert(), row)


def run(store: Any, statement: str) -> None:
    """One raw statement in a transaction of its own."""
    with store.engine.begin() as connection:
        connection.execute(text(statement))


def assert_refused(store: Any, statement: str) -> None:
    """The database says no to a raw statement."""
    with pytest.raises(IntegrityError):
        run(store, statement)


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
    """What was once ordered stays on record."""
    insert(seeded, t.orders, **order(id=1))
    assert_refused(seeded, "DELETE FROM orders")


def test_a_follower_with_a_decision_cannot_vanish(seeded: Any) -> None:
    """Neither deleting a follower nor giving them another id leaves a decision without its subject."""
    assert_refused(seeded, f"DELETE FROM followers WHERE follower_id = '{ALICE}'")
    assert_refused(seeded, f"UPDATE followers SET follower_id = '{STRANGER}' WHERE follower_id = '{ALICE}'")


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE decisions SET kind = 'approve', reason = NULL WHERE id = {REJECTED}",
        "UPDATE decisions SET person_id = 1",
        "UPDATE decisions SET shown_hash = 'x'",
        f"DELETE FROM decisions WHERE id = {REJECTED}",
        "DELETE FROM decisions",
    ],
)
def test_decisions_are_facts(seeded: Any, statement: str) -> None:
    """No decision is changed or deleted, not even to what it is."""
    assert_refused(seeded, statement)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"person_id": None}, id="nobody"),
        pytest.param({"person_id": 55}, id="an unknown person"),
        pytest.param({"follower_id": BOB}, id="another follower than the card's"),
        pytest.param({"account_id": OTHERS}, id="another account than the card's"),
        pytest.param({"kind": "like"}, id="an unknown kind"),
        pytest.param({"kind": "reject"}, id="a rejection without a reason"),
        pytest.param({"kind": "reject", "reason": "ugly"}, id="an unknown reason"),
        pytest.param({"reason": "spam"}, id="an approval with a reason to reject"),
        pytest.param({"kind": "later"}, id="later without a day"),
        pytest.param({"kind": "undo"}, id="an undo of nothing"),
        pytest.param({"undoes": APPROVED}, id="an approval that undoes"),
        pytest.param({"kind": "undo", "undoes": 77}, id="an undo of what isn't there"),
        pytest.param({"kind": "undo", "undoes": APPROVED_BOB}, id="an undo about another card"),
        pytest.param({"shown_because": "whim"}, id="an unknown way to the desk"),
        pytest.param({"shown_hash": None}, id="nothing was shown"),
    ],
)
def test_a_decision_is_by_somebody_about_a_card(seeded: Any, changes: dict[str, Any]) -> None:
    """Who, about whom, what and why are all there, and fit together."""
    with pytest.raises(IntegrityError):
        insert(seeded, t.decisions, **decision(**changes))


def test_a_decision_is_undone_once_and_an_undo_never(seeded: Any) -> None:
    """Undo is another row; it can't be undone itself."""
    insert(seeded, t.decisions, **decision(20, kind="undo", undoes=APPROVED))
    for undone in (APPROVED, 20):
        with pytest.raises(IntegrityError):
            insert(seeded, t.decisions, **decision(kind="undo", undoes=undone))


@pytest.mark.parametrize("state", ["handed_off", "sending", "sent", "confirmed"])
def test_what_went_out_cannot_be_undone(seeded: Any, state: str) -> None:
    """Undo is possible until the follow was sent or handed off."""
    insert(seeded, t.orders, **order(state=state))
    with pytest.raises(IntegrityError):
        insert(seeded, t.decisions, **decision(kind="undo", undoes=APPROVED))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET actor = 'somebody else' WHERE seq = 2",
        "UPDATE log SET seq = 9 WHERE seq = 3",
        "DELETE FROM log WHERE seq = 3",
        "DELETE FROM log",
    ],
)
def test_the_log_is_never_changed(seeded: Any, statement: str) -> None:
    """No entry is changed, moved or deleted."""
    run(seeded, "DELETE FROM log_openings")
    assert_refused(seeded, statement)


@pytest.mark.parametrize("where", [(5, "hash of 3"), (4, "hash of 2"), (3, "hash of 2"), (4, "zeros"), (0, "zeros")])
def test_the_log_cannot_fork(seeded: Any, where: tuple[int, str]) -> None:
    """An entry that doesn't follow the last one is refused."""
    with seeded.begin() as work:
        entries = list(Log(work).entries())
    seq, after = where
    prev = {"hash of 3": entries[2].hash, "hash of 2": entries[1].hash, "zeros": "0" * 64}[after]
    row = {"seq": seq, "at": "now", "kind": "k", "account": "", "actor": "x", "commitment": "c", "prev": prev}
    with pytest.raises(IntegrityError):
        insert(seeded, t.log, hash="f" * 64, **row)


@pytest.mark.parametrize("table", ["decisions", "log", "orders"])
def test_postgresql_does_not_truncate(postgres_store: Any, table: str) -> None:
    """TRUNCATE fires no row triggers, so it has a refusal of its own."""
    assert_refused(postgres_store, f"TRUNCATE {table} CASCADE")


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
