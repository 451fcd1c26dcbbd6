"""How far a nightly reading goes, over as many runs as it takes, and whether it may end where X's list does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from followguard.followers.list_end import DONE, ENDED_EARLY, NIGHTS_ALIKE, ListEnd, covers
from followguard.followers.page_size import FIRST_GUESS, LONGEST, PagePlan
from followguard.followers.stop_rule import NAMELESS, RUN, ListRow, StopRule


@dataclass(slots=True, kw_only=True)
class FirstNight:
    """Reads the newest `limit` followers of an account that was never read, and takes them as the mark.

    `counted` is X's count of the followers now, `followers_count` that of when the pass began. The list may have ended
    early on `tries_before` earlier nights; `came`: by X's count so many came since the first of them; `met_again`:
    somebody from an earlier try was met, so that nobody who came since is left out. X's count may be wrong: after
    `one_try` a run of those tells that no more came than stood above it.
    """

    limit: int
    came: int = 0
    read: int = 0
    followers_count: int | None = None
    counted: int | None = None
    nameless: int = 0
    tries_before: int = 0
    met_again: bool = False
    one_try: bool = False
    run: int = 0

    def next_size(self) -> int:
        """Returns what is left of the limit; what only X's count says is tried in steps."""
        step = max(self.limit, 2 * self.read, FIRST_GUESS)
        return min(LONGEST, step, max(0, self.limit + self.came - self.read))

    def take(self, rows: Sequence[tuple[str, ListRow]]) -> None:
        """Counts every readable row but those read before in this pass."""
        for _, row in rows:
            self._see_again(row)
            self.read += row not in (ListRow.AGAIN, ListRow.UNREADABLE)
        self.nameless += sum(row in NAMELESS for _, row in rows)

    def _see_again(self, row: ListRow) -> None:
        if row in (ListRow.NEW, ListRow.UNPROVEN):
            self.run = self.run + 1 if row is ListRow.UNPROVEN else 0
        self.met_again = self.met_again or row is ListRow.UNPROVEN
        if self.one_try and self.run == RUN:
            self.came = min(self.came, self.read - RUN + 1)

    def restart(self) -> None:
        """Forgets nameless rows: they can't be told from those of before."""
        self.nameless = 0

    def outcome_at_end(self, met: int) -> str:
        """Returns the outcome of a list that ended; a longer count by X is believed for some nights."""
        again = self.met_again and self.tries_before + 1 >= NIGHTS_ALIKE
        enough = self.counted is None or covers(met, min(self.limit + self.came, self.counted))
        return DONE if enough or again else ENDED_EARLY

    def missing(self) -> list[str]:
        """Returns nothing: nobody was known before."""
        return []

    def as_json(self) -> dict[str, Any]:
        """Returns what a checkpoint keeps."""
        return {
            "first": True,
            "came": self.came,
            "read": self.read,
            "followers_count": self.followers_count,
            "nameless": self.nameless,
            "met_again": self.met_again,
            "one_try": self.one_try,
            "run": self.run,
        }


@dataclass(slots=True, kw_only=True)
class ToTheMark:
    """Reads from the top until the followers of earlier nights begin.

    `counted` is X's count of the followers now; `followers_count` that of when the pass began, and `growth`, `days` and
    `usual` are what had come since the last complete reading by then. `lacks_few` says of a list that ended early that
    nearly all were met; so did the lists of `nights_before` nights just before.
    """

    head: Sequence[str]
    mark: StopRule = field(default_factory=StopRule)
    burst: int = 0
    expected: float | None = None
    usual: float | None = None
    growth: int | None = None
    days: float | None = None
    followers_count: int | None = None
    counted: int | None = None
    nameless: int = 0
    nights_before: int = 0
    lacks_few: bool = False
    _ranks: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._ranks = {follower_id: rank for rank, follower_id in enumerate(self.head)}

    def next_size(self) -> int:
        """Returns 0 once the mark is met."""
        if self.mark.met(len(self.head)):
            return 0
        plan = PagePlan(expected=self.expected, burst=self.burst, usual=self.usual)
        return plan.next_size(self.mark.above, self.mark.still_needed)

    def take(self, rows: Sequence[tuple[str, ListRow]]) -> None:
        """Moves the mark, and notices a burst: pages wholly new though no more were expected."""
        self.mark.see(rows, self._ranks)
        self.nameless += sum(row in NAMELESS for _, row in rows)
        wholly_new = bool(rows) and all(row is not ListRow.KNOWN for _, row in rows)
        self.burst = self.burst + 1 if wholly_new and self.mark.above > (self.expected or 0) else 0

    def restart(self) -> None:
        """Forgets nameless rows: they can't be told from those of before."""
        self.nameless = 0

    def outcome_at_end(self, met: int) -> str:
        """Returns the outcome of a list that ended above the mark: X's own count must say that it ends there."""
        end = ListEnd(met=met, counted=self.counted, known=bool(self.head), nights_before=self.nights_before)
        self.lacks_few = end.lacks_few
        return DONE if end.believed else ENDED_EARLY

    def missing(self) -> list[str]:
        """Returns those above the mark who weren't there."""
        return [self.head[rank] for rank in self.mark.missing()]

    def as_json(self) -> dict[str, Any]:
        """Returns what a checkpoint keeps."""
        return {
            "mark": self.mark.as_json(),
            "burst": self.burst,
            "expected": self.expected,
            "usual": self.usual,
            "growth": self.growth,
            "days": self.days,
            "followers_count": self.followers_count,
            "nameless": self.nameless,
            "lacks_few": self.lacks_few,
        }


NightCourse = FirstNight | ToTheMark


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The facts that a course depends on beside its checkpoint, asked for anew in each run.

    `counted`: X's count of our followers; `tries_before`: earlier nights since the last complete reading whose lists
    ended early; `nights_before`: those just before whose lists lacked few.
    """

    head: Sequence[str]
    counted: int | None
    nights_before: int
    tries_before: int
    first_night: int


def course_from(progress: Mapping[str, Any], around: Surroundings) -> NightCourse:
    """Returns the course that a checkpoint stands for."""
    common: dict[str, Any] = {
        "followers_count": progress.get("followers_count"),
        "counted": around.counted,
        "nameless": progress.get("nameless", 0),
    }
    if progress.get("first"):
        return FirstNight(
            limit=around.first_night,
            came=progress.get("came", 0),
            read=progress["read"],
            tries_before=around.tries_before,
            met_again=progress.get("met_again", False),
            one_try=progress.get("one_try", False),
            run=progress.get("run", 0),
            **common,
        )
    return ToTheMark(
        head=around.head,
        mark=StopRule.from_json(progress["mark"]),
        burst=progress["burst"],
        expected=progress["expected"],
        usual=progress.get("usual"),
        growth=progress["growth"],
        days=progress.get("days"),
        nights_before=around.nights_before,
        **common,
    )
