"""Follows whose approval was overruled: to be unfollowed by hand, until they are seen to be gone."""

from datetime import datetime
from typing import Protocol

from followguard.domain.unfollow import Unfollow


class Unfollows(Protocol):
    """The list. A row ends when X shows that we follow no more, when a person says so, or with its overrule."""

    def add(self, decision_id: int, certain: bool, now: datetime) -> None:
        """Lists the follow that this overrule is about."""
        ...

    def open(self, account_id: int) -> list[Unfollow]:
        """What is still to be unfollowed, the oldest first."""
        ...

    def make_certain(self, decision_id: int) -> None:
        """X showed that the account follows them."""
        ...

    def end(self, account_id: int, follower_id: str, why: str, now: datetime) -> bool:
        """Takes the follower off the list; False when they weren't on it."""
        ...

    def resume(self, decision_id: int, why: str) -> None:
        """Back on the list, if that is why it ended."""
        ...
