"""The rules a company sets for an account: a table of keys, and what follows from them."""

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from followguard.domain.verdict import Cutoffs


class Executor(StrEnum):
    """Who carries out an approved follow."""

    HANDOFF = "handoff"
    API = "api"
    DRY_RUN = "dry-run"


class HoldingBack(StrEnum):
    """When likely spam may be left out of the daily cards."""

    EARNED = "earned"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`[accounts.NAME.policy]`. Money in USD, shares and probabilities in [0, 1]."""

    max_usd_per_night: float = 5.00
    first_night: int = 100
    max_cards_per_day: int = 60
    max_follow_backs_per_day: int = 25
    holding_back: HoldingBack = HoldingBack.EARNED
    max_wrong_hold: float = 0.05
    unsure_above: float = 0.15
    audit_cards_per_day: int = 3
    retrain_after_decisions: int = 50
    order_lapses_days: int = 30
    claim_minutes: int = 15
    two_person_approval: bool = False
    blind_share: float = 0.0
    never_hold_back: tuple[str, ...] = ()
    never_follow: tuple[str, ...] = ()

    @property
    def cutoffs(self) -> Cutoffs:
        """Where the bands meet under this policy. Raises ValueError when they are crossed."""
        return Cutoffs(unsure_from=self.unsure_above, spam_from=round(1.0 - self.max_wrong_hold, 12))

    def hash(self) -> str:
        """Twelve hex digits that name this policy on every score made under it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Route:
    """Whom to tell about an interesting follower: a name, and words to look for in the bio."""

    name: str
    bio: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What X charges for one returned profile, in USD, as read on `read_on` (ISO date)."""

    read_on: str = "2026-08-22"
    read: float = 0.010
    owned_read: float = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """One corporate account of ours, as configured."""

    handle: str
    training_basis: str
    owns_developer_app: bool = False
    executor: Executor = Executor.HANDOFF
    model_group: str = "house"
    policy: Policy = Policy()
    routes: tuple[Route, ...] = ()
