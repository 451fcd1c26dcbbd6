"""The night that a batch came in: who else followed then, and how many follow on other nights."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import and_, func, select

from followguard.domain.units import day_of
from followguard.store.tables import batches, followers, items, people, snapshots
from followguard.store.work import Queries
from followguard.web.sitting.batches import BatchDot

DAYS = 28


class BatchNight(Queries):
    """Reads about one batch."""

    def arrivals(self, batch: int) -> list[BatchDot]:
        """Returns everybody who was first recorded on the batch's day, in order of following, the first first."""
        found = self._connection.execute(select(batches.c.account_id, batches.c.found_at).where(batches.c.id == batch))
        row = found.one_or_none()
        if row is None:
            return []
        start = row.found_at.replace(hour=0, minute=0, second=0, microsecond=0)
        query = (
            select(snapshots.c.created_at, items.c.batch_id)
            .select_from(followers)
            .join(snapshots, snapshots.c.id == followers.c.snapshot_id)
            .outerjoin(
                items,
                and_(items.c.account_id == followers.c.account_id, items.c.follower_id == followers.c.follower_id),
            )
            .where(
                followers.c.account_id == row.account_id,
                followers.c.first_seen_at >= start,
                followers.c.first_seen_at < start + timedelta(days=1),
            )
            .order_by(followers.c.ordinal, followers.c.follower_id)
        )
        return [BatchDot(each.created_at, each.batch_id == batch) for each in self._connection.execute(query)]

    def usual(self, account_id: int, now: datetime) -> float | None:
        """Returns the median number of new followers a day over the last 28 with any; None for fewer than three."""
        since = now - timedelta(days=DAYS)
        query = select(followers.c.first_seen_at).where(
            followers.c.account_id == account_id, followers.c.first_seen_at >= since
        )
        days = Counter(day_of(at) for at in self._connection.execute(query).scalars())
        return float(median(days.values())) if len(days) >= 3 else None

    def others(self, account_ids: Sequence[int], person_id: int, now: datetime) -> list[tuple[str, int]]:
        """Returns who else has cards of these accounts in hand, and how many each."""
        query = (
            select(people.c.name, func.count())
            .select_from(items)
            .join(people, people.c.id == items.c.claimed_by)
            .where(items.c.account_id.in_(account_ids), items.c.claimed_until > now, items.c.claimed_by != person_id)
            .group_by(people.c.name)
            .order_by(people.c.name)
        )
        return [(row[0], row[1]) for row in self._connection.execute(query)]
