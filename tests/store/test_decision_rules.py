"""The database itself keeps decisions and the log, whoever asks: raw SQL tries to break invariants 4 and 5."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from followguard.store import tables as t
from followguard.store.log import Log
from tests.builders.planted import (
    ALICE,
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
    run,
)


def test_a_follower_with_a_decision_cannot_vanish(seeded: Any) -> None:
    """Deleting a follower or giving them another id is refused, so that no decision loses its subject."""
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
    """A decision has its person, follower, kind and reason, and they fit together."""
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
