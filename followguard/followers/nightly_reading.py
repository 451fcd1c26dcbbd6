"""The nightly reading: who newly follows an account, at as few paid profiles as the list's order allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile

from followguard.accounts.budget import Clock, Spending
from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.policy import AccountSettings
from followguard.errors import FollowguardError, ListEndedEarly, OrderChanged
from followguard.followers.expectation import growth_since, outlook
from followguard.followers.list_end import ENDED_EARLY
from followguard.followers.list_reading import Ending, ListReading, ReadingTally
from followguard.followers.night_courses import FirstNight, NightCourse, Surroundings, ToTheMark, course_from
from followguard.followers.passes_store import Passes, PastPass, ReadingPass
from followguard.followers.store import Followers
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.x.contract import FollowerReader, Me

HEAD = 2000
"""How many of the newest known followers the mark is looked for among."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """The nightly reading of one account. `say` gets a line of progress for each page."""

    store: Store
    reader: FollowerReader
    settings: AccountSettings
    spending: Spending
    clock: Clock
    say: Callable[[str], None]

    def run(self, account: Account, me: Me, tally: ReadingTally) -> None:
        """Reads the account's new followers into `tally`.

        An unfinished pass of an earlier run goes on where it stopped; if it began on an earlier day and ends with
        budget to spare, a new one begins at the top. Raises `XError`, `BudgetUsedUp`; all that was read is saved.
        """
        started = self.clock()
        reading, course = self._resume(account, me)
        self._read(account, me, reading, course, tally)
        if reading.started_at.date() < started.date():
            reading, course = self._resume(account, me)
            self._read(account, me, reading, course, tally)

    def _read(self, account: Account, me: Me, reading: ReadingPass, course: NightCourse, tally: ReadingTally) -> None:
        lister = ListReading(
            store=self.store,
            reader=self.reader,
            account=account,
            x_id=me.id,
            spending=self.spending,
            clock=self.clock,
            say=self.say,
            tally=tally,
        )
        ending: Ending | None = None
        try:
            ending = lister.run(reading, course)
        finally:
            tally.errors.extend(doubts(account.handle, course, ending))

    def _resume(self, account: Account, me: Me) -> tuple[ReadingPass, NightCourse]:
        now = self.clock()
        with self.store.begin() as work:
            Accounts(work).set_followers_count(account.id, me.followers_count)
            broken_off = Passes(work).broken_off(account.id)
            reading = Passes(work).open_pass(account.id, "night")
            if reading is None:
                course = self._new_course(work, account, me, broken_off)
                reading = Passes(work).start_pass(account.id, "night", course.as_json(), now)
            head = Followers(work).head(account.id, reading.id, HEAD)
        around = Surroundings(
            head=head,
            counted=me.followers_count,
            nights_before=nights_that_lacked_few(broken_off, reading.started_at),
            tries_before=len({each.started_at.date() for each in broken_off} - {reading.started_at.date()}),
            first_night=self.settings.policy.first_night,
        )
        return reading, course_from(reading.progress, around)

    def _new_course(self, work: Work, account: Account, me: Me, broken_off: Sequence[PastPass]) -> NightCourse:
        ahead = outlook(work, account.id, self.clock(), me.followers_count)
        if ahead is None:
            came = growth_since(broken_off[-1], me.followers_count) if broken_off else 0
            one_try = len(broken_off) == 1
            return FirstNight(limit=0, came=max(0, came or 0), followers_count=me.followers_count, one_try=one_try)
        return ToTheMark(
            head=(),
            expected=ahead.expected,
            usual=ahead.usual,
            growth=ahead.growth,
            days=ahead.days,
            followers_count=me.followers_count,
        )


def nights_that_lacked_few(broken_off: Sequence[PastPass], now: datetime) -> int:
    """Tells how many earlier days in a row ended with a list that lacked few; `broken_off` from new to old."""
    by_day = groupby(
        (each for each in broken_off if each.started_at.date() < now.date()), lambda p: p.started_at.date()
    )
    few = (all(each.progress.get("lacks_few") for each in day) for _, day in by_day)
    return sum(1 for _ in takewhile(bool, few))


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
