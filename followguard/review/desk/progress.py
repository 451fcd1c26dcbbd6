"""How far a sitting at the desk has come, in words."""

from dataclasses import dataclass, field
from datetime import datetime

from followguard.domain.labels import Kind
from followguard.domain.wording import counted
from followguard.review.desk.session import Desk
from followguard.review.measures.pace import FEWEST_GAPS, UNKNOWN, Pace, gaps_of, pace_from


@dataclass(slots=True)
class Progress:
    """One sitting's decisions in time. `usual`: how long a card takes, until this sitting says it by itself."""

    usual: Pace = UNKNOWN
    moments: list[datetime] = field(default_factory=list)

    def made(self, at: datetime) -> None:
        """Notes a decision."""
        self.moments.append(at)

    @property
    def pace(self) -> Pace:
        """This sitting's pace once there is one, else the usual one."""
        gaps = gaps_of(self.moments)
        return pace_from(gaps) if len(gaps) >= FEWEST_GAPS else self.usual

    def words(self, desk: Desk, in_hand: int) -> str:
        """Returns `12 decided, 3 later, 45 left, about 4 minutes`. `in_hand`: cards on the screen."""
        later = sum(each.decision is Kind.LATER for each in desk.decided)
        left = desk.left + in_hand
        parts = [f"{len(desk.decided) - later:,} decided"]
        parts += [f"{later:,} later"] if later else []
        parts += [f"{left:,} left"] if left else []
        return ", ".join(parts + self._minutes(left))

    def _minutes(self, left: int) -> list[str]:
        minutes = self.pace.minutes_for(left)
        if minutes is None or not left:
            return []
        return [f"about {counted(minutes, 'minute')}" if minutes else "less than a minute"]
