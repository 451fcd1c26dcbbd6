"""Rules that a history may break although every row is as the log has it: a program that did wrong, or was made to."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, text

from followguard.accounts.store import People
from followguard.domain.order import Attempt, AttemptOutcome, OrderState, Step
from followguard.following.store import Orders
from followguard.proof.check import check_database
from followguard.proof.rules import Against, prove
from followguard.proof.vouching import Vouched, check_openings
from followguard.store import tables as t
from followguard.store.hashchain import Opening
from followguard.store.log import Log


def found(house: Any) -> list[tuple[str, str | None, str]]:
    """Rule, person and words of what is found."""
    return [(each.rule, each.person, each.text) for each in prove(house.store, Against()).findings]


def handed_off(house: Any, follower_id: str, by: int | None = None) -> int:
    """An order that is moved as it stands, whoever approved it."""
    house.add(follower_id)
    order: int = house.order(follower_id, by=by)
    hand_off(house, order)
    return order


def hand_off(house: Any, order: int) -> None:
    """The move alone, without what the job asks first."""
    attempt = Attempt(executor="handoff", outcome=AttemptOutcome.HANDED_OFF)
    with house.store.begin() as work:
        Orders(work).move(Orders(work).get(order), Step(to=OrderState.HANDED_OFF, now=house.now, attempt=attempt))


def tried(house: Any, order: int, outcome: AttemptOutcome) -> None:
    """An attempt alone."""
    values = {"order_id": order, "at": house.now, "executor": "api", "outcome": outcome.value}
    with house.store.begin() as work:
        work.covered.insert(insert(t.attempts).values(values))


def by_nobody_who_may(house: Any) -> None:
    with house.store.begin() as work:
        mal = People(work).add("Mal", "p-mal", house.now)
        People(work).grant(mal.id, "reviewer", None, None, house.now)
    handed_off(house, "11", by=mal.id)


def after_a_withdrawal(house: Any) -> None:
    (order,) = house.approved("11")
    with house.store.begin() as work:
        People(work).withdraw(house.ann, None, house.now)
    hand_off(house, order)


def below_a_role_of_the_account(house: Any) -> None:
    (order,) = house.approved("11")
    with house.store.begin() as work:
        People(work).grant(house.ann, "viewer", house.account.id, None, house.now)
    hand_off(house, order)


def during_a_pause(house: Any) -> None:
    (order,) = house.approved("11")
    with house.store.begin() as work:
        Log(work).append(house.now, "account.pause", "acme", "p-ann", {})
    hand_off(house, order)


def after_a_void(house: Any) -> None:
    order = handed_off(house, "11")
    with house.store.begin() as work:
        Orders(work).void(order, "the list was old", house.now)
    tried(house, order, AttemptOutcome.SENDING)


def after_an_overrule(house: Any) -> None:
    order = handed_off(house, "11")
    decision = house.get(order).decision_id
    house.decide("11", kind="overrule", reason="spam", overrules=decision)
    tried(house, order, AttemptOutcome.SENDING)


def a_second_call(house: Any) -> None:
    (order,) = house.approved("11")
    for outcome in (AttemptOutcome.SENDING, AttemptOutcome.SENT, AttemptOutcome.SENDING):
        tried(house, order, outcome)


RULES = [
    (by_nobody_who_may, "follow", "no approver at that time", "Mal"),
    (after_a_withdrawal, "follow", "role had ended", "Ann"),
    (below_a_role_of_the_account, "follow", "role had ended", "Ann"),
    (during_a_pause, "follow", "while the account was paused", "Ann"),
    (after_a_void, "follow", "after the order was void", "Ann"),
    (after_an_overrule, "follow", "taken back or overruled", "Ann"),
    (a_second_call, "twice", "a second call", "Ann"),
]


@pytest.mark.parametrize(("done", "rule", "words", "person"), RULES)
def test_a_follow_that_nobody_should_have_made(
    house: Any, done: Callable[[Any], None], rule: str, words: str, person: str
) -> None:
    """Named with its order, its rule and whoever approved it; the same history without it is whole."""
    assert found(house) == []
    done(house)
    assert any((r, p) == (rule, person) and words in said for r, p, said in found(house)), found(house)


def test_what_is_allowed_is_no_finding(house: Any) -> None:
    """A pause that ended, a call that failed and was repeated, an overrule taken back, a role that ended afterwards."""
    order = handed_off(house, "11")
    overrule = house.decide("11", kind="overrule", reason="spam", overrules=house.get(order).decision_id)
    house.decide("11", kind="undo", undoes=overrule)
    with house.store.begin() as work:
        Log(work).append(house.now, "account.pause", "acme", "p-ann", {})
        Log(work).append(house.now, "account.resume", "acme", "p-ann", {})
    for outcome in (AttemptOutcome.SENDING, AttemptOutcome.FAILED, AttemptOutcome.SENDING, AttemptOutcome.SENT):
        tried(house, order, outcome)
    with house.store.begin() as work:
        People(work).withdraw(house.ann, None, house.now)
    assert found(house) == []


def test_an_unrecorded_follower_is_found(quick_house: Any) -> None:
    """Somebody took the follower's row away with the keys switched off."""
    handed_off(quick_house, "11")
    with quick_house.store.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("DELETE FROM followers WHERE follower_id = '11'")
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("BEGIN")
    assert any("isn't a recorded follower" in said for _, _, said in found(quick_house))


