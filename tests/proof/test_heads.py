"""Edits that only a head kept elsewhere gives away, restores that explain theirs, and the check of each night."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text

from followguard.errors import FollowguardError, UnreadableFile
from followguard.proof.head import Head
from followguard.proof.heads_file import head_now, read_heads, write_head
from followguard.proof.quick import prove_quickly, whole_log
from followguard.proof.rules import Against, Proof, prove
from followguard.reports.receipt import Receipt
from followguard.store import tables as t
from followguard.store.hashchain import Opening, commit, link
from followguard.store.log import Log
from followguard.store.store import open_store


def head_of(house: Any) -> Head:
    """Head of the log as a night writes it."""
    found = head_now(house.store, "2026-01-05")
    assert found is not None
    return replace(found, source="head.json")


def against(house: Any, **kept: Any) -> Proof:
    """A proof against what was kept elsewhere."""
    return prove(house.store, Against(**kept))


def unguarded(connection: Any) -> None:
    """No triggers and no keys for this transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def with_triggers_back(store: Any) -> None:
    """The schema as it was, so that it gives nothing away."""
    from followguard.store.migrations.triggers import statements

    if store.engine.dialect.name == "sqlite":
        with store.engine.begin() as connection:
            for statement in statements("sqlite"):
                connection.exec_driver_sql(statement)


def cut_cleanly(house: Any, kept: int) -> None:
    """Entries after `kept`, with payloads, index and all rows that they wrote: as if none of it had ever been."""
    with house.store.engine.begin() as connection:
        unguarded(connection)
        named = connection.execute(t.seals.select().where(t.seals.c.seq > kept)).all()
        for row in named:
            table = t.metadata.tables[row.table_name]
            (key,) = table.primary_key.columns
            connection.execute(delete(table).where(key == int(row.row_key)))
        for table in (t.seals, t.log_openings, t.log):
            connection.execute(delete(table).where(table.c.seq > kept))
    with_triggers_back(house.store)


def test_a_tail_cut_cleanly_off_shows_only_against_a_head(house: Any) -> None:
    """Nothing inside tells of it; the head of a night, and one that somebody wrote down, do."""
    house.approved("11")
    kept = head_of(house)
    house.add("12")
    house.decide("12", kind="reject", reason="spam")
    later = head_of(house)
    assert against(house, heads=[kept, later], expect_head=later.hash).ok
    cut_cleanly(house, kept.seq)
    assert against(house, heads=[kept], expect_head=kept.hash).ok
    assert [each.rule for each in against(house, expect_head=later.hash).findings] == ["head"]
    (finding,) = against(house, heads=[kept, later]).findings
    assert (finding.rule, finding.row) == ("head", "head.json")


def test_a_chain_computed_anew_shows_only_against_a_head(house: Any) -> None:
    """Somebody with all of the program in hand makes another actor of every entry."""
    house.approved("11")
    kept = head_of(house)
    with house.store.begin() as work:
        entries, openings = list(Log(work).entries()), Log(work).openings()
    before = None
    made = []
    for entry in entries:
        opening = openings.get(entry.seq, Opening("00", {}))
        values = {"at": entry.at, "kind": entry.kind, "account": entry.account, "actor": "p-mallory"}
        before = link(before, **values, commitment=commit(opening))
        made.append(before)
    with house.store.engine.begin() as connection:
        unguarded(connection)
        connection.execute(text("UPDATE log SET prev = 'p' || seq, hash = 'h' || seq"))
        for entry in made:
            values = {"actor": entry.actor, "commitment": entry.commitment, "prev": entry.prev, "hash": entry.hash}
            connection.execute(t.log.update().where(t.log.c.seq == entry.seq).values(values))
    with_triggers_back(house.store)
    assert against(house).ok
    assert not against(house, expect_head=kept.hash).ok
    assert not against(house, heads=[kept]).ok


def test_a_restore_explains_the_heads_it_superseded(house: Any) -> None:
    """Those warn; a head that no history of this database ever had still accuses."""
    house.approved("11")
    backup = house.store.upkeep.back_up(house.now, keep=14)
    kept = head_of(house)
    house.add("12")
    house.decide("12", kind="reject", reason="spam")
    later = head_of(house)
    house.store.upkeep.restore(backup, house.now + timedelta(hours=1))
    proof = against(house, heads=[kept, later], expect_head=later.hash)
    assert (proof.findings, len(proof.warnings)) == ([], 2)
    assert backup.name in proof.warnings[0].text
    assert not against(house, expect_head="f" * 64).ok
    assert not against(house, heads=[replace(later, hash="f" * 64)]).ok
    assert prove_quickly(house.store, [kept, later]).ok


