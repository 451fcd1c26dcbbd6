"""What decisions teach: labels with their evidence, attempts to learn, and what a new model has to score again."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, insert, select

from followguard.adapters.store.cards import OF_FOLLOWER, OPEN_STATES
from followguard.adapters.store.queue_rows import STANDS
from followguard.adapters.store.rows import chunks, profile_of
from followguard.adapters.store.tables import (
    accounts,
    decision_evidence,
    decisions,
    followers,
    items,
    people,
    retrainings,
    scores,
    snapshots,
)
from followguard.adapters.store.work import Queries
from followguard.domain.follower import Profile
from followguard.domain.house_model import Retraining, RetrainOutcome
from followguard.domain.labelled_decision import LabelledDecision
from followguard.domain.labels import DECISIVE, label_of
from followguard.domain.utc_day import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescorable:
    """A present follower as scored last. `whole`: the profile's text is still there."""

    snapshot_id: int
    p_spam: float
    profile: Profile
    features: bytes
    feature_schema: str
    whole: bool


class Learning(Queries):
    """Labels that decisions give, and attempts to learn from them."""

    def labelled(self, account_ids: Collection[int]) -> list[LabelledDecision]:
        """Returns each card's newest decision that stands, where it has a label and feature values; oldest first."""
        query = _DECIDED.where(decisions.c.account_id.in_(account_ids)).order_by(decisions.c.id)
        newest = {row.item_id: row for row in self._connection.execute(query)}
        found = [_labelled_of(row) for row in newest.values()]
        return sorted((each for each in found if each is not None), key=lambda each: each.decision_id)

    def profiles(self, decision_ids: Collection[int]) -> dict[int, Profile]:
        """Maps decisions to the profile that was decided about, where its text is still there."""
        found: dict[int, Profile] = {}
        for part in chunks(decision_ids):
            query = _DECIDED_PROFILES.where(decisions.c.id.in_(part), snapshots.c.text_cleared_at.is_(None))
            for row in self._connection.execute(query):
                found[row.decision_id] = profile_of(row._mapping)
        return found

    def note(self, retraining: Retraining) -> None:
        """Puts an attempt on record."""
        values = asdict(retraining)
        group = values.pop("group")
        self._connection.execute(insert(retrainings).values(values | {"model_group": group}))

    def retrainings(self, group: str) -> list[Retraining]:
        """Returns the attempts of a group, the oldest first."""
        query = select(retrainings).where(retrainings.c.model_group == group).order_by(retrainings.c.id)
        return [_retraining_of(row) for row in self._connection.execute(query)]

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


_DECIDED = (
    select(
        decisions,
        decision_evidence.c.features,
        decision_evidence.c.feature_schema,
        decision_evidence.c.p_spam,
        decision_evidence.c.model,
        people.c.pseudonym,
        accounts.c.handle,
        followers.c.first_seen_at,
        items.c.batch_id,
    )
    .join(items, items.c.id == decisions.c.item_id)
    .join(followers, OF_FOLLOWER)
    .join(accounts, accounts.c.id == decisions.c.account_id)
    .join(people, people.c.id == decisions.c.person_id)
    .outerjoin(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
    .where(decisions.c.kind.in_([kind.value for kind in DECISIVE]), STANDS)
)
_DECIDED_PROFILES = (
    select(decisions.c.id.label("decision_id"), *(column for column in snapshots.c if column.name != "id"))
    .join(scores, scores.c.id == decisions.c.score_id)
    .join(snapshots, snapshots.c.id == scores.c.snapshot_id)
)
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


def _labelled_of(row: Row[Any]) -> LabelledDecision | None:
    label = label_of(row.kind, row.reason, row.real_account)
    if label is None or row.features is None:
        return None
    return LabelledDecision(
        decision_id=row.id,
        account=row.handle,
        follower_id=row.follower_id,
        label=label,
        features=row.features,
        feature_schema=row.feature_schema or "",
        night=day_of(row.first_seen_at),
        batch=row.batch_id,
        person=row.pseudonym,
        shown_because=row.shown_because,
        draw_probability=row.draw_probability,
        at=row.at,
        p_spam=row.p_spam,
        model=row.model,
    )


def _retraining_of(row: Row[Any]) -> Retraining:
    values = {name: value for name, value in row._mapping.items() if name != "id"}
    return Retraining(group=values.pop("model_group"), outcome=RetrainOutcome(values.pop("outcome")), **values)


def _rescorable_of(row: Row[Any]) -> Rescorable:
    return Rescorable(
        snapshot_id=row.id,
        p_spam=row.p_spam,
        profile=profile_of(row._mapping, row.connection),
        features=row.features,
        feature_schema=row.feature_schema,
        whole=row.text_cleared_at is None,
    )
