"""How many profiles are asked for."""

from followguard.domain.mark import RUN
from followguard.domain.page_size import FIRST_GUESS, LONGEST, Arrivals, PagePlan, a_day, expected_new, leavers


def test_a_page_is_as_long_as_tonights_news() -> None:
    """As many as are expected, and the run that proves the mark."""
    assert PagePlan(expected=50.0, burst=0).next_size(0, 0) == 50 + RUN


def test_a_page_is_never_longer_than_x_allows() -> None:
    """5,000 expected are read a thousand at a time."""
    assert PagePlan(expected=5000.0, burst=0).next_size(0, 0) == LONGEST


def test_a_begun_run_is_completed_with_as_few_as_it_takes() -> None:
    """One known follower seen: two more make the mark."""
    assert PagePlan(expected=50.0, burst=0).next_size(50, RUN - 1) == RUN - 1


def test_beyond_the_expected_the_steps_are_short_until_it_is_a_burst() -> None:
    """The spread of a Poisson count, then twice as much with each page that is wholly new."""
    sizes = [PagePlan(expected=100.0, burst=burst).next_size(200, 0) for burst in range(1, 9)]
    assert sizes == [10, 10, 20, 40, 80, 160, 320, 640]


def test_the_first_guess_is_small() -> None:
    """Nothing is known after the first night, and every profile is paid for."""
    assert PagePlan(expected=None, burst=0).next_size(0, 0) == FIRST_GUESS


def test_xs_own_count_tells_best() -> None:
    """Growth and the usual number of leavers, not the pace of the past."""
    nights = [Arrivals(new=50, days=1.0, growth=48), Arrivals(new=52, days=1.0, growth=50)]
    assert leavers(nights) == 2.0
    assert expected_new(nights, 1.0, growth=300) == 302.0


def test_a_count_that_never_moves_is_put_right_by_the_leavers() -> None:
    """Where X's count stands still, the nights before tell the number all the same."""
    nights = [Arrivals(new=50, days=1.0, growth=0), Arrivals(new=54, days=1.0, growth=0)]
    assert expected_new(nights, 1.0, growth=0) == 52.0


def test_without_a_count_the_pace_counts_by_days() -> None:
    """Two nights missed mean three nights' followers."""
    assert expected_new([Arrivals(new=20, days=2.0)], 3.0, None) == 30.0
    assert a_day([]) is None
    assert expected_new([], 1.0, None) is None
