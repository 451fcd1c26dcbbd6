"""The people who decide, and what each may do for which account."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A named person. `pseudonym` stands for them in the log."""

    id: int
    name: str
    pseudonym: str
    added_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role of a person: for one account, or for all when `account_id` is None."""

    person_id: int
    role: str
    account_id: int | None
    granted_at: datetime
    withdrawn_at: datetime | None = None
