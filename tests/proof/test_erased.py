"""Erasing a person leaves a history that proves, and takes nothing from anybody else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from followguard.accounts.store import People
from followguard.domain.order import Attempt, AttemptOutcome, OrderState, Step
from followguard.followers.tombstone_store import Pending
from followguard.following.store import Orders
from followguard.privacy.store import Forgetting
from followguard.proof.quick import prove_quickly
from followguard.proof.rules import Against, prove
from followguard.store import tables as t
from followguard.store.log import Log


def forget(house: Any, *ids: str) -> None:
    """The database's part."""
    for follower_id in ids:
        with house.store.begin() as work:
            pending = Pending(
                follower_id=follower_id,
                usernames=Forgetting(work).usernames(follower_id),
                accounts=("acme",),
                groups=(),
                started_at=house.now,
            )
            Forgetting(work).begin(pending)
            for each in Forgetting(work).erase(pending):
                Log(work).append(house.now, "follower.forget", each.account, "p-ann", each.as_json())
            Forgetting(work).done(follower_id)


def openings(house: Any) -> set[int]:
    """Entries whose payload is kept."""
    with house.store.begin() as work:
        return set(work.connection.execute(select(t.log_openings.c.seq)).scalars())


def found(house: Any) -> list[str]:
    """Findings of a proof."""
    return [finding.sentence for finding in prove(house.store, Against()).findings]


def test_an_erasure_leaves_the_history_whole(lived: Any) -> None:
    """One after the other, all of them in the end; what was paid, who may what and the models stay proved."""
    for follower_id in ("12", "11", "15", "13", "14"):
        forget(lived, follower_id)
        assert found(lived) == []
    with lived.store.begin() as work:
        assert work.connection.execute(select(t.decisions)).all() == []
        assert work.connection.execute(select(t.ledger)).all() != []
        assert People(work).grants(lived.ann)


def test_rows_that_shared_an_entry_are_named_anew(house: Any) -> None:
    """A withdrawal voided an order: the entry goes with the follower, the withdrawal stays proved and in its place."""
    house.approved("11")
    house.approved("12")
    house.run()
    house.approved("13")
    with house.store.begin() as work:
        People(work).withdraw(house.ann, None, house.now)
        Orders(work).void_unsent_of(house.ann, None, "withdrawn", house.now)
    forget(house, "13")
    assert found(house) == []
    forget(house, "11")
    assert found(house) == []


def test_what_was_changed_before_an_erasure_is_found_after_it(house: Any) -> None:
    """An erasure vouches for nothing that wasn't sound."""
    house.approved("11", "12")
    house.run()
    with house.store.engine.begin() as connection:
        connection.execute(text("UPDATE ledger SET cost_micro = cost_micro + 1"))
        connection.execute(text("UPDATE roles SET granted_at = withdrawn_at WHERE withdrawn_at IS NOT NULL"))
        connection.execute(text("UPDATE people SET name = 'Anna' WHERE name = 'Ann'"))
    before = found(house)
    assert before
    forget(house, "11")
    assert {line.split(":")[0] for line in before} <= {line.split(":")[0] for line in found(house)}


@pytest.mark.parametrize("kind", ["decision", "payload"])
def test_only_what_an_erasure_lists_may_be_missing(quick_lived: Any, kind: str) -> None:
    """Somebody else's row or payload that goes at the same time is found."""
    forget(quick_lived, "12")
    with quick_lived.store.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        if kind == "payload":
            connection.execute(text("DELETE FROM log_openings WHERE seq = 3"))
        else:
            connection.execute(text("DELETE FROM decisions WHERE follower_id = '15'"))
    assert any("missing" in line and "trigger" not in line for line in found(quick_lived))


def test_nothing_of_the_person_is_left_in_the_log(lived: Any) -> None:
    """No payload names them, and no digest of a row of theirs is kept."""
    with lived.store.begin() as work:
        theirs = work.connection.execute(select(t.orders.c.id).where(t.orders.c.follower_id == "11")).scalars().all()
        decided = work.connection.execute(select(t.decisions.c.id).where(t.decisions.c.follower_id == "11"))
        gone = {("orders", str(each)) for each in theirs} | {("decisions", str(each)) for each in decided.scalars()}
    forget(lived, "11")
    with lived.store.begin() as work:
        kept = Log(work).openings().values()
    assert not {(row[0], row[1]) for opening in kept for row in opening.rows} & gone
    assert not any('"11"' in str(opening.payload).replace("'", '"') for opening in kept)


def test_a_second_erasure_keeps_the_first_ones_list(lived: Any) -> None:
    """Entries that lack since the first may lack after the second, too."""
    forget(lived, "11")
    lived.now += timedelta(days=1)
    forget(lived, "12")
    assert found(lived) == []
    with lived.store.begin() as work:
        entries = {entry.seq for entry in Log(work).entries()}
    assert len(entries) > len(openings(lived))


def test_an_entry_that_stands_for_an_erased_one_moves_no_row_in_time(house: Any) -> None:
    """A role that had ended when a link was shown goes on having ended then, though its entry went with a follower."""
    voided, shown = house.approved("11", "12")
    with house.store.begin() as work:
        People(work).withdraw(house.ann, None, house.now)
        Orders(work).void(voided, "withdrawn", house.now)
    with house.store.begin() as work:
        attempt = Attempt(executor="handoff", outcome=AttemptOutcome.HANDED_OFF)
        Orders(work).move(Orders(work).get(shown), Step(to=OrderState.HANDED_OFF, now=house.now, attempt=attempt))
    before = found(house)
    assert any("role had ended" in line for line in before)
    forget(house, "11")
    assert found(house) == before


def test_the_quick_part_knows_what_an_erasure_took(house: Any) -> None:
    """Payloads that went with people, one after the other, keep no night from following."""
    for follower_id in ("11", "12"):
        house.approved(follower_id)
    for follower_id in ("11", "12"):
        forget(house, follower_id)
        assert prove_quickly(house.store, []).findings == []
    with house.store.begin() as work:
        assert len(Log(work).openings()) < len(list(Log(work).entries()))
