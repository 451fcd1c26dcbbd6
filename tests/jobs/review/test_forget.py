"""Forgetting a person: nothing of them is left anywhere, everything else holds, and they aren't collected again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from followguard.adapters.store.accounts import Accounts
from followguard.adapters.store.forgetting import NOT_OF_ONE_PERSON, Forgetting, Pending, owned_rows
from followguard.adapters.store.log import Log
from followguard.adapters.store.orders import Orders
from followguard.adapters.store.passes import Passes
from followguard.adapters.store.people import People
from followguard.adapters.store.runs import Runs
from followguard.adapters.store.tables import decisions, metadata, orders, runs
from followguard.domain.decision import Choice
from followguard.domain.hashchain import verify
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.mark import StopRule
from followguard.domain.outbox import Attempt, AttemptOutcome, OrderState, Step
from followguard.domain.policy import Prices
from followguard.domain.ports import Me
from followguard.domain.run import Call
from followguard.errors import (
    AlreadyRunning,
    AmbiguousFollower,
    FollowguardError,
    MissingRole,
    StoreFailed,
    UnknownFollower,
    UnknownPerson,
)
from followguard.jobs.budget import Spending
from followguard.jobs.decide import decide
from followguard.jobs.forget import Eraser, Forgotten, forget, forget_again
from followguard.jobs.ingest import Ingest
from followguard.jobs.list_reading import ReadingTally
from followguard.jobs.overrule import Turn, overrule
from followguard.jobs.undo import undo
from followguard.jobs.workshop import TrainingContext
from followguard.testing import ListReader, made_up_profile

APPROVE = Choice(kind=Kind.APPROVE)
ID = "7234567890123"
BIO = "Unmistakable words of one person, företag 9c1f"


def eraser(house: Any, **changes: Any) -> Eraser:
    """Without a house model there is nothing to refit, and no group has files: shelf and exports are never touched."""
    workshop = TrainingContext(
        installation=SimpleNamespace(accounts={}),  # type: ignore[arg-type]
        store=house.store,
        shelf=None,  # type: ignore[arg-type]
        exports=None,  # type: ignore[arg-type]
        load_scorer=None,  # type: ignore[arg-type]
        clock=lambda: house.now,
        seed=1,
        secret=2,
    )
    parts = {"store": house.store, "upkeep": house.store.upkeep, "workshop": workshop, "keep": 3}
    return Eraser(**parts | {"remove_reports": lambda _: []} | changes)


def erase(house: Any, follower: str = ID, by: str | None = "Ola", **options: Any) -> Forgotten:
    return forget(eraser(house), follower, by, **options)


def well_known(house: Any) -> None:
    """Somebody with a history in both accounts, beside two others: changed, decided, undone, followed, overruled."""
    someone = replace(made_up_profile(ID, house.now), username="Erase_Me", description=BIO)
    for account in ("acme", "beta"):
        house.read(someone, "101", account=account)
        house.night(account)
    house.see_again(replace(someone, name="Somebody else", observed_at=house.now), "beta")
    hand = house.hand("Ada", "beta")
    decide(hand, ID, APPROVE)
    undo(hand, ID)
    decide(hand, ID, APPROVE)
    with house.store.begin() as work:
        order = Orders(work).open(Accounts(work).ensure("beta", house.now).id)[0]
        for to in (OrderState.HANDED_OFF, OrderState.SENT, OrderState.CONFIRMED):
            attempt = Attempt(executor="person", outcome=AttemptOutcome.HANDED_OFF, detail=f"about {ID}")
            Orders(work).move(order, Step(to=to, now=house.now, why=f"follower {ID}", attempt=attempt))
            order = Orders(work).get(order.id)
    overrule(hand, ID, Turn(reason=RejectReason.SPAM))
    decide(house.hand("Ada", "acme"), "101", APPROVE)
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
        Runs(work).charge(account.id, Call(name="followers", requests=1, ids=(ID, "101")), 10, house.now)
        run = Runs(work).start(account.id, "nightly", house.now)
        said = {"started_at": "2026-01-05T00:00:00Z", "not_ours": ["Erase_Me", "other"]}
        said["errors"] = [{"message": f"follower {ID}: bad; also @erase_me, but not @erase_me_too"}]
        Runs(work).finish(run, "done", said, house.now)


def everything(house: Any) -> str:
    """Every value of every table, as text."""
    with house.store.begin() as work:
        rows = [work.connection.execute(select(table)).all() for table in metadata.sorted_tables]
    return repr(rows)


def count(house: Any, name: str) -> int:
    (row,) = house.rows(f"SELECT count(*) FROM {name}")
    return int(row[0])


def test_nothing_of_a_person_is_left_in_any_table(house: Any) -> None:
    """Not the id, a username, a text; the others' rows, the log's chain and all keys are as they were."""
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
    found = house.store.upkeep.check()
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


def test_a_forgotten_person_is_not_collected_again(house: Any) -> None:
    """A page that shows them is paid for once, and nothing of them is kept; the others are new as ever."""
    well_known(house)
    erase(house)
    reader = ListReader("acme", ["105", ID, "104", "101"])
    tally = read_list(house, reader)
    assert (tally.new, ID in everything(house)) == (2, False)
    house.night()
    assert set(house.ids(everything=True)) == {"104", "105", "101"}
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
        again = Call(name="followers", requests=1, ids=(Forgetting(work).among([ID])[ID],))
        assert Runs(work).charge(account.id, again, 10, house.now) == 0


def test_the_list_is_read_to_the_mark_without_the_one_who_was_it(house: Any) -> None:
    """The newest known follower is forgotten: the next night stops where it would have, and misses nobody."""
    ids = [str(number) for number in range(140, 100, -1)]
    read_list(house, ListReader("acme", ids))
    erase(house, "140")
    erase(house, "138")
    house.next_day()
    reader = ListReader("acme", ["141", *ids])
    tally = read_list(house, reader)
    assert (tally.new, tally.finished) == (1, True)
    assert house.rows("SELECT count(*) FROM followers WHERE missing_at IS NOT NULL OR left_at IS NOT NULL") == [(0,)]


def test_it_is_all_or_nothing_and_a_second_run_finishes_it(house: Any) -> None:
    """Killed in the transaction: as before. Killed after it: erased, and the same command does the rest."""
    well_known(house)
    before = everything(house)

    def dies(_: Any) -> list[Path]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_one(house, lambda work, pending: (Forgetting(work).begin(pending), Forgetting(work).erase(pending), dies(0)))
    assert everything(house) == before
    with pytest.raises(KeyboardInterrupt):
        forget(eraser(house, remove_reports=dies), ID, "Ola")
    assert (count(house, "forgetting"), len(house.cards(everything=True))) == (1, 2)
    seen: list[Any] = []
    done = forget(eraser(house, remove_reports=lambda gone: seen.append(gone) or []), "@erase_me", "Ola")
    assert (done.finished, seen[0].usernames, count(house, "forgetting")) == (True, ("Erase_Me",), 0)
    with pytest.raises(UnknownFollower, match="forgotten already"):
        erase(house)


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


def test_backups_that_hold_them_are_told_and_can_be_removed(lite_house: Any) -> None:
    """Told by name; removed on demand once a new one is there; also for somebody forgotten before."""
    house = lite_house
    well_known(house)
    old = house.store.upkeep.back_up(house.now, 5)
    house.next_day()
    assert [path.name for path in erase(house).left] == [old.name]
    done = erase(house, remove_backups=True)
    (left,) = house.store.upkeep.copies()
    assert ([path.name for path in done.backups_removed], done.left) == ([old.name], [])
    assert (old.exists(), left.exists()) == (False, True)


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


def test_two_at_once_erase_once(house: Any) -> None:
    """One does it; the other is told that a run is under way, or that nothing is held any more."""
    well_known(house)
    start, outcomes = Barrier(2), []

    def run() -> None:
        start.wait()
        try:
            outcomes.append(erase(house).follower_id)
        except FollowguardError as error:
            outcomes.append(type(error).__name__)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(outcomes) == ID
    assert max(outcomes) in {"AlreadyRunning", "UnknownFollower"}
    assert house.rows("SELECT count(*) FROM log WHERE kind = 'follower.forget'") == [(2,)]


def in_one(house: Any, deed: Callable[[Any, Pending], object]) -> None:
    """Something in one transaction, with the intent to erase."""
    pending = Pending(follower_id=ID, usernames=(), accounts=("acme", "beta"), groups=(), started_at=house.now)
    with house.store.begin() as work:
        deed(work, pending)


def read_list(house: Any, reader: ListReader) -> ReadingTally:
    """One night's reading of @acme."""
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
    settings, tally = house.settings["acme"], ReadingTally()
    ingest = Ingest(
        store=house.store,
        reader=reader,  # type: ignore[arg-type]
        settings=settings,
        spending=Spending.under(settings, Prices(), 50.0),
        clock=lambda: house.now,
        say=lambda _: None,
    )
    ingest.run(account, Me(id="900", username="acme", followers_count=None), tally)
    return tally


