"""Our own accounts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One corporate account. `x_id` is known after its first night."""

    id: int
    handle: str
    x_id: str | None = None
    paused_at: datetime | None = None
    handoff_since: datetime | None = None
    followers_count: int | None = None
