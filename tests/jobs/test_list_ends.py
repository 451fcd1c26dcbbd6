"""A list that ends where it doesn't end: what was read is kept, nobody is lost, and the night says so."""

from typing import Any

import pytest

from followguard.adapters.store.reading import Followers
from followguard.domain.policy import AccountSettings, Policy
from followguard.errors import BudgetUsedUp, PlatformDown, TokenExpired

Nights = Any
"""`conftest.Nights`."""


def ids(number: int, first: int = 70_000) -> list[str]:
    """New followers, the newest first."""
    return [str(first + number - i) for i in range(number)]


def codes(tally: Any) -> list[str]:
    """What the reading says went wrong."""
    return [error.code for error in tally.errors]


def generous(nights: Nights, **policy: Any) -> Nights:
    """The same account with enough money."""
    policy = {"first_night": 100, "max_usd_per_night": 40.0} | policy
    nights.settings = AccountSettings(handle="acme", training_basis="none", policy=Policy(**policy))
    nights.max_usd_per_month = 400.0
    return nights


def test_an_end_above_the_mark_isn_t_believed(nights: Nights) -> None:
    """40 of 120 new ones, and no token: said, kept, and the other 80 are found the night after."""
    nights.run()
    nights.next(*ids(120))
    nights.reader.ends_after = 40
    tally = nights.run()
    assert (tally.new, tally.finished, codes(tally)) == (40, False, ["list_ended_early"])
    assert "ended after 40" in str(tally.errors[0])
    assert "X counts 420" in str(tally.errors[0])
    nights.reader.ends_after = None
    nights.next()
    tally = nights.run()
    assert (tally.new, tally.reads, codes(tally)) == (80, 123, [])
    nights.next("80000")
    assert (nights.run().reads, nights.recorded() >= set(ids(120))) == (4, True)


def test_an_empty_last_page_isn_t_believed(nights: Nights) -> None:
    """1,620 new ones, a page of a thousand, and then an empty one without a token."""
    generous(nights).run()
    nights.next(*ids(1620))
    nights.reader.ends_after = 1000
    assert codes(nights.run()) == ["list_ended_early"]
    nights.reader.ends_after = None
    nights.next()
    assert nights.run().new == 620


def test_three_early_ends_in_a_row_lose_nobody(nights: Nights) -> None:
    """Newcomers on top each night, the end at another place each time; then the list is whole again."""
    nights.run()
    nights.next(*ids(120))
    for night, end in enumerate((40, 35, 60)):
        nights.reader.ends_after = end
        tally = nights.run()
        assert codes(tally) == ["list_ended_early"]
        assert tally.reads <= end
        nights.next(f"8000{night}")
    nights.reader.ends_after = None
    tally = nights.run()
    assert (tally.reads, codes(tally)) == (126, [])
    assert nights.recorded() >= {*ids(120), "80000", "80001", "80002"}


def test_nobody_is_missing_in_a_list_that_ended_early(nights: Nights) -> None:
    """It ends after one known follower: those above whom it didn't show stay part of the mark."""
    nights.run()
    nights.next(*ids(20))
    nights.reader.ids.insert(20, nights.reader.ids.pop(60))
    nights.reader.ends_after = 21
    assert codes(nights.run()) == ["list_ended_early"]
    nights.reader.ends_after = None
    nights.next()
    tally = nights.run()
    assert (tally.new, tally.returned, codes(tally)) == (0, 0, [])


@pytest.mark.parametrize("left_over", [0, 1, 2])
def test_a_list_that_x_counts_to_be_whole_is_believed(nights: Nights, left_over: int) -> None:
    """All known followers but a few are really gone: no mark can be met, and X's count says that nobody lacks."""
    nights.run()
    del nights.reader.ids[left_over:]
    nights.next(*ids(30))
    tally = nights.run()
    assert (tally.new, tally.finished, codes(tally)) == (30, True, [])
    nights.next("80000")
    assert (nights.run().new, codes(tally)) == (1, [])


def test_half_of_the_followers_gone_is_no_early_end(nights: Nights) -> None:
    """A purge takes every second known follower: the mark is met all the same, that night and the next."""
    nights.run()
    del nights.reader.ids[::2]
    nights.next(*ids(30))
    assert codes(nights.run()) == []
    nights.next("80000")
    assert codes(nights.run()) == []


def test_without_a_count_an_end_above_the_mark_is_doubtful(nights: Nights) -> None:
    """Nothing speaks for the end; the known ones below are found when the list is whole."""
    nights.run()
    nights.next(*ids(120))
    nights.reader.ends_after, nights.reader.says = 40, 0
    tally = nights.run()
    assert codes(tally) == ["list_ended_early"]
    assert "X doesn't say" in str(tally.errors[0])
    nights.reader.ends_after = None
    nights.next()
    assert nights.run().new == 80


