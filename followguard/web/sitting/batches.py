"""What a batch's card shows: when its members and others of that night were made, in the order of following."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_DOTS = 600
MONTH = 30


@dataclass(frozen=True, slots=True)
class BatchDot:
    """A follower of one night: when the account was made on X, and whether it is one of the batch."""

    created_at: datetime | None
    member: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    """Dots in a unit square: x the order of following (0 the first), y when the account was made."""

    points: tuple[tuple[float, float, bool], ...]
    from_year: int
    to_year: int


def scatter(arrivals: Sequence[BatchDot]) -> Scatter | None:
    """Places each arrival, given in order of following; None where nothing would be seen."""
    known = [each for each in arrivals if each.created_at is not None]
    if len(known) < 2:
        return None
    step = max(1, -(-len(known) // MOST_DOTS))
    kept = known[::step]
    made = [each.created_at.timestamp() for each in kept if each.created_at is not None]
    low, high = min(made), max(made)
    wide = (high - low) or 1.0
    last = max(len(kept) - 1, 1)
    points = [
        (round(place / last, 4), round((at - low) / wide, 4), each.member)
        for place, (each, at) in enumerate(zip(kept, made, strict=True))
    ]
    years = (datetime.fromtimestamp(low, known[0].created_at.tzinfo).year if known[0].created_at else 0,
             datetime.fromtimestamp(high, known[0].created_at.tzinfo).year if known[0].created_at else 0)  # fmt: skip
    return Scatter(tuple(points), *years)
