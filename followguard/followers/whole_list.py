"""The course of a reading of the whole follower list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from followguard.followers.list_end import ENDED_EARLY, READ, covers
from followguard.followers.page_size import LONGEST
from followguard.followers.stop_rule import NAMELESS, ListRow


@dataclass(slots=True, kw_only=True)
class WholeList:
    """Every page to the end of the list.

    `followers_count` is X's count when the pass began, `counted` that of now: a reading may take days, and who comes
    meanwhile stands above it.
    """

    seen: int = 0
    nameless: int = 0
    followers_count: int | None = None
    counted: int | None = None

    def next_size(self) -> int:
        """Always a full page: each follower is paid for anyway."""
        return LONGEST

    def take(self, rows: Sequence[tuple[str, ListRow]]) -> None:
        """Counts followers that this pass hadn't met."""
        self.seen += sum(row is not ListRow.AGAIN for _, row in rows)
        self.nameless += sum(row in NAMELESS for _, row in rows)

    def restart(self) -> None:
        """Nameless rows can't be told from those of before."""
        self.nameless = 0

    def outcome_at_end(self, met: int) -> str:
        """Returns the outcome: a list is whole when it showed nearly as many as X counts, now or at its beginning."""
        counts = [count for count in (self.followers_count, self.counted) if count is not None]
        return READ if counts and covers(met, min(counts)) else ENDED_EARLY

    def missing(self) -> list[str]:
        """Returns nothing: followers who aren't in a whole list are looked up."""
        return []

    def as_json(self) -> dict[str, Any]:
        """Returns what a checkpoint keeps."""
        return {"seen": self.seen, "nameless": self.nameless, "followers_count": self.followers_count}

    @classmethod
    def from_json(cls, saved: Mapping[str, Any], counted: int | None) -> "WholeList":
        """Reads a checkpoint; an empty one begins anew."""
        return cls(
            seen=int(saved.get("seen", 0)),
            nameless=int(saved.get("nameless", 0)),
            followers_count=saved.get("followers_count"),
            counted=counted,
        )