def test_a_count_that_lags_behind_proves_nothing(nights: Nights) -> None:
    """Ten followers, all known; 200 come, X still counts ten, and the list ends after 40."""
    del nights.reader.ids[10:]
    nights.run()
    nights.next(*ids(200))
    nights.reader.ends_after, nights.reader.says = 40, 10
    assert codes(nights.run()) == ["list_ended_early"]
    nights.reader.ends_after = nights.reader.says = None
    nights.next()
    assert nights.run().new == 160


@pytest.mark.parametrize(("end", "believed"), [(9, False), (10, True)])
def test_of_a_small_account_98_percent_is_everybody(nights: Nights, end: int, believed: bool) -> None:
    """Everybody known has left, ten are new: nine aren't enough."""
    nights.run()
    nights.reader.ids.clear()
    nights.next(*ids(10))
    nights.reader.ends_after = end
    assert nights.run().finished is believed


def test_a_count_that_stays_a_few_too_high_isn_t_a_doubt_for_ever(nights: Nights) -> None:
    """X counts two whom no list shows: after three nights it is the count that is wrong."""
    nights.run()
    nights.reader.ids.clear()
    nights.next(*ids(10))
    nights.reader.says = 12
    said = []
    for _ in range(4):
        said.append(codes(nights.run()))
        nights.run()
        nights.next()
    assert said == [["list_ended_early"], ["list_ended_early"], [], []]


def test_a_count_that_stays_one_too_low_isn_t_a_doubt_for_ever(nights: Nights) -> None:
    """Two followers, of whom one left: the other makes no mark, and X's count lags by one each night."""
    nights.reader.ids[:] = ["11", "12"]
    nights.run()
    nights.reader.ids[:] = ["11"]
    said = []
    for night in range(4):
        nights.next(f"9{night}0")
        nights.reader.says = len(nights.reader.ids) - 1
        said.append(codes(nights.run()))
    assert said == [["list_ended_early"], ["list_ended_early"], [], []]


def test_an_early_end_on_the_first_night(nights: Nights) -> None:
    """40 of the newest 100: the next night is a first night again, and finds those who came since as well."""
    nights.reader.ends_after = 40
    tally = nights.run()
    assert (tally.new, codes(tally)) == (40, ["list_ended_early"])
    nights.reader.ends_after = None
    nights.next(*ids(150))
    tally = nights.run()
    assert (tally.reads, tally.new, codes(tally)) == (250, 210, [])
    nights.next("80000")
    assert nights.run().reads == 4


def test_a_count_that_is_far_too_high_makes_no_second_first_night_of_the_whole_list(nights: Nights) -> None:
    """X counts a million more for one night: five came, as those tell who stood there the night before."""
    generous(nights).reader.ends_after = 40
    nights.run()
    nights.reader.ends_after = None
    nights.next(*ids(5))
    nights.reader.says = 1_000_305
    tally = nights.run()
    assert (tally.new, tally.finished) == (65, True)
    assert tally.reads <= 110


def test_a_first_night_isn_t_tried_for_ever(nights: Nights) -> None:
    """X counts 90 and shows 80 on three nights: those are the ones, and who came meanwhile is among them."""
    del nights.reader.ids[80:]
    said = []
    for night in range(4):
        nights.reader.says = len(nights.reader.ids) + 10
        said.append(codes(nights.run()))
        nights.next(f"8000{night}")
    assert said == [["list_ended_early"], ["list_ended_early"], [], []]
    assert nights.recorded() == set(nights.reader.ids[1:])


def test_a_first_night_that_shows_only_newcomers_is_never_believed(nights: Nights) -> None:
    """Each night fifty more come, and the list ends after forty: whoever came stays to be found."""
    nights.reader.ends_after = 40
    for night in range(4):
        assert codes(nights.run()) == ["list_ended_early"]
        nights.next(*ids(50, first=70_000 + 1_000 * night))
    nights.reader.ends_after = None
    generous(nights).run()
    assert nights.recorded() >= set(nights.reader.ids[:300])


def test_a_first_night_of_fewer_than_it_wants_is_whole(nights: Nights) -> None:
    """Thirty followers in all, and none of them hidden; nobody at all; no count: each is done."""
    del nights.reader.ids[30:]
    assert (nights.run().finished, nights.known()) == (True, set(nights.reader.ids))


@pytest.mark.parametrize("says", [None, 0])
def test_an_account_without_followers_gets_its_first_ones(nights: Nights, says: int | None) -> None:
    """Nobody is known, so the list's end is its end, unless X counts more."""
    nights.reader.says = says
    nights.reader.ids.clear()
    assert nights.run().finished
    nights.next(*ids(12))
    assert (nights.run().finished, len(nights.known())) == (True, 12)


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
    """What it found isn't expected again: the night reads who came since, and little more."""
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
