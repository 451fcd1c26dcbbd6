"""Clears profile texts whose time is over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, null, select, update

from followguard.domain.account import Account
from followguard.domain.installation import RetentionPeriods
from followguard.store.store import Store
from followguard.store.tables import (
    LIVE_ORDER_STATES,
    decision_evidence,
    decisions,
    followers,
    items,
    notes,
    orders,
    snapshots,
)
from followguard.store.tables.conditions import OF_FOLLOWER, OPEN_STATES, OVER_STATES
from followguard.store.work import Queries

TEXTS = ("name", "description", "location", "url", "profile_image_url")
"""What goes. The username stays: a person must be able to name whom they decided about."""


class Retention(Queries):
    """Profile texts whose time is over; counts, feature values and decisions stay."""

    def clear_held_back(self, account_id: int, seen_before: datetime, now: datetime) -> int:
        """Clears texts of followers who are held back and were last seen before then; returns how many snapshots.

        Once somebody has decided, the longer time of decided cards holds: an order needs the look it was about.
        """
        undecided = and_(items.c.account_id == account_id, items.c.state.in_(OPEN_STATES))
        hidden = (
            select(items.c.follower_id)
            .join(followers, OF_FOLLOWER)
            .where(undecided, items.c.held_back, followers.c.last_seen_at < seen_before)
        )
        return self._clear(account_id, hidden, now)

    def clear_decided(self, account_id: int, decided_before: datetime, now: datetime) -> int:
        """Clears texts of followers whose card was decided or closed before then; returns how many snapshots.

        Their older snapshots go too.
        """
        live = select(orders.c.follower_id).where(
            orders.c.account_id == account_id, orders.c.state.in_(LIVE_ORDER_STATES)
        )
        over = select(items.c.follower_id).where(
            items.c.account_id == account_id,
            items.c.state.in_(OVER_STATES),
            items.c.updated_at < decided_before,
            items.c.follower_id.not_in(live),
        )
        old = select(decisions.c.id).where(
            decisions.c.account_id == account_id, decisions.c.at < decided_before, decisions.c.follower_id.in_(over)
        )
        shown = update(decision_evidence).where(decision_evidence.c.decision_id.in_(old))
        self._connection.execute(shown.values(shown=null()))
        mine = items.c.account_id == account_id
        self._connection.execute(update(items).where(mine, items.c.follower_id.in_(over)).values(note=null()))
        theirs = notes.c.account_id == account_id, notes.c.follower_id.in_(over), notes.c.at < decided_before
        self._connection.execute(update(notes).where(*theirs).values(text=null()))
        return self._clear(account_id, over, now)

    def _clear(self, account_id: int, follower_ids: Any, now: datetime) -> int:
        statement = (
            update(snapshots)
            .where(
                snapshots.c.account_id == account_id,
                snapshots.c.text_cleared_at.is_(None),
                snapshots.c.follower_id.in_(follower_ids),
            )
            .values(dict.fromkeys(TEXTS) | {"text_cleared_at": now})
        )
        return self._connection.execute(statement).rowcount


def clear_texts(store: Store, account: Account, retention: RetentionPeriods, now: datetime) -> int:
    """Clears what the configuration's `[retention]` says; returns how many snapshots lost their text."""
    with store.begin() as work:
        held = Retention(work).clear_held_back(account.id, now - timedelta(days=retention.held_back_text), now)
        decided = Retention(work).clear_decided(account.id, now - timedelta(days=retention.decided_text), now)
    return held + decided
