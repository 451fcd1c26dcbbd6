"""Numbers of profiles that are asked for."""

import pytest

from followguard.followers.page_size import FIRST_GUESS, LONGEST, NightPace, PagePlan, a_day, expected_new, leavers
from followguard.followers.stop_rule import RUN


def test_a_page_is_as_long_as_tonights_news() -> None:
    """A page holds as many as are expected, and the run that proves the mark."""
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
    nights = [NightPace(new=50, days=1.0, growth=48), NightPace(new=52, days=1.0, growth=50)]
    assert leavers(nights) == 2.0
    assert expected_new(nights, 1.0, growth=300) == 302.0


def test_a_count_that_never_moves_is_put_right_by_the_leavers() -> None:
    """Where X's count stands still, the nights before tell the number all the same."""
    nights = [NightPace(new=50, days=1.0, growth=0), NightPace(new=54, days=1.0, growth=0)]
    assert expected_new(nights, 1.0, growth=0) == 52.0


def test_without_a_count_the_pace_counts_by_days() -> None:
    """Two nights missed mean three nights' followers."""
    assert expected_new([NightPace(new=20, days=2.0)], 3.0, None) == 30.0
    assert a_day([]) is None
    assert expected_new([], 1.0, None) is None


SURGE = NightPace(new=80_000, days=1.0, growth=80_000)
USUAL = NightPace(new=50, days=1.0, growth=48)


@pytest.mark.parametrize("surges", [1, 2, 3])
def test_surges_don_t_move_the_usual_number(surges: int) -> None:
    """After one, two, three nights of bought followers the pace is that of the other nights."""
    nights = [USUAL] * 4 + [SURGE] * surges
    assert expected_new(nights, 1.0, None) == 50.0
    assert 49 < (expected_new(nights, 1.0, growth=48) or 0) <= 50


@pytest.mark.parametrize("nights", [[SURGE], [SURGE] * 3])
def test_a_short_past_of_surges_proves_no_pace(nights: list[NightPace]) -> None:
    """An account that has seen nothing else yet: the first guess stands in for nights that it hasn't had."""
    assert expected_new(nights, 1.0, None) == FIRST_GUESS


def test_a_count_that_lagged_in_the_surge_makes_no_leavers() -> None:
    """80,000 came and X counted 50 more: they haven't left, and neither have 80,000 whom X purged in one night."""
    lagged = NightPace(new=80_000, days=1.0, growth=50)
    purged = NightPace(new=50, days=1.0, growth=-79_950)
    assert expected_new([USUAL, USUAL, USUAL, lagged], 1.0, growth=48) == 50.0
    assert expected_new([USUAL, SURGE, purged], 1.0, growth=48) < 60
    assert expected_new([lagged], 1.0, growth=50) <= 50 + FIRST_GUESS


def test_a_purge_says_nothing_about_who_came() -> None:
    """X has taken 4,000 away since yesterday: as many as usual are expected, not none."""
    assert expected_new([USUAL] * 4, 1.0, growth=-4_000) == 50.0
    assert expected_new([USUAL] * 4, 1.0, growth=-10) == 0.0


def test_ten_nights_without_a_run_mean_ten_nights_of_followers() -> None:
    """Ten nights of an outage bring ten nights of followers; a surge before them counts for nothing."""
    assert expected_new([USUAL] * 4 + [SURGE], 10.0, None) == 500.0


def test_what_only_the_count_says_is_tried_in_steps() -> None:
    """X's count catches up with a surge of the night before: 80,000 more, of whom all but 50 are known."""
    plan = PagePlan(expected=80_050.0, usual=50.0, burst=0)
    assert plan.next_size(0, 0) == 50 + RUN
    assert [plan.next_size(new, 0) for new in (53, 162, 489, 1470)] == [109, 327, 981, LONGEST]


def test_an_ordinary_difference_is_no_reason_for_steps() -> None:
    """Twice the usual number, or a first night's few: one page."""
    assert PagePlan(expected=100.0, usual=50.0, burst=0).next_size(0, 0) == 100 + RUN
    assert PagePlan(expected=40.0, usual=0.0, burst=0).next_size(0, 0) == 40 + RUN
