"""The outside that other rooms need: X to read, X to follow."""

from dataclasses import dataclass
from typing import Protocol

from followguard.domain.follower import Profile


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of an answer that isn't a profile, kept with its error: it was paid for."""

    raw: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who the credentials belong to. `followers_count` is None when X didn't say."""

    id: str
    username: str
    followers_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the follower list, in X's order. `returned` counts every row, duplicates and bad rows too."""

    profiles: tuple[Profile, ...]
    rejected: tuple[Rejected, ...]
    next_token: str | None
    returned: int
    requests: int
    """Calls made for this page, retries included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """Answers to a look-up by id. `gone`: id -> why X no longer shows it (suspended, not found)."""

    profiles: tuple[Profile, ...]
    gone: dict[str, str]
    returned: int
    requests: int


@dataclass(frozen=True, slots=True)
class FollowAnswer:
    """X took the follow call. `pending` is true for a protected target, who must accept first."""

    following: bool
    pending: bool


class FollowerReader(Protocol):
    """Three of the four calls. Every method raises one of `followguard.errors.XError`."""

    @property
    def calls(self) -> int:
        """Requests sent so far, retries and failures included."""

    def me(self) -> Me:
        """Reads the account that the credentials belong to."""
        ...

    def followers(self, account_id: str, max_results: int, token: str | None) -> Page:
        """Reads one page of the account's followers; `max_results` in 1..1000."""
        ...

    def look_up(self, follower_ids: list[str]) -> LookedUp:
        """Reads current profiles of at most 100 recorded followers."""
        ...


class FollowWriter(Protocol):
    """The fourth call. Only follow-back ever receives one."""

    def follow(self, account_id: str, follower_id: str) -> FollowAnswer:
        """Follows one follower and retries nothing by itself. Raises `AnswerLost` when the answer didn't come."""
        ...
