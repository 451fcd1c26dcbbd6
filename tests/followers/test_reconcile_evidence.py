"""Followers count as gone when X says so of each one, and never only because its list leaves them out."""

from dataclasses import replace
from datetime import datetime

import pytest

from followguard.domain.follower import Profile
from followguard.errors import BudgetUsedUp, PlatformDown
from followguard.followers.store import Followers
from followguard.testing import made_up_profile
from followguard.x.contract import LookedUp
from tests.builders.nights import Nights


@pytest.fixture
def known(nights: Nights) -> Nights:
    """All 300 followers are on record, and it is the next day."""
    nights.max_usd_per_month = 400.0
    assert nights.reconcile().tally.new == 300
    nights.next()
    return nights


def left(nights: Nights) -> int:
    """Counts those on record who have left."""
    with nights.store.begin() as work:
        everybody = [f"{9000 - i}" for i in range(300)]
        return sum(each.left_at is not None for each in Followers(work).presence(1, everybody).values())


@pytest.mark.parametrize("end", [0, 10, 180, 293])
def test_a_list_that_ends_early_makes_nobody_leave(known: Nights, end: int) -> None:
    """X counts 300 and shows fewer than 294 of them: said, exit 3, and no look-up is paid for."""
    known.reader.ends_after = end
    result = known.reconcile()
    assert (result.left, result.lookups, result.finished, left(known)) == (0, 0, False, 0)
    (error,) = result.tally.errors
    assert (error.code, error.exit_code) == ("list_ended_early", 3)
    assert f"ended after {end} followers; X counts 300" in str(error)
    known.reader.ends_after = None
    assert known.reconcile().finished


def test_without_a_count_nobody_is_taken_for_gone(known: Nights) -> None:
    """Where X doesn't say how many there are, the end of a list proves nothing."""
    known.next()
    known.reader.says, known.reader.ends_after = 0, 250
    result = known.reconcile()
    assert (result.left, left(known), result.finished) == (0, 0, False)
    assert "X doesn't say" in str(result.tally.errors[0])


def test_whoever_the_list_left_out_is_asked_about(known: Nights) -> None:
    """Six of 300 aren't in the list: two have left by X's word, four follow as before."""
    gone = known.reader.ids[40:42]
    del known.reader.ids[40:42]
    known.reader.says, known.reader.ends_after = 300, 294
    result = known.reconcile()
    assert (result.left, result.still_following, result.unseen, result.lookups) == (2, 4, 0, 6)
    assert (result.read_to_end, result.later) == (True, None)
    assert "4 of them still follow" in str(result.tally.errors[0])
    with known.store.begin() as work:
        presence = Followers(work).presence(1, [*gone, *known.reader.ids])
    assert {i for i, each in presence.items() if each.left_at} == set(gone)


def test_a_purge_of_half_of_them_is_believed_by_x_s_word_on_each(known: Nights) -> None:
    """X counts 150 and shows 150: the other 150 are looked up, and all have left."""
    del known.reader.ids[::2]
    result = known.reconcile()
    assert (result.left, result.lookups, result.finished, left(known)) == (150, 150, True, 150)
    assert result.tally.errors == []


def test_a_count_that_lags_marks_nobody_who_follows(known: Nights) -> None:
    """X counts 180 of 300 and shows 180: the others are looked up, and follow."""
    known.reader.says = known.reader.ends_after = 180
    result = known.reconcile()
    assert (result.left, result.still_following, left(known)) == (0, 120, 0)


def test_too_little_money_for_all_look_ups(known: Nights) -> None:
    """The list and forty look-ups; the next run doesn't read the list again and asks about the rest only."""
    del known.reader.ids[::2]
    first = known.reconcile(max_usd=1.9)
    assert isinstance(first.later, BudgetUsedUp)
    assert (first.tally.reads, first.lookups, first.left, first.unseen, first.read_to_end) == (150, 40, 40, 110, True)
    known.next("70001")
    forecast = known.reconciler().forecast()
    assert (forecast.unseen, forecast.usd) == (110, 1.1)
    second = known.reconcile(max_usd=1.1)
    assert (second.tally.reads, second.lookups, second.left, second.unseen) == (0, 110, 110, 0)
    assert second.finished
    third = known.reconcile()
    assert (third.tally.reads, third.tally.new, third.lookups) == (151, 1, 0)


def test_look_ups_that_break_off_are_not_made_twice(known: Nights) -> None:
    """X goes down after the first hundred, some of whom still follow: the next run asks about the other fifty."""
    whole = known.reader.ids
    known.reader.ids = whole[1::2]
    asked: list[int] = []

    def breaks(ids: list[str]) -> LookedUp:
        asked.append(len(ids))
        if len(asked) == 2:
            raise PlatformDown("down")
        known.reader.ids = [*whole[1::2], *ids[:30]]
        return known.reader.true_look_up(ids)  # type: ignore[no-any-return]

    known.reader.answer = breaks
    first = known.reconcile()
    assert (first.left, first.still_following, first.unseen, type(first.later)) == (70, 30, 50, PlatformDown)
    second = known.reconcile()
    assert (second.lookups, second.unseen, asked) == (50, 0, [100, 50, 50])


def test_ids_that_x_says_nothing_about_are_not_asked_for_ever(known: Nights) -> None:
    """Ids that X tells nothing about count as followers, said as untold, and the reconcile is over."""
    known.reader.says, known.reader.ends_after = 300, 297
    known.reader.answer = lambda _: LookedUp(profiles=(), gone={}, returned=0, requests=1)
    result = known.reconcile()
    assert (result.left, result.untold, result.unseen, result.finished, left(known)) == (0, 3, 0, True, 0)


def test_without_connections_nobody_has_left(known: Nights) -> None:
    """X shows the profiles and not what is between us."""

    def bare(follower_id: str, now: datetime) -> Profile:
        return replace(made_up_profile(follower_id, now), connection=None)

    known.reader.says, known.reader.ends_after, known.reader.profile = 300, 297, bare
    result = known.reconcile()
    assert (result.left, result.untold, left(known)) == (0, 3, 0)


def test_a_reconcile_over_days_counts_who_came_meanwhile(known: Nights) -> None:
    """The list is begun with 300, nights find 60 more, and it is still read to its end."""
    assert known.reconcile(max_usd=1.0).later is not None
    known.next(*[f"{70_000 + i}" for i in range(60)])
    known.run()
    known.next(*[f"{80_000 + i}" for i in range(60)])
    result = known.reconcile()
    assert (result.tally.reads, result.finished, result.left, result.lookups) == (200, True, 0, 0)
    known.run()
    assert known.recorded() == set(known.reader.ids)
