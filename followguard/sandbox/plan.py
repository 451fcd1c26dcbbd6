"""What the sandbox is to be: its accounts, how their followers come and go, the clock it starts with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from followguard.domain.follower import Profile
from followguard.domain.policy import Prices
from followguard.errors import ConfigurationError

START = datetime(2026, 11, 2, 0, 5, tzinfo=UTC)
SPECS = ("2.166", "2.167")
"""The two shapes of `public_metrics`: 2.167 says `post_count` where earlier ones say `tweet_count`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """The nightly changes among those who already follow. Shares in [0, 1]."""

    unfollow: float = 0.0002
    """Of all followers: leave."""
    quick_unfollow: float = 0.02
    """Of last night's new ones: leave again (follow, wait, unfollow)."""
    refollow: float = 0.02
    """Of those who left within seven nights: come back."""
    change: float = 0.01
    """Of those who came within seven nights: another name, bio, link or picture."""
    suspend: float = 0.02
    """Of the spam that came within seven nights: suspended by X, and gone from every page."""


QUIET = Churn(unfollow=0.0, quick_unfollow=0.0, refollow=0.0, change=0.0, suspend=0.0)


@dataclass(frozen=True, slots=True)
class Attack:
    """`size` bought look-alikes follow in night number `night` (the first night brought is 1)."""

    night: int
    size: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """One of our accounts on the sandbox. A field left None gets its value by whether `profiles` are given.

    `profiles` arrive in `nights` equal nights, in their order; then nobody else comes or goes unless asked for.
    Otherwise people are made up: `followers` at the start (default 200), Poisson with mean `mean_new` each night
    (default 5), `spam_share` of the new ones spam (at the start: half that share).
    """

    handle: str
    followers: int | None = None
    mean_new: float | None = None
    spam_share: float = 0.3
    attacks: tuple[Attack, ...] = ()
    churn: Churn | None = None
    already_following: float = 0.02
    """Share of followers whom the account follows before anything is decided; a tenth of it is muted or blocked."""
    owns_developer_app: bool = False
    profiles: tuple[Profile, ...] = ()
    nights: int = 1

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_]{1,30}", self.handle):
            raise ConfigurationError(
                f"{self.handle!r} can't be the handle of a sandbox account.", "Use letters, digits and _, no @."
            )
        if self.nights < 1 or self.at_start < 0 or self.mean < 0:
            raise ConfigurationError(
                f"The plan for @{self.handle} has a number below its least.", "nights >= 1, the others >= 0."
            )

    @property
    def at_start(self) -> int:
        """Followers made up before the first night."""
        return (0 if self.profiles else 200) if self.followers is None else self.followers

    @property
    def mean(self) -> float:
        """Mean of the made-up followers of one night."""
        return (0.0 if self.profiles else 5.0) if self.mean_new is None else self.mean_new

    @property
    def coming_and_going(self) -> Churn:
        """The churn that holds for this account."""
        return self.churn or (QUIET if self.profiles else Churn())


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxPlan:
    """The whole sandbox. The same plan and seed give the same people, nights and answers."""

    accounts: tuple[AccountPlan, ...] = (AccountPlan(handle="acme"),)
    seed: int = 1
    start: datetime = START
    spec: str = SPECS[0]
    hostile_share: float = 0.01
    """Share of made-up people whose name or bio would disturb a terminal, a page or a spreadsheet."""
    overlap: float = 0.05
    """Share of the new followers of a second account who already follow another one of ours."""
    prices: Prices = field(default_factory=Prices)
    faults: tuple[Mapping[str, object], ...] = ()

    def __post_init__(self) -> None:
        handles = [account.handle.lower() for account in self.accounts]
        if not handles or len(set(handles)) != len(handles):
            raise ConfigurationError("The sandbox needs at least one account and no handle twice.", "Change --account.")
        if self.spec not in SPECS:
            raise ConfigurationError(
                f"The sandbox doesn't speak spec {self.spec!r}.", f"Use one of {', '.join(SPECS)}."
            )
        if self.start.tzinfo is None:
            raise ConfigurationError("The sandbox's start has no time zone.", "Give it in UTC.")
