"""Expectations of a night after nights that weren't ordinary, and how much it pays for that."""

import pytest

from followguard.domain.policy import AccountSettings, Policy
from followguard.followers.expectation import forecast_reads
from tests.builders.nights import Nights


@pytest.fixture
def settled(nights: Nights) -> Nights:
    """Five nights of 50 new followers each, and money enough."""
    policy = Policy(first_night=100, max_usd_per_night=900.0)
    nights.settings = AccountSettings(handle="acme", training_basis="none", policy=policy)
    nights.max_usd_per_month = 9_000.0
    nights.run()
    for night in range(1, 6):
        bring(nights, 50, night)
        nights.run()
    return nights


def bring(nights: Nights, number: int, night: int, days: int = 1) -> None:
    """Brings so many new followers, with ids that nobody else has."""
    nights.next(*[f"{night:03}{i:06}" for i in range(100_000, 100_000 + number)], days=days)


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("surges", [1, 3])
def test_the_night_after_surges_reads_little_more_than_its_news(settled: Nights, counts: bool, surges: int) -> None:
    """Thousands a night, once or three times, then 50: a page or two, with X's count and without it."""
    for surge in range(surges):
        bring(settled, 3_000, 20 + surge)
        settled.reader.counts_followers = counts
        assert settled.run().new == 3_000
    bring(settled, 50, 30)
    tally = settled.run()
    assert (tally.new, tally.errors) == (50, [])
    assert tally.reads <= 60


def test_a_count_that_catches_up_costs_no_thousand_profiles(settled: Nights) -> None:
    """X counts the surge a night late: 3,050 more, of whom 50 are new."""
    bring(settled, 3_000, 20)
    settled.reader.says = len(settled.reader.ids) - 2_950
    assert settled.run().new == 3_000
    bring(settled, 50, 30)
    settled.reader.says = None
    tally = settled.run()
    assert tally.new == 50
    assert tally.reads <= 200


@pytest.mark.parametrize("counts", [True, False])
def test_an_outage_of_ten_nights_is_read_in_one_go(settled: Nights, counts: bool) -> None:
    """Ten nights' followers are expected: few calls, and nobody is paid for beyond the mark."""
    settled.reader.counts_followers = counts
    bring(settled, 500, 20, days=10)
    tally = settled.run()
    assert (tally.new, tally.errors) == (500, [])
    assert tally.reads <= 503
    assert tally.requests <= 2


def test_a_second_run_of_the_day_doesn_t_count_as_a_night_without_news(settled: Nights) -> None:
    """Each night is run again, as after a kill: the next one expects as many as ever."""
    settled.reader.counts_followers = False
    for night in range(30, 36):
        bring(settled, 50, night)
        settled.run()
        settled.run()
    bring(settled, 50, 40)
    with settled.store.begin() as work:
        assert forecast_reads(work, 1, settled.settings, settled.now) == 53
    assert settled.run().reads == 53


def test_after_an_early_end_all_that_came_since_the_last_complete_reading_is_expected(settled: Nights) -> None:
    """Forty of 120, then 50 more: the forecast and the first page are for 170."""
    bring(settled, 120, 20)
    settled.reader.ends_after = 40
    settled.run()
    settled.reader.ends_after = None
    bring(settled, 50, 21)
    with settled.store.begin() as work:
        assert forecast_reads(work, 1, settled.settings, settled.now, len(settled.reader.ids)) == 173
    tally = settled.run()
    assert (tally.new, tally.reads, tally.requests) == (130, 173, 1)
