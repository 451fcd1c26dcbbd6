"""Follows whose approval was overruled: looked up again each night until X shows that we don't follow them any more."""

from datetime import datetime

from followguard.domain.card import FoundFollower
from followguard.domain.order import Unfollow
from followguard.domain.person import Person
from followguard.errors import AlreadyDecided
from followguard.followers.look_up import FollowContext, LookAgain
from followguard.followers.observation import Observation
from followguard.following.checks import SETTLING
from followguard.following.unfollow_store import Unfollows
from followguard.store.log import Log
from followguard.store.work import Work

FOLLOWED = ("following", "follow_request_sent")
"""X's words for a follow, or for a request that stands; both are taken back by hand."""


def recheck_unfollows(desk: FollowContext, look: LookAgain) -> None:
    """Looks followers up whom no order has looked up tonight. Raises `XError`, `BudgetUsedUp`."""
    with desk.store.begin() as work:
        open_ones = {each.follower_id: each for each in Unfollows(work).open(desk.account.id)}
    seen = {follower_id: look.seen[follower_id] for follower_id in open_ones if follower_id in look.seen}
    _judge(desk, seen)
    for part in look.sights([follower_id for follower_id in open_ones if follower_id not in seen]):
        _judge(desk, part)


def mark_unfollowed(work: Work, found: FoundFollower, person: Person, now: datetime) -> None:
    """Records that a person has unfollowed somebody by hand. Raises `AlreadyDecided` when nothing was listed."""
    if not Unfollows(work).end(found.account_id, found.follower_id, MARKED, now):
        raise AlreadyDecided(
            f"Follower {found.follower_id} isn't listed for unfollowing.",
            "That list has those whose approval was overruled: followguard review overrule FOLLOWER --reason spam",
        )
    payload = {"item": found.item, "follower_id": found.follower_id}
    Log(work).append(now, "unfollow.marked", found.account, person.pseudonym, payload)


def _judge(desk: FollowContext, sights: dict[str, Observation]) -> None:
    """Judges by what the list says now: a person may have taken somebody off it meanwhile."""
    if not sights:
        return
    with desk.store.begin() as work:
        for each in Unfollows(work).open(desk.account.id):
            if (sight := sights.get(each.follower_id)) is not None:
                _one(work, each, sight, desk.clock())


def _one(work: Work, each: Unfollow, sight: Observation, now: datetime) -> None:
    if any(sight.has(word) for word in FOLLOWED):
        Unfollows(work).make_certain(each.decision_id)
    elif sight.gone or (each.order is None and sight.connection is not None and now - each.since > SETTLING):
        Unfollows(work).end(each.account_id, each.follower_id, SEEN_GONE, now)


SEEN_GONE = "X shows that the account doesn't follow them"


MARKED = "a person unfollowed them"
