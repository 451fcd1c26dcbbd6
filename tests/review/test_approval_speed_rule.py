"""Speed at which one person may approve: the rule by itself, to the second."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.review.approval_speed import MOST, Approval, hurries, resumes_at

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def approvals(*moments: float, person: str = "Ann", first: int = 1) -> list[Approval]:
    return [
        Approval(
            decision_id=first + n, person=person, account="acme", item=n, follower_id=str(n), at=after(at), stands=True
        )
        for n, at in enumerate(moments)
    ]


def evenly(number: int, span: float) -> list[datetime]:
    """Times of so many approvals, the last one `span` seconds after the first."""
    return [after(span * n / (number - 1)) for n in range(number)]


def test_ten_within_twenty_seconds_pause_for_a_minute_after_the_tenth() -> None:
    """Both bounds to the second: twenty seconds are within, and after a minute it goes on."""
    times = evenly(MOST, 20)
    assert resumes_at(times, after(20)) == after(80)
    assert resumes_at(times, after(79.999)) == after(80)
    assert resumes_at(times, after(80)) is None
    assert resumes_at(evenly(MOST, 20.001), after(21)) is None
    assert resumes_at(evenly(MOST - 1, 0.1), after(1)) is None


def test_a_clock_that_went_back_does_not_open_the_door() -> None:
    """Set back by an hour after the tenth; and set back in the middle, where the times look an hour apart."""
    assert resumes_at(evenly(MOST, 5), after(-3600)) == after(65)
    back = [*evenly(5, 2), *[at - timedelta(hours=1) for at in evenly(5, 2)]]
    assert resumes_at(back, back[-1]) == back[-1] + timedelta(seconds=60)


def test_processes_side_by_side_are_not_taken_for_slow() -> None:
    """Recorded out of order, as five at a time come by: 12 seconds in all, whatever the single steps add up to."""
    mixed = [after(at) for at in (0, 8, 1, 9, 2, 10, 3, 11, 4, 12)]
    assert resumes_at(mixed, after(13)) == after(72)


def test_only_the_newest_ten_count() -> None:
    """Once the pause is over, one more approval is no second pause."""
    assert resumes_at([*evenly(MOST, 5), after(100)], after(100)) is None


@given(st.lists(st.floats(0, 300), min_size=1, max_size=60))
def test_whoever_keeps_to_the_rule_is_never_faster_than_ten_a_window(attempts: Sequence[float]) -> None:
    """Whatever the attempts: of those let through, no eleven in a row came within twenty seconds."""
    made: list[datetime] = []
    for at in sorted(attempts):
        if resumes_at(made, after(at)) is None:
            made.append(after(at))
    assert all(made[n + MOST] - made[n] > timedelta(seconds=20) for n in range(len(made) - MOST))


def test_what_came_too_fast_is_found_and_named_once() -> None:
    """Overlapping tens are one stretch, tens a minute apart are two, each person's are their own."""
    fast = approvals(*range(12))
    slow = approvals(*[n * 12 for n in range(30)], person="Ben", first=100)
    more = approvals(*[600 + n / 10 for n in range(10)], first=200)
    found = hurries([*fast, *slow, *more])
    assert [len(each.approvals) for each in found] == [12, 10]
    assert found[0].words == "12 approvals by Ann within 11 seconds (2026-01-05 09:00 UTC)"


@pytest.mark.parametrize("number", [0, 9])
def test_fewer_than_ten_are_never_too_fast(number: int) -> None:
    """Somebody with fast hands and a short list."""
    assert hurries(approvals(*[0.0] * number)) == []