def test_a_backup_that_is_put_back_loses_them_again(lite_house: Any) -> None:
    """Tombstones outlive a restore, and whoever is forgotten is erased from what came back."""
    house = lite_house
    well_known(house)
    old = house.store.upkeep.back_up(house.now, 5)
    house.next_day()
    erase(house)
    house.store.upkeep.restore(old, house.now)
    assert ID in everything(house)
    (again,) = forget_again(eraser(house))
    assert (again.follower_id, ID in everything(house), count(house, "tombstones")) == (ID, False, 1)
    assert forget_again(eraser(house)) == []


def test_a_reading_that_is_not_finished_goes_on_without_them(house: Any) -> None:
    """The place the reading had come to is remembered by rank; nobody is taken for missing after one has gone."""
    ids = [str(number) for number in range(140, 100, -1)]
    read_list(house, ListReader("acme", ids))
    house.next_day()
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
        mark = StopRule(ranks=[0, 1, 4], run=1, last_rank=4, run_start=4)
        rest = {"burst": 0, "expected": None, "growth": None, "followers_count": None}
        Passes(work).start_pass(account.id, "night", rest | {"mark": mark.as_json()}, house.now)
    erase(house, ids[3])
    with house.store.begin() as work:
        kept = StopRule.from_json(Passes(work).open_pass(account.id, "night").progress["mark"])
    assert (kept.ranks, kept.last_rank, kept.run_start) == ([0, 1, 3], 3, 3)


def test_an_erasure_that_was_broken_off_is_finished_with_the_next_one(lite_house: Any) -> None:
    """Status says that something is left to do; forgetting anybody else does it too."""
    house = lite_house
    well_known(house)

    def dies(_: Any) -> list[Path]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forget(eraser(house, remove_reports=dies), ID, "Ola")
    assert count(house, "forgetting") == 1
    seen: list[str] = []
    forget(eraser(house, remove_reports=lambda gone: seen.append(gone.follower_id) or []), "101", "Ola")
    assert (seen, count(house, "forgetting"), count(house, "tombstones")) == (["101", ID], 0, 2)
