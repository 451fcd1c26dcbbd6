"""A list that ends where it doesn't end: what was read is kept, nobody is lost, and the night says so."""

import pytest

from tests.builders.nights import Nights, codes, generous, ids


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
