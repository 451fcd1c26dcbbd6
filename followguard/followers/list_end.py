"""Whether X's list really ends where it stopped: X has ended lists early, so an end is believed only by X's own count.

A reading that met its mark needs no end. One that ran out of list before it is complete only when it met nearly as
many followers as X counts.
"""

from dataclasses import dataclass

DONE = "done"
"""The outcome of a pass that met its mark, or a list that was proven to end."""
READ = "read"
"""The outcome of a whole list that was proven to end, while those who weren't in it are still to be looked up."""
ENDED_EARLY = "ended_early"
"""The outcome of a pass whose list ended where it isn't believed to end."""
OVERTAKEN = "overtaken"
"""The outcome of an unfinished pass after which the whole list was read."""

COVERED = 98
"""Percent of X's own count that a reading must have met."""
FEW = 3
"""X counts some who are in no list, such as suspended followers: so many may always be lacking, or one in twenty."""
NIGHTS_ALIKE = 3
"""Nights in a row in which the list lacked so few: then it is X's count that is wrong."""


def covers(met: int, counted: int) -> bool:
    """Tells whether so many are at least 98 % of what X counts."""
    return met * 100 >= COVERED * counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEnd:
    """The place where a list ended before the mark: how many were met, how many X counts (None: not said).

    `known`: somebody stood on record who should have been met. `nights_before`: those just before that lacked few.
    """

    met: int
    counted: int | None
    known: bool
    nights_before: int = 0

    @property
    def lacks_few(self) -> bool:
        """Whether nearly all were met, or few more than X counts."""
        lacking = abs((self.counted or 0) - self.met)
        return self.counted is not None and (lacking <= FEW or lacking * 20 <= self.counted)

    @property
    def believed(self) -> bool:
        """Whether that is all of the list.

        A count that is below what was met lags behind, and proves nothing, unless it stays a few too low.
        """
        if self.counted is None:
            return not self.known
        if covers(self.met, self.counted) and covers(self.counted, self.met):
            return True
        return self.lacks_few and self.nights_before + 1 >= NIGHTS_ALIKE