def test_the_quick_part_misses_a_payload_that_no_erasure_took(house: Any) -> None:
    """With the index of the entry gone too, the row could be turned back to what the entry before says."""
    house.approved("11")
    assert prove_quickly(house.store, []).ok
    with house.store.engine.begin() as connection:
        unguarded(connection)
        newest = connection.execute(text("SELECT max(seq) FROM seals WHERE table_name = 'orders'")).scalar_one()
        for table in ("seals", "log_openings"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq = {newest}"))
    with_triggers_back(house.store)
    found = prove_quickly(house.store, []).findings
    assert [each.row for each in found if each.rule == "payload"] == [f"log {newest}"]


def test_the_quick_part_misses_a_trigger(house: Any) -> None:
    """A missing trigger is found, without which the database refuses nothing any more."""
    server = house.store.engine.dialect.name == "postgresql"
    trigger = "orders_refuse_insert"
    off = f"ALTER TABLE orders DISABLE TRIGGER {trigger}" if server else f"DROP TRIGGER {trigger}"
    with house.store.engine.begin() as connection:
        connection.execute(text(off))
    assert any(trigger in each.sentence for each in prove_quickly(house.store, []).findings)
    if server:  # the tests' database is shared
        with house.store.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE orders ENABLE TRIGGER {trigger}"))


def test_a_damaged_database_leaves_its_heads_unexplained_but_for_their_place(sqlite_store: Any, tmp_path: Path) -> None:
    """A damaged log can't be read any more, so every later place in the chain counts as superseded."""
    now = later = None
    with sqlite_store.begin() as work:
        Log(work).append(work_time(), "one", "", "p", {})
    backup = sqlite_store.upkeep.back_up(work_time(), keep=3)
    with sqlite_store.begin() as work:
        later = Log(work).append(work_time(), "two", "", "p", {})
        now = Log(work).last()
    sqlite_store.close()
    for part in tmp_path.glob("followguard.db-*"):
        part.unlink()
    (tmp_path / "followguard.db").write_bytes(b"not a database" * 1000)
    with open_store(f"sqlite:///{tmp_path / 'followguard.db'}", lock_dir=tmp_path) as store:
        store.upkeep.restore(backup, work_time())
        head = Head(seq=now.seq, hash=later, at=now.at, day="2026-01-05", source="head.json")
        proof = prove(store, Against(heads=[head]))
    assert (proof.findings, len(proof.warnings)) == ([], 1)


def work_time() -> Any:
    """A moment."""
    from datetime import UTC, datetime

    return datetime(2026, 1, 5, tzinfo=UTC)


def test_heads_are_files_that_nothing_overwrites(tmp_path: Path) -> None:
    """Two nights within one second leave two; a file that isn't one is refused by name."""
    heads = [Head(seq=n, hash=str(n) * 64, at="2026-01-05T00:00:00+00:00", day="2026-01-05") for n in (1, 2)]
    paths = [write_head(tmp_path / "heads", head, work_time()) for head in heads]
    assert [path.name for path in paths] == ["head-20260105T000000Z.json", "head-20260105T000000Z-2.json"]
    assert sorted(each.seq for each in read_heads(tmp_path / "heads")) == [1, 2]
    paths[0].write_text(json.dumps({"seq": 1}))
    with pytest.raises(UnreadableFile, match=paths[0].name):
        read_heads(tmp_path / "heads")
    with pytest.raises(UnreadableFile, match="holds no heads"):
        read_heads(tmp_path)


EDITS = [
    "UPDATE log SET actor = 'p-mallory' WHERE seq = 2",
    "DELETE FROM orders WHERE follower_id = '11'",
    "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)",
]


@pytest.mark.parametrize("edit", EDITS)
def test_a_night_sees_that_the_log_isnt_whole(house: Any, edit: str) -> None:
    """It says so in its receipt, with a code, and may not follow."""
    house.approved("11")
    kept, receipt, told = head_of(house), Receipt(account="acme"), list[FollowguardError]()
    assert whole_log(house.store, [kept], receipt, told.append)
    assert (receipt.as_json()["proof"]["ok"], told) == (True, [])
    with house.store.engine.begin() as connection:
        unguarded(connection)
        for name in ("seals", "log_openings") if "log" in edit and "DELETE" in edit else ():
            connection.execute(text(f"DELETE FROM {name} WHERE seq = (SELECT max(seq) FROM log)"))
        for name in ("attempts",) if "orders" in edit else ():
            connection.execute(text(f"DELETE FROM {name}"))
        connection.execute(text(edit))
    assert not whole_log(house.store, [kept], receipt, told.append)
    assert receipt.as_json()["proof"]["ok"] is False
    assert receipt.as_json()["proof"]["findings"]
    assert [error.code for error in told] == ["not_proved"]
