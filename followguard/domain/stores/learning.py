"""What decisions teach, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from followguard.domain.follower import Profile
from followguard.domain.house_model import Retraining
from followguard.domain.labelled_decision import LabelledDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescorable:
    """A present follower as scored last. `whole`: the profile's text is still there."""

    snapshot_id: int
    p_spam: float
    profile: Profile
    features: bytes
    feature_schema: str
    whole: bool


class Learning(Protocol):
    """Labels out, outcomes in."""

    def labelled(self, account_ids: Collection[int]) -> list[LabelledDecision]:
        """The newest decision that stands of each card, where it has a label and feature values; oldest first."""
        ...

    def profiles(self, decision_ids: Collection[int]) -> dict[int, Profile]:
        """Decision -> the profile that was decided about, where its text is still there."""
        ...

    def note(self, retraining: Retraining) -> None:
        """Puts an attempt on record."""
        ...

    def retrainings(self, group: str) -> list[Retraining]:
        """Oldest first."""
        ...

    def scored_by_others(self, account_id: int, model: str) -> list[int]:
        """Ids of the newest scores of undecided cards that another model gave; in order."""
        ...

    def scored_by(self, account_ids: Collection[int], model: str, limit: int) -> list[int]:
        """Ids of the newest `limit` scores that a model gave and that no other has replaced since; in order."""
        ...

    def rescorable(self, score_ids: Sequence[int]) -> list[Rescorable]:
        """What a model needs to score them again; in order. A few thousand ids at most."""
        ...
