"""Runs and what they cost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a job for one account. `status`: done | partial | failed | later, None while it runs."""

    id: int
    account_id: int
    kind: str
    day: str
    started_at: datetime
    finished_at: datetime | None
    status: str | None
    receipt: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to X as the ledger books it. `name`: me | followers | lookup | follow.

    `ids` are the profiles in the answer that X bills for; `returned` counts duplicates and bad rows too; `requests`
    counts retries.
    """

    name: str
    requests: int
    ids: tuple[str, ...] = ()
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Booked:
    """The ledger's totals for one kind of call. `cost` in micro-dollars."""

    requests: int
    returned: int
    cost: int
