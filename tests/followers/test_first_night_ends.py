"""First nights whose list ends early: tried again, but not for ever."""

import pytest

from tests.builders.nights import Nights, codes, generous, ids


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
