"""Questions that only the report of a night asks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from followguard.domain.agreement import Judgement
from followguard.domain.report import DeskCounts
from followguard.domain.run import Run


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, both included."""

    start: datetime
    end: datetime


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