def test_a_score_by_an_unknown_model_is_found(house: Any) -> None:
    """With how many there are; a base model that once scored by the book stays known."""
    house.add("11")
    with house.store.begin() as work:
        snapshot = work.connection.execute(t.snapshots.select()).first()
        row = {"account_id": house.account.id, "follower_id": "11", "snapshot_id": snapshot.id, "p_spam": 0.1}
        row |= {"policy_hash": "x", "band": "genuine", "base_logit": 0.0, "reasons": [], "features": b""}
        row |= {"feature_schema": "s", "observed_at": house.now, "scored_at": house.now}
        work.connection.execute(insert(t.scores).values(model="base-old", **row))
        work.covered.insert(insert(t.settings).values(name="base:base-old", value="2026-01-05"))
    assert found(house) == []
    with house.store.begin() as work:
        work.connection.execute(insert(t.scores).values(model="evil-1", **row))
    (finding,) = found(house)
    assert finding[0] == "model"
    assert "evil-1" in finding[2]


def test_a_missing_trigger_is_found(house: Any) -> None:
    """Dropped, switched off, or with another body."""
    postgres = house.store.engine.dialect.name == "postgresql"
    with house.store.engine.begin() as connection:
        if postgres:
            connection.execute(text("ALTER TABLE orders DISABLE TRIGGER orders_refuse_update"))
        else:
            connection.execute(text("DROP TRIGGER orders_refuse_update"))
            connection.execute(text("CREATE TRIGGER orders_refuse_update BEFORE UPDATE ON orders BEGIN SELECT 1; END"))
    try:
        (finding,) = found(house)
        assert finding[0] == "schema"
        assert any("orders_refuse_update" in said for said in check_database(house.store).findings)
    finally:
        if postgres:
            with house.store.engine.begin() as connection:
                connection.execute(text("ALTER TABLE orders ENABLE TRIGGER orders_refuse_update"))


def test_a_cut_entry_is_found(quick_house: Any) -> None:
    """The last entry alone is gone: its payload and its rows give it away."""
    handed_off(quick_house, "11")
    with quick_house.store.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("DROP TRIGGER log_refuse_delete")
        last = connection.execute(text("SELECT max(seq) FROM log")).scalar_one()
        connection.exec_driver_sql(f"DELETE FROM seals WHERE seq = {last}")
        connection.exec_driver_sql(f"DELETE FROM log_openings WHERE seq = {last}")
        connection.exec_driver_sql(f"DELETE FROM log WHERE seq = {last}")
    assert {"schema", "row"} <= {rule for rule, _, _ in found(quick_house)}


def test_payloads_without_entry_are_told_in_order() -> None:
    """Payloads are told as they stand in the log, so that the first one is where the cut was."""
    vouched = Vouched(entries={}, openings={seq: Opening(salt="", payload={}) for seq in range(125, 130)})
    assert [finding.row for finding in check_openings(vouched)] == [f"log {seq}" for seq in range(125, 130)]
