"""Questions that only the report of a night asks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from followguard.domain.agreement import Judgement
from followguard.domain.stores.runs import Run


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, both included."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCounts:
    """Undecided cards. `today`: on the desk now, of which `audit` were drawn and `batched` belong to look-alikes.

    `waiting`: shown on a later day; `put_off`: until a day to come, by a person; `held_back`: shown only if asked.
    """

    today: int = 0
    audit: int = 0
    batched: int = 0
    waiting: int = 0
    put_off: int = 0
    held_back: int = 0


class Reporting(Protocol):
    """Nothing here changes anything."""

    def last_day(self, account_ids: Collection[int]) -> str | None:
        """The ISO day of the newest night of any of these accounts."""
        ...

    def nights(self, account_id: int, day: str) -> list[Run]:
        """The account's nightly runs of that ISO day, from old to new."""
        ...

    def began_account(self, account_id: int, span: Span) -> bool:
        """Whether the account's first reading of all went on in that time."""
        ...

    def new_scores(self, account_id: int, span: Span) -> list[float]:
        """The newest p_spam of each follower who was first recorded in that time, from low to high."""
        ...

    def new_items(self, account_id: int, span: Span) -> list[int]:
        """The cards of followers who were first recorded in that time, by p_spam."""
        ...

    def left(self, account_id: int, span: Span) -> int:
        """How many were found in that time not to follow any more."""
        ...

    def desk(self, account_id: int, today: str) -> DeskCounts:
        """What waits for people."""
        ...

    def newest_model(self, account_id: int) -> str | None:
        """The model of the account's newest score."""
        ...

    def judgements(self, account_ids: Collection[int]) -> list[Judgement]:
        """All that people said about followers of these accounts that tells spam from genuine, oldest first.

        Also what was taken back since, and proposals, which count as genuine.
        """
        ...
