"""Scores, what couldn't be scored, and batches of look-alikes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from followguard.domain.follower import Profile
from followguard.domain.lookalikes import Lookalikes
from followguard.domain.verdict import Band, Verdict


@dataclass(frozen=True, slots=True)
class Unscored:
    """A follower's latest snapshot that has no score yet."""

    snapshot_id: int
    profile: Profile


@dataclass(frozen=True, slots=True)
class NewScore:
    """A verdict about one snapshot, with the band it has under the policy it was made under."""

    snapshot: Unscored
    verdict: Verdict
    band: Band


@dataclass(frozen=True, slots=True)
class Unscorable:
    """A snapshot that the scorer choked on, and how."""

    snapshot_id: int
    follower_id: str
    error: str


@dataclass(frozen=True, slots=True)
class EarlierScore:
    """A score on record, and the log-odds that it started from."""

    p_spam: float
    base_logit: float


class Scoring(Protocol):
    """Scores are only ever added."""

    def unscored(self, account_id: int) -> list[int]:
        """Ids of the latest snapshots without a score, of followers who are present; in order."""
        ...

    def snapshots(self, account_id: int, ids: Sequence[int]) -> list[Unscored]:
        """Those of the given snapshots that are still the latest; in order. A few thousand ids at most."""
        ...

    def add(self, account_id: int, scores: Sequence[NewScore], policy_hash: str, now: datetime) -> None:
        """Stores verdicts; a failure on record for the same snapshot is over."""
        ...

    def park(self, account_id: int, failures: Sequence[Unscorable], now: datetime) -> None:
        """Keeps the error of what can't be scored."""
        ...

    def parked(self, account_id: int) -> list[Unscorable]:
        """What can't be scored, among the latest snapshots of followers who are present."""
        ...

    def earlier(self, account_id: int, model: str, before: datetime, most: int) -> list[EarlierScore]:
        """The newest `most` followers that this model scored before a moment, each by its newest score of then.

        Members of a batch of look-alikes are left out, wherever they stand now.
        """
        ...

    def unbatched(self, account_id: int) -> list[Profile]:
        """Latest snapshots of present followers that have no card yet, scored or parked: tonight's new ones."""
        ...

    def add_batch(self, account_id: int, found: Lookalikes, day: str, now: datetime) -> int:
        """Stores one batch and returns its id."""
        ...
