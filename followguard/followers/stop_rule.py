"""When a reading of the follower list has met the mark of earlier nights, and whether the list is still newest first.

X doesn't promise an order. Recordings show the newest follower first, so a reading may stop once it meets followers
known from before. One known follower proves nothing (they may have left and followed again), so the mark is a run of
them in the very order in which they were known, each a near neighbour of the one before.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

RUN = 3
"""Known followers in a row, in their known order, that make the mark."""
NEIGHBOURS = 10
"""How many places apart two of them may have been: those between may have left."""
KNOWN_IN_A_ROW = 20
"""Known followers in a row, in whatever order, after which reading on finds nobody new."""
DISPLACED = 5
"""So many followers out of their known order, and more than stand in order, mean that the order has changed."""


class ListRow(StrEnum):
    """The meaning of a list row to this reading."""

    NEW = "new"
    KNOWN = "known"
    FORGOTTEN = "forgotten"  # erased on their own wish: paid for, and not collected again
    AGAIN = "again"  # read before in this very pass: neither new nor a mark
    UNPROVEN = "unproven"  # recorded by a reading that never was complete: neither new nor a mark
    UNREADABLE = "unreadable"  # no profile, but a place in the list


NAMELESS = (ListRow.FORGOTTEN, ListRow.UNREADABLE)
"""Rows that leave no follower on record."""


@dataclass(slots=True)
class StopRule:
    """The stop rule's memory over the pages of one pass. Ranks count from the newest known follower, 0."""

    run: int = 0
    known_in_a_row: int = 0
    last_rank: int | None = None
    ranks: list[int] = field(default_factory=list)
    new: int = 0
    unproven: int = 0
    trailing: int = 0
    """New followers met since the run was complete: they may be older than anything read so far."""
    below: int = 0
    """Those of them that had another known follower below: under a newest-first order there are none."""
    reached: bool = False
    run_start: int | None = None
    """Rank of the first follower of the run, of the completed one once it is reached."""

    def see(self, rows: Iterable[tuple[str, ListRow]], rank_of: Mapping[str, int]) -> None:
        """Takes in one page, top to bottom. `rank_of` has the known followers nearest the top."""
        for follower_id, row in rows:
            if row is ListRow.NEW:
                self._see_new()
            elif row is ListRow.KNOWN:
                self._see_known(rank_of.get(follower_id))
            self.unproven += row is ListRow.UNPROVEN

    def _see_new(self) -> None:
        self.new += 1
        self.trailing += self.reached
        self.run, self.known_in_a_row, self.last_rank = 0, 0, None

    def _see_known(self, rank: int | None) -> None:
        self.known_in_a_row += 1
        if rank is None:  # known, but from far down the list: they followed again
            self.run, self.last_rank = 0, None
        else:
            self.ranks.append(rank)
            self.below, self.trailing = self.below + self.trailing, 0
            near = self.last_rank is not None and 0 < rank - self.last_rank <= NEIGHBOURS
            self.run = self.run + 1 if near else 1
            if self.run == 1 and not self.reached:
                self.run_start = rank
            self.last_rank = rank
        self.reached = self.reached or self.run >= RUN

    def met(self, known_in_all: int) -> bool:
        """Tells whether reading on would find nobody new. `known_in_all` followers were known before this pass."""
        enough = min(KNOWN_IN_A_ROW, known_in_all)
        return self.reached or (known_in_all > 0 and self.known_in_a_row >= enough)

    @property
    def above(self) -> int:
        """Followers met who weren't there at the last complete reading."""
        return self.new + self.unproven

    @property
    def still_needed(self) -> int:
        """Rows that would complete the run that has begun, 0 when none has."""
        return RUN - self.run if 0 < self.run < RUN else 0

    @property
    def order_changed(self) -> bool:
        """Whether the known followers met stand in another order than they were known in, or new ones below them."""
        in_order = longest_rising(self.ranks)
        displaced = len(self.ranks) - in_order
        return (displaced >= DISPLACED and displaced > in_order) or self.below >= DISPLACED

    def missing(self) -> list[int]:
        """Returns ranks of known followers who should stand above the mark and weren't there: they will have left."""
        if not self.reached or self.run_start is None or self.order_changed:
            return []
        met = set(self.ranks)
        return [rank for rank in range(self.run_start) if rank not in met]

    def without(self, rank: int) -> "StopRule":
        """Returns the memory as if the follower of that rank had never been known: those below move up by one."""

        def up(other: int | None) -> int | None:
            return other if other is None or other <= rank else other - 1

        broken = self.last_rank == rank
        return replace(
            self,
            run=0 if broken and not self.reached else self.run,
            last_rank=None if broken else up(self.last_rank),
            ranks=[other - (other > rank) for other in self.ranks if other != rank],
            run_start=up(self.run_start),
        )

    def as_json(self) -> dict[str, Any]:
        """Returns what a checkpoint keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "StopRule":
        """Reads a checkpoint; an empty one begins anew."""
        return cls(**saved) if saved else cls()


def longest_rising(ranks: Iterable[int]) -> int:
    """Returns length of the longest strictly rising subsequence (patience sorting, Fredman 1975)."""
    tails: list[int] = []
    for rank in ranks:
        place = bisect_left(tails, rank)
        tails[place : place + 1] = [rank]
    return len(tails)
