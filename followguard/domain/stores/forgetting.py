"""Erasing a person: what goes in one transaction, what is left to do after it, and who is never collected again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An erasure whose files aren't done yet. `accounts`: handles; `groups`: whose champions are to be fitted anew.

    `usernames`: to find the person in our own files. The row goes when all is done.
    """

    follower_id: str
    usernames: tuple[str, ...]
    accounts: tuple[str, ...]
    groups: tuple[str, ...]
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many rows went of one account's; `openings` of its log lost their payload, and the chain is whole."""

    account: str
    snapshots: int = 0
    scores: int = 0
    decisions: int = 0
    orders: int = 0
    openings: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the log's entry and for the command."""
        names = ("snapshots", "scores", "decisions", "orders", "openings")
        return {name: getattr(self, name) for name in names}


class Forgetting(Protocol):
    """Only `jobs.forget` erases; whatever reads the follower list asks who is forgotten."""

    def usernames(self, follower_id: str) -> tuple[str, ...]:
        """Every username on record, of any account."""
        ...

    def accounts(self, follower_id: str) -> tuple[str, ...]:
        """Handles of the accounts that have a row of this follower."""
        ...

    def begin(self, pending: Pending) -> None:
        """Puts the intent on record: from here to `done` the database lets this follower's decisions go."""
        ...

    def erase(self, pending: Pending) -> list[Erased]:
        """Everything about the follower, in every account; leaves a tombstone. Raises where `begin` wasn't called."""
        ...

    def pending(self) -> list[Pending]:
        """Erasures that were begun and aren't done; the oldest first."""
        ...

    def done(self, follower_id: str) -> None:
        """Nothing is left to do: the intent goes too."""
        ...

    def among(self, follower_ids: Collection[str]) -> dict[str, str]:
        """Those of these ids who are forgotten -> what stands for them where a profile was paid for."""
        ...

    def on_record(self) -> list[str]:
        """The ids of everybody on record, in any account."""
        ...

    def count(self) -> int:
        """How many are forgotten."""
        ...
