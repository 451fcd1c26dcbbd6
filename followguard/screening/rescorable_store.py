"""Scores that another model may replace."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from followguard.domain.follower import Profile
from followguard.store.tables import followers, items, scores, snapshots
from followguard.store.tables.conditions import OF_FOLLOWER, OPEN_STATES
from followguard.store.values import chunks, profile_of
from followguard.store.work import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescorable:
    """A present follower as scored last. `whole`: the profile's text is still there."""

    snapshot_id: int
    p_spam: float
    profile: Profile
    features: bytes
    feature_schema: str
    whole: bool


class RescorableScores(Queries):
    """Newest scores, with what another model needs to give new ones."""

    def scored_by_others(self, account_id: int, model: str) -> list[int]:
        """Returns ids of the newest scores of undecided cards that another model gave; in order."""
        query = (
            select(scores.c.id)
            .select_from(_WAITING)
            .where(items.c.account_id == account_id, items.c.state.in_(OPEN_STATES), scores.c.model != model)
            .order_by(scores.c.id)
        )
        return list(self._connection.execute(query).scalars())

    def scored_by(self, account_ids: Collection[int], model: str, limit: int) -> list[int]:
        """Returns ids of the newest `limit` scores that a model gave and that no other has replaced since; in order."""
        query = (
            select(scores.c.id)
            .select_from(followers.join(scores, scores.c.id == _NEWEST))
            .where(followers.c.account_id.in_(account_ids), scores.c.model == model)
            .order_by(scores.c.id.desc())
            .limit(limit)
        )
        return sorted(self._connection.execute(query).scalars())

    def rescorable(self, score_ids: Sequence[int]) -> list[Rescorable]:
        """Returns what a model needs to score them again; in order. A few thousand ids at most."""
        found: list[Rescorable] = []
        for part in chunks(score_ids):
            rows = self._connection.execute(_SCORED.where(scores.c.id.in_(part)).order_by(scores.c.id))
            found += [_rescorable_of(row) for row in rows]
        return found


_NEWEST = (
    select(func.max(scores.c.id))
    .where(scores.c.snapshot_id == followers.c.snapshot_id)
    .correlate(followers)
    .scalar_subquery()
)


_WAITING = items.join(followers, OF_FOLLOWER).join(scores, scores.c.id == _NEWEST)


_SCORED: Select[Any] = select(
    scores.c.features,
    scores.c.feature_schema,
    scores.c.p_spam,
    *(column for column in snapshots.c),
    followers.c.connection,
).select_from(
    scores.join(snapshots, snapshots.c.id == scores.c.snapshot_id).join(
        followers,
        and_(
            followers.c.account_id == scores.c.account_id,
            followers.c.follower_id == scores.c.follower_id,
            followers.c.snapshot_id == scores.c.snapshot_id,
        ),
    )
)


def _rescorable_of(row: Row[Any]) -> Rescorable:
    return Rescorable(
        snapshot_id=row.id,
        p_spam=row.p_spam,
        profile=profile_of(row._mapping, row.connection),
        features=row.features,
        feature_schema=row.feature_schema,
        whole=row.text_cleared_at is None,
    )
