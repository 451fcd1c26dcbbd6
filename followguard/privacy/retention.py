"""Clears the text of profiles when its time is over: what was learned stays, what was written goes."""

from datetime import datetime, timedelta

from followguard.domain.account import Account
from followguard.domain.installation import RetentionPeriods
from followguard.privacy.retention_store import Retention
from followguard.store.store import Store


def clear_texts(store: Store, account: Account, retention: RetentionPeriods, now: datetime) -> int:
    """Clears what the configuration's `[retention]` says; returns how many snapshots lost their text."""
    with store.begin() as work:
        held = Retention(work).clear_held_back(account.id, now - timedelta(days=retention.held_back_text), now)
        decided = Retention(work).clear_decided(account.id, now - timedelta(days=retention.decided_text), now)
    return held + decided
