"""The list of follows to be unfollowed by hand."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, insert, select, update

from followguard.domain.order import OrderState, Unfollow
from followguard.store.tables import LIVE_ORDER_STATES, decisions, followers, orders, snapshots, unfollows
from followguard.store.work import Queries


class Unfollows(Queries):
    """Follows to be unfollowed by hand.

    A row ends when X shows that we follow no more, when a person says so, or with its overrule.
    """

    def add(self, decision_id: int, certain: bool, now: datetime) -> None:
        """Lists the follow that this overrule is about."""
        about = select(decisions.c.account_id, decisions.c.follower_id).where(decisions.c.id == decision_id)
        values = dict(self._connection.execute(about).one()._mapping)
        values |= {"decision_id": decision_id, "certain": certain, "since": now}
        self._covered.insert(insert(unfollows).values(values), now)

    def open(self, account_id: int) -> list[Unfollow]:
        """Returns what is still to be unfollowed, the oldest first."""
        query = _ROWS.where(unfollows.c.account_id == account_id, unfollows.c.ended_at.is_(None))
        rows = self._connection.execute(query.order_by(unfollows.c.decision_id))
        return [_unfollow_of(row) for row in rows]

    def make_certain(self, decision_id: int) -> None:
        """Notes that X showed that the account follows them."""
        statement = update(unfollows).where(unfollows.c.decision_id == decision_id)
        self._covered.update(statement.values(certain=True))

    def end(self, account_id: int, follower_id: str, why: str, now: datetime) -> bool:
        """Takes the follower off the list; False when they weren't on it."""
        statement = update(unfollows).where(
            unfollows.c.account_id == account_id,
            unfollows.c.follower_id == follower_id,
            unfollows.c.ended_at.is_(None),
        )
        return self._covered.update(statement.values(ended_at=now, ended_why=why), now) > 0

    def resume(self, decision_id: int, why: str) -> None:
        """Puts a follow back on the list, if that is why it ended."""
        statement = update(unfollows).where(unfollows.c.decision_id == decision_id, unfollows.c.ended_why == why)
        self._covered.update(statement.values(ended_at=None, ended_why=None))


_LIVE = and_(
    orders.c.account_id == unfollows.c.account_id,
    orders.c.follower_id == unfollows.c.follower_id,
    orders.c.state.in_(LIVE_ORDER_STATES),
)
_FOLLOWER = and_(followers.c.account_id == unfollows.c.account_id, followers.c.follower_id == unfollows.c.follower_id)
_ROWS = (
    select(unfollows, decisions.c.item_id, snapshots.c.username, orders.c.state.label("order_state"))
    .select_from(unfollows)
    .join(decisions, decisions.c.id == unfollows.c.decision_id)
    .join(followers, _FOLLOWER)
    .join(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .outerjoin(orders, _LIVE)
)


def _unfollow_of(row: Row[Any]) -> Unfollow:
    return Unfollow(
        decision_id=row.decision_id,
        item=row.item_id,
        account_id=row.account_id,
        follower_id=row.follower_id,
        username=row.username,
        certain=row.certain,
        since=row.since,
        order=OrderState(row.order_state) if row.order_state else None,
    )
