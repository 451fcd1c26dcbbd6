"""Forgetting a person: nothing of them is left anywhere, and everything else holds."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from followguard.accounts.store import Accounts, People
from followguard.errors import (
    AlreadyRunning,
    AmbiguousFollower,
    MissingRole,
    StoreFailed,
    UnknownFollower,
    UnknownPerson,
)
from followguard.privacy.store import Forgetting
from followguard.proof.check import check_database
from followguard.store.hashchain import verify
from followguard.store.log import Log
from followguard.store.tables import decisions, metadata, orders, runs
from followguard.store.tables.of_one_person import NOT_OF_ONE_PERSON, owned_rows
from followguard.testing import made_up_profile
from tests.builders.forgetting import BIO, ID, count, erase, everything, in_one, well_known


def test_nothing_of_a_person_is_left_in_any_table(house: Any) -> None:
    """No id, username or text is left; the others' rows, the log's chain and all keys are as they were."""
    well_known(house)
    others = count(house, "snapshots") - 3
    assert ID in everything(house)
    done = erase(house)
    left = everything(house)
    assert [
        word for word in (ID, "erase_me'", "erase_me,", "Unmistakable", "Somebody else") if word in left.lower()
    ] == []
    assert BIO not in left
    assert (count(house, "snapshots"), count(house, "tombstones"), count(house, "forgetting")) == (others, 1, 0)
    beta = next(each for each in done.erased if each.account == "beta")
    assert (beta.snapshots, beta.decisions, beta.orders) == (2, 4, 2)
    assert beta.openings >= 4 + 4
    found = check_database(house.store)
    assert found.findings == ()
    assert "decision.approve" in {row[0] for row in house.rows("SELECT kind FROM log")}
    assert house.rows("SELECT kind FROM log ORDER BY seq DESC LIMIT 1") == [("follower.forget",)]


def test_a_receipt_keeps_all_but_the_person(house: Any) -> None:
    """Numbers, times and similar names stay; the night's report can still be made."""
    well_known(house)
    erase(house)
    with house.store.begin() as work:
        said = work.connection.execute(select(runs.c.receipt)).scalar_one()
    assert said["not_ours"] == ["(forgotten)", "other"]
    assert said["errors"][0]["message"] == "follower (forgotten): bad; also (forgotten), but not @erase_me_too"
    assert said["started_at"] == "2026-01-05T00:00:00Z"


def test_the_bytes_are_gone_from_the_file(lite_house: Any, tmp_path: Path) -> None:
    """SQLite's free pages and write-ahead log hold nothing of the person either."""
    well_known(lite_house)
    words = [ID.encode(), b"Erase_Me", BIO.encode()]
    files = [tmp_path / "followguard.db", tmp_path / "followguard.db-wal"]
    assert any(word in file.read_bytes() for word in words for file in files)
    erase(lite_house)
    found = [
        (file.name, word) for word in words for file in tmp_path.glob("followguard.db*") if word in file.read_bytes()
    ]
    assert found == []


def test_who_may_not_and_whom_nobody_knows(house: Any) -> None:
    """Owners of every account concerned only; an unknown follower is exit 1; two who had the name are told apart."""
    well_known(house)
    for by, error in (("Ada", MissingRole), ("Nobody", UnknownPerson), (None, UnknownPerson)):
        with pytest.raises(error):
            erase(house, by=by)
    with house.store.begin() as work:
        half = People(work).add("Half", "p-half", house.now)
        People(work).grant(half.id, "owner", Accounts(work).ensure("acme", house.now).id, None, house.now)
    with pytest.raises(MissingRole):
        erase(house, by="Half")
    for unknown in ("99999", "@nobody_at_all", "item:999"):
        with pytest.raises(UnknownFollower):
            erase(house, unknown)
    house.read(replace(made_up_profile("555", house.now), username="erase_me"))
    with pytest.raises(AmbiguousFollower, match="several"):
        erase(house, "@erase_me")
    with house.store.lock("acme"), pytest.raises(AlreadyRunning):
        erase(house)


def test_decisions_and_orders_still_cannot_be_deleted(house: Any) -> None:
    """The way out is open for the one who is being erased, inside that transaction, and for nobody else."""
    well_known(house)
    for table in (orders, decisions):
        with pytest.raises((IntegrityError, StoreFailed)), house.store.begin() as work:
            work.connection.execute(delete(table))
    with pytest.raises((IntegrityError, StoreFailed)):
        in_one(house, lambda work, pending: (Forgetting(work).begin(pending), work.connection.execute(delete(orders))))


def test_every_table_that_knows_a_follower_is_emptied_of_one(lite_house: Any) -> None:
    """A table that comes later with a follower's id, or a key to such a row, is covered without a word."""
    covered = {table.name for table, _, _ in owned_rows(ID)}
    knowing = {table.name for table in metadata.sorted_tables if "follower_id" in table.c} - NOT_OF_ONE_PERSON
    pointing = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in knowing and table.name not in knowing
    }
    assert covered == knowing | pointing
    assert {"attempts", "decision_evidence", "early_predictions", "score_failures", "unfollows"} <= covered


def test_the_chain_verifies_with_the_openings_that_are_left(house: Any) -> None:
    """Entry after entry, with what wasn't erased, the head as it was seen before."""
    well_known(house)
    with house.store.begin() as work:
        head = Log(work).head()
    erase(house)
    with house.store.begin() as work:
        entries, openings = list(Log(work).entries()), Log(work).openings()
        assert verify(entries, openings) == []
        assert head in {entry.hash for entry in entries}
        assert 0 < len(openings) < len(entries)
