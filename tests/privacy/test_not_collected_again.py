"""Readings after somebody was forgotten: they aren't collected again, and nobody else is missed."""

from typing import Any

from followguard.accounts.budget import Spending
from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.policy import Prices
from followguard.domain.run import Call
from followguard.followers.list_reading import ReadingTally
from followguard.followers.nightly_reading import Ingest
from followguard.followers.passes_store import Passes
from followguard.followers.stop_rule import StopRule
from followguard.followers.tombstone_store import Tombstones
from followguard.testing import ListReader
from followguard.x.contract import Me
from tests.builders.forgetting import ID, erase, everything, well_known


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
        again = Call(name="followers", requests=1, ids=(Tombstones(work).among([ID])[ID],))
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


def read_list(house: Any, reader: ListReader) -> ReadingTally:
    """Reads the list of @acme for one night."""
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
