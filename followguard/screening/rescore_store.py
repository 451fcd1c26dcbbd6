"""Newest scores of waiting cards, with what another model needs to give new ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from followguard.domain.follower import Profile
from followguard.store.tables import followers, items, scores, snapshots
from followguard.store.tables.conditions import OF_FOLLOWER, OPEN_STATES
from followguard.store.values import chunks, profile_of
from followguard.store.work import Queries
from followguard.words.reading import Reading, kept_reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescorable:
    """A present follower as scored last. `whole`: the profile's text is still there.

    `reading`: what words said of it then.
    """

    snapshot_id: int
    p_spam: float
    profile: Profile
    reading: Reading
    features: bytes
    feature_schema: str
    whole: bool


class RescorableScores(Queries):
    """Newest scores, with what another model needs to give new ones."""

    def scored_otherwise(
        self, account_id: int, model: str, words: str, at: tuple[float, float] | None = None
    ) -> list[int]:
        """Returns ids of the newest scores of undecided cards that another model or other words gave; in order.

        With `at`, also those that this model gave from another start, or by another slope.
        """
        other = or_(scores.c.model != model, scores.c.words != words)
        if at is not None:
            other = or_(other, scores.c.base_logit != at[0], scores.c.slope != at[1])
        query = (
            select(scores.c.id)
            .select_from(_WAITING)
            .where(items.c.account_id == account_id, items.c.state.in_(OPEN_STATES), other)
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
    scores.c.reasons,
    scores.c.look,
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
        reading=kept_reading(row.reasons, row.look),
        features=row.features,
        feature_schema=row.feature_schema,
        whole=row.text_cleared_at is None,
    )
