"""Orders written past followguard are carried out by nobody, neither by API nor by link; the rest goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from followguard.accounts.people import require_role
from followguard.accounts.store import People
from followguard.domain.policy import Executor
from followguard.errors import FAILED, PARTLY, MissingRole
from followguard.following.store import Orders
from followguard.store.seals import COVERED, is_proved
from followguard.store.tables import metadata

DECISION = (
    "INSERT INTO decisions (item_id, account_id, follower_id, person_id, kind, real_account, at, shown_hash,"
    " shown_because) SELECT i.id, i.account_id, i.follower_id, p.id, 'approve', FALSE, '2026-01-05 00:10:00+00:00',"
    " s.appearance_hash, 'listed' FROM items i JOIN snapshots s ON s.follower_id = i.follower_id"
    " JOIN people p ON p.name = 'Ann' WHERE i.follower_id = '12'"
)
ORDER = (
    "INSERT INTO orders (account_id, follower_id, decision_id, decision_kind, appearance_hash, state, created_at, due,"
    " waited_seconds, updated_at) SELECT d.account_id, d.follower_id, d.id, 'approve', d.shown_hash, 'queued', d.at,"
    " '2026-01-05', 0, d.at FROM decisions d WHERE d.follower_id = '12'"
)
VOID_AGAIN = "UPDATE orders SET state = 'queued', why = NULL, ended_at = NULL WHERE follower_id = '12'"
ROLE = "INSERT INTO roles (person_id, role, granted_at) SELECT id, 'owner', added_at FROM people WHERE name = 'Mal'"


def past_the_program(store: Any, *statements: str) -> None:
    """Writes as a hostile hand that knows the schema would: no triggers, no log."""
    with store.engine.begin() as connection:
        for name in ("decisions", "orders", "roles"):
            triggers = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{name}'"
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
            else:
                for trigger in connection.execute(text(triggers)).scalars().all():
                    connection.execute(text(f"DROP TRIGGER {trigger}"))
        for statement in statements:
            connection.execute(
                text(statement.replace("+00:00", "") if "sqlite" in str(store.engine.url) else statement)
            )
        if connection.dialect.name == "postgresql":
            for name in ("decisions", "orders", "roles"):
                connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))


def planted_order(house: Any) -> None:
    """A follower whom nobody decided about gets a decision and an order."""
    house.add("12")
    past_the_program(house.store, DECISION, ORDER)


def turned_decision(house: Any) -> None:
    """A rejection becomes an approval, with an order."""
    house.add("12")
    house.decide("12", kind="reject", reason="spam")
    past_the_program(
        house.store, "UPDATE decisions SET kind = 'approve', reason = NULL WHERE follower_id = '12'", ORDER
    )


def revived_order(house: Any) -> None:
    """A void order stands in the queue again."""
    (order,) = house.approved("12")
    with house.store.begin() as work:
        Orders(work).void(order, "taken back", house.now)
    past_the_program(house.store, VOID_AGAIN)


def another_persons(house: Any) -> None:
    """An approval is put into somebody else's mouth."""
    house.approved("12")
    with house.store.begin() as work:
        People(work).add("Mal", "p-mal", house.now)
    past_the_program(
        house.store,
        ROLE,
        "UPDATE decisions SET person_id = (SELECT id FROM people WHERE name = 'Mal') WHERE follower_id = '12'",
    )


def forged_role(house: Any) -> None:
    """Somebody without a role is made an owner past the log, and approves."""
    with house.store.begin() as work:
        mal = People(work).add("Mal", "p-mal", house.now)
    past_the_program(house.store, ROLE)
    house.add("12")
    house.order("12", by=mal.id)


def revived_with_its_entry_gone(house: Any) -> None:
    """The same, and the payload of the entry that voided it goes too: the one before it fits the row again."""
    revived_order(house)
    with house.store.engine.begin() as connection:
        key = connection.execute(text("SELECT id FROM orders WHERE follower_id = '12'")).scalar_one()
        newest = f"SELECT max(seq) FROM seals WHERE table_name = 'orders' AND row_key = '{key}'"
        connection.execute(text(f"DELETE FROM log_openings WHERE seq = ({newest})"))


ATTACKS = [planted_order, turned_decision, revived_order, revived_with_its_entry_gone, another_persons, forged_role]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_call_is_made_by_a_forged_row(house: Any, attack: Callable[[Any], None]) -> None:
    """The order stays where it is, is told with a code, and the honest one beside it is carried out."""
    house.under(Executor.API).approved("11")
    attack(house)
    done = house.run()
    assert [row.follower_id for row in done.sent] == ["11"]
    assert "12" not in str([call for call in house.x.calls if "follow" in str(call)])
    assert [error["code"] for error in done.as_json()["errors"]] == ["not_proved"]
    assert "follower 12" in done.as_json()["errors"][0]["message"]
    assert done.exit_code == PARTLY


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_link_is_handed_out_by_a_forged_row(house: Any, attack: Callable[[Any], None]) -> None:
    """A forged row gives no link the first time, nor when the list is opened again."""
    attack(house)
    for _ in range(2):
        done = house.run()
        assert (done.handed_off, done.exit_code) == ([], FAILED)
        assert [row.follower_id for row in done.skipped] == ["12"]
    assert [row.follower_id for row in house.run(dry_run=True).skipped] == ["12"]


def test_a_move_doesnt_launder_a_forged_row(house: Any) -> None:
    """Whatever the program does to the row later, the log never vouches for it."""
    planted_order(house)
    with house.store.begin() as work:
        (order,) = Orders(work).open(house.account.id)
        Orders(work).void(order.id, "by the book", house.now)
        assert not is_proved(work.connection, "orders", order.id)


def test_a_forged_role_is_none(house: Any) -> None:
    """A person with no other role may do nothing, and is told why."""
    with house.store.begin() as work:
        People(work).add("Mal", "p-mal", house.now)
    past_the_program(house.store, ROLE)
    with house.store.begin() as work:
        assert People(work).owners() == []
        with pytest.raises(MissingRole, match="isn't in the log"):
            require_role(work, "Mal", "owner", "acme")


def test_every_row_that_a_day_writes_is_proved(house: Any) -> None:
    """Accounts, people, roles, decisions, orders, attempts, ledger: as the log says, whatever way they went."""
    house.approved("11", "12", "13")
    house.run()
    house.pass_time(days=1)
    house.recheck()
    with house.store.begin() as work:
        People(work).withdraw(house.ann, None, house.now)
    with house.store.begin() as work:
        for table, key in COVERED.items():
            column = metadata.tables[table].c[key]
            for each in work.connection.execute(column.table.select().with_only_columns(column)).scalars().all():
                assert is_proved(work.connection, table, each), (table, each)
