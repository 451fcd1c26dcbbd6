"""The policy as it holds for the followers on record: names in its lists stand for those whom they have met."""

from datetime import datetime

from followguard.accounts.names_store import ListedNames
from followguard.domain.card import Card, name_of
from followguard.domain.policy import Policy, in_force, is_named, names_of, usernames_of
from followguard.errors import NeverFollow
from followguard.store.work import Work


def hold_names(work: Work, account_id: int, policy: Policy, now: datetime) -> None:
    """Binds each username in the policy's lists to whom it meets: once a night before X is read, and once after.

    Only a night does it, for it has the configuration that counts; a colleague's older copy lets go of nobody.
    """
    ListedNames(work).hold(account_id, usernames_of(policy), now)


def policy_in_force(work: Work, account_id: int, policy: Policy) -> Policy:
    """Returns what followers are compared with. Its hash isn't that of the policy as configured."""
    return in_force(policy, ListedNames(work).holders(account_id)) if usernames_of(policy) else policy


def refuse_never_followed(work: Work, card: Card, policy: Policy) -> None:
    """Raises `NeverFollow` for somebody whom the configuration says never to follow, before a night closes the card."""
    never_follow = names_of(policy_in_force(work, card.account_id, policy).never_follow)
    if is_named(card.follower_id, card.profile.username, never_follow):
        raise NeverFollow(
            f"{name_of(card)} can't be approved: the configuration says never to follow them (never_follow).",
            f"Reject the card, or take them off accounts.{card.account}.policy.never_follow.",
        )
