"""Finds tonight's look-alikes, and opens everybody's cards: those of look-alikes as a batch, the others one by one."""

from datetime import datetime

from followguard.accounts.policy_in_force import policy_in_force
from followguard.domain.account import Account
from followguard.domain.card import closed_because
from followguard.domain.policy import Policy, names_of
from followguard.domain.units import day_of
from followguard.screening.lookalikes import find_lookalikes
from followguard.screening.queue_store import Queue
from followguard.screening.store import Scoring
from followguard.store.store import Store


def batch_account(store: Store, account: Account, policy: Policy, now: datetime) -> int:
    """Returns how many batches were found among followers who have no card yet.

    Skips followers that we already follow, requested, mute, block or list in never_follow. All cards are opened in one
    transaction: a follower left over without one would be searched for look-alikes again.
    """
    with store.begin() as work:
        never_follow = names_of(policy_in_force(work, account.id, policy).never_follow)
        profiles = [
            profile
            for profile in Scoring(work).unbatched(account.id)
            if closed_because(profile.id, profile.username, profile.connection, never_follow) is None
        ]
    found = find_lookalikes(profiles)
    with store.begin() as work:
        for lookalikes in found:
            batch = Scoring(work).add_batch(account.id, lookalikes, day_of(now), now)
            Queue(work).open(account.id, lookalikes.members, batch, now)
        Queue(work).open(account.id, Queue(work).without_item(account.id), None, now)
    return len(found)
