"""Follows whose approval was overruled: to be unfollowed by hand, until they are seen to be gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.domain.outbox import OrderState
from followguard.domain.review import PROFILE_ADDRESS

UNFOLLOW_ADDRESS = f"{PROFILE_ADDRESS}i/user/"
"""The profile by its id, whatever the username is by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollow:
    """A follow to be unfollowed by hand. `decision_id` is the overrule.

    `certain`: the follow was made; else it may have been (handed off, under way).
    `order` is the follower's live order, if one is left: what comes of it isn't known yet.
    """

    decision_id: int
    item: int
    account_id: int
    follower_id: str
    username: str | None
    certain: bool
    since: datetime
    order: OrderState | None = None

    @property
    def url(self) -> str:
        """The profile's address, for a person who is signed in as the account."""
        return f"{UNFOLLOW_ADDRESS}{self.follower_id}"

    def as_json(self) -> dict[str, Any]:
        """Returns one of `unfollow` in the JSON of `follow-back`."""
        return {
            "item": self.item,
            "follower_id": self.follower_id,
            "username": self.username,
            "url": self.url,
            "certain": self.certain,
            "since": self.since,
        }
