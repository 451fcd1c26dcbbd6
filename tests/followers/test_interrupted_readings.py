"""Readings that stop, resume or overtake one another: nobody is missed, and nobody is taken for gone."""

import pytest

from followguard.errors import BudgetUsedUp, PlatformDown, TokenExpired
from followguard.followers.store import Followers
from tests.builders.nights import Nights, generous, ids


def test_an_early_end_of_a_reading_that_goes_on_another_night(nights: Nights) -> None:
    """The budget ends it, the next night resumes and meets an early end: that night begins at the top at once."""
    generous(nights, max_usd_per_night=1.2).run()
    nights.next(*ids(300))
    with pytest.raises(BudgetUsedUp):
        nights.run()
    nights.next("80000")
    nights.reader.ends_after = 150
    with pytest.raises(BudgetUsedUp):
        nights.run()
    nights.reader.ends_after = None
    for _ in range(4):
        nights.next()
        try:
            nights.run()
        except BudgetUsedUp:
            continue
    assert nights.known() >= {*ids(300), "80000"}
    assert nights.recorded() >= {*ids(300), "80000"}


def test_an_unfinished_reconcile_is_no_mark(nights: Nights) -> None:
    """A thousand came, a reconcile reads the newest hundred and stops for its limit: the night reads all of them."""
    nights.reader.counts_followers = False
    generous(nights).run()
    nights.next(*ids(1000))
    assert nights.reconcile(max_usd=1.0).later is not None
    assert nights.run().new == 900
    nights.next("80000")
    assert nights.run().new == 1


def test_a_finished_reconcile_is_a_mark(nights: Nights) -> None:
    """Followers found by it aren't expected again: the night reads the newcomers, and little more."""
    generous(nights).run()
    nights.next(*ids(500), days=10)
    nights.reconcile()
    nights.next(*ids(5, first=90_000))
    assert nights.run().reads == 8


def test_a_reconcile_before_the_first_night_is_its_mark(nights: Nights) -> None:
    """150 came since, more than a first night reads: all of them are found."""
    generous(nights).reconcile()
    nights.next(*ids(150))
    assert nights.run().new == 150


def test_a_reading_that_a_reconcile_has_overtaken_is_over(nights: Nights) -> None:
    """A night stopped by its budget, then the whole list: the next night doesn't go on down it."""
    generous(nights, max_usd_per_night=1.0).run()
    nights.next(*ids(200))
    with pytest.raises(BudgetUsedUp):
        nights.run()
    nights.reconcile()
    nights.next("80000")
    tally = nights.run()
    assert (tally.new, tally.reads) == (1, 4)


def test_a_night_that_goes_on_under_a_reconcile_takes_nobody_from_it(nights: Nights) -> None:
    """Both are stopped and resumed in turn: whom the reconcile has met counts as met, and nobody is looked up."""
    generous(nights, first_night=300, max_usd_per_night=3.0).run()
    nights.next(*ids(400))
    with pytest.raises(BudgetUsedUp):
        nights.run()
    nights.next()
    assert nights.reconcile(max_usd=5.0).later is not None
    nights.next()
    nights.reader.before_page = [expired]
    with pytest.raises(BudgetUsedUp):
        nights.run()
    result = nights.reconcile()
    assert (result.finished, result.lookups, result.tally.errors) == (True, 0, [])
    nights.next("80000")
    assert nights.run().new == 1


def test_whom_an_interrupted_reading_met_is_not_missing(nights: Nights) -> None:
    """Between two runs of one reading many leave, two of them for the record: all ranks below move up by two."""
    generous(nights).run()
    back = nights.reader.ids.pop(7)
    nights.next(*ids(3), back, *ids(30, first=60_000))
    nights.reader.counts_followers = False
    nights.reader.before_page = [str, down]
    with pytest.raises(PlatformDown):
        nights.run()
    gone = [nights.reader.ids.pop(34) for _ in range(15)]
    with nights.store.begin() as work:
        Followers(work).mark_left(1, gone[:2], nights.now)
    nights.run()
    assert back in nights.recorded()


def test_newcomers_above_a_token_that_expired_keep_their_order(nights: Nights) -> None:
    """The pass begins again at the top, where others stand by now: the order on record is the list's."""
    nights.reader.counts_followers = False
    generous(nights).run()
    nights.next(*ids(150))
    nights.reader.before_page = [str, str, down]
    with pytest.raises(PlatformDown):
        nights.run()
    nights.next(*ids(30, first=90_000), days=0)
    nights.reader.before_page = [expired]
    nights.run()
    with nights.store.begin() as work:
        assert Followers(work).head(1, 10**6, 180) == nights.reader.ids[:180]


def down() -> None:
    """X doesn't answer."""
    raise PlatformDown("down")


def expired() -> None:
    """X doesn't take the token any more."""
    raise TokenExpired("old token")
