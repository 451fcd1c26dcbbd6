"""Belief that a list that stopped is over."""

import pytest

from followguard.followers.list_end import ListEnd, covers


@pytest.mark.parametrize(
    ("met", "counted", "enough"), [(98, 100, True), (97, 100, False), (9, 10, False), (0, 0, True)]
)
def test_98_percent_is_the_least(met: int, counted: int, enough: bool) -> None:
    """The boundary itself is enough; nothing is rounded in favour of an end."""
    assert covers(met, counted) is enough


def test_the_count_decides() -> None:
    """Nearly all of what X counts is an end, a part of it is none, whether anybody was known or not."""
    for known in (True, False):
        assert ListEnd(met=294, counted=300, known=known).believed
        assert not ListEnd(met=293, counted=300, known=known).believed


def test_a_count_far_below_what_was_met_decides_nothing() -> None:
    """40 met and 10 counted: X's count is of another time."""
    assert not ListEnd(met=40, counted=10, known=True).believed
    assert ListEnd(met=100, counted=98, known=True).believed


def test_without_a_count_only_an_account_without_followers_may_end() -> None:
    """A list without a count is believed only where nobody was known yet."""
    assert ListEnd(met=12, counted=None, known=False).believed
    assert not ListEnd(met=12, counted=None, known=True).believed


def test_few_that_lack_night_after_night_are_the_count_s_fault() -> None:
    """Two of twelve, or one in twenty, for the third time; never a large part."""
    assert [ListEnd(met=10, counted=12, known=True, nights_before=n).believed for n in range(3)] == [False, False, True]
    assert ListEnd(met=950, counted=1000, known=True, nights_before=2).believed
    assert not ListEnd(met=940, counted=1000, known=True, nights_before=9).believed


def test_a_count_that_stays_a_few_too_low_is_the_count_s_fault() -> None:
    """Twelve met and eleven counted, for the third time; 40 and 10 prove nothing however often."""
    assert [ListEnd(met=12, counted=11, known=True, nights_before=n).believed for n in range(3)] == [False, False, True]
    assert not ListEnd(met=40, counted=10, known=True, nights_before=9).believed
