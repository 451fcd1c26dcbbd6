"""What a night says of a reading that may not have shown everybody."""

from followguard.errors import FollowguardError, ListEndedEarly, OrderChanged
from followguard.followers.list_end import ENDED_EARLY
from followguard.followers.list_reading import Ending
from followguard.followers.night_courses import NightCourse, ToTheMark


def doubts(handle: str, course: NightCourse, ending: Ending | None) -> list[FollowguardError]:
    """Returns what speaks against a reading, at most one error; `ending` is None when something stopped it.

    A list that was read to its proven end leaves no doubt.
    """
    if ending is not None and ending.outcome == ENDED_EARLY:
        return [_ended_early(handle, course, ending.met or 0)]
    if isinstance(course, ToTheMark) and (ending is None or ending.met is None):
        return list(doubts_of_order(handle, course, finished=ending is not None))
    return []


def _ended_early(handle: str, course: NightCourse, met: int) -> ListEndedEarly:
    counted = "X doesn't say how many there are" if course.counted is None else f"X counts {course.counted}"
    return ListEndedEarly(
        f"@{handle}: X's follower list ended after {met}, and that is too early: {counted}.",
        "Who was read is recorded and listed; the next night reads again from the top, further down. "
        f"If that goes on, run: followguard reconcile --account {handle}",
    )


def doubts_of_order(handle: str, course: ToTheMark, *, finished: bool) -> list[OrderChanged]:
    """Returns what speaks against "newest first" after this reading: at most one error, with what to do."""
    mark, expected = course.mark, course.expected or 0.0
    reconcile = f"Run `followguard reconcile --account {handle}` to find whom the nights missed."
    if mark.order_changed:
        what = f"@{handle}: known followers came in another order than before: X's list isn't newest first any more."
        return [OrderChanged(what, reconcile)]
    if course.head and not mark.reached and not mark.ranks and mark.above > 5 * expected + 200:
        what = f"@{handle}: {mark.above} profiles read and none of them known: a burst, or X changed the order."
        return [OrderChanged(what, f"If the list shows no burst: {reconcile}")]
    if finished and course.growth is not None and course.growth >= 20 and mark.above < course.growth // 5:
        what = f"@{handle}: X counts {course.growth} more followers, but only {mark.above} new ones stand on top."
        return [OrderChanged(what, reconcile)]
    return []
