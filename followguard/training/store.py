"""The store of learning: house models and the moves between them, labels with their evidence, attempts to learn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, exists, func, insert, select, update

from followguard.accounts.store import Accounts
from followguard.classifier.columns import ProfileColumns
from followguard.classifier.features import extract, packed, schema_hash
from followguard.domain.follower import Profile
from followguard.domain.house_model import (
    ChampionMove,
    HouseModel,
    MoveKind,
    NewModel,
    NewMove,
    Origin,
    Retraining,
    RetrainOutcome,
)
from followguard.domain.labels import DECISIVE, Label, label_of
from followguard.domain.policy import AccountSettings
from followguard.domain.units import day_of
from followguard.screening.holding_back import EarlyPrediction
from followguard.screening.queue_store import add_predictions
from followguard.store.seals import is_proved
from followguard.store.tables import (
    accounts,
    decision_evidence,
    decisions,
    early_predictions,
    followers,
    items,
    model_moves,
    models,
    people,
    retrainings,
    scores,
    snapshots,
)
from followguard.store.tables.conditions import COUNTS, OF_FOLLOWER
from followguard.store.values import chunks, profile_of
from followguard.store.work import Queries, Work, made
from followguard.training.retrain.exports import LabelledDecision, LabelRow, row_of


class Models(Queries):
    """House models and moves: only ever added, though a model is retired and its files removed."""

    def add(self, model: NewModel) -> HouseModel:
        """Puts a model on record."""
        statement = insert(models).values(_columns(asdict(model)))
        return _model_of(made(self._covered.insert(statement, model.created_at)))

    def next_number(self, group: str) -> int:
        """Returns the number that the group's next model gets, from 1."""
        query = select(func.count()).where(models.c.model_group == group)
        return int(self._connection.execute(query).scalar_one()) + 1

    def all(self, group: str | None = None) -> list[HouseModel]:
        """Returns the models, the oldest first; of all groups when none is named."""
        query = select(models).order_by(models.c.id)
        if group is not None:
            query = query.where(models.c.model_group == group)
        return [self._proved(_model_of(row)) for row in self._connection.execute(query).all()]

    def named(self, name: str) -> HouseModel | None:
        """Returns the model of that name, None when there is none."""
        row = self._connection.execute(select(models).where(models.c.name == name)).one_or_none()
        return None if row is None else self._proved(_model_of(row))

    def moves(self, group: str) -> list[ChampionMove]:
        """Returns the group's moves, the oldest first.

        The champion is what the newest one names, the base model without any.
        """
        query = (
            select(model_moves, people.c.name.label("person"))
            .outerjoin(people, people.c.id == model_moves.c.person_id)
            .where(model_moves.c.model_group == group)
            .order_by(model_moves.c.id)
        )
        found = [_move_of(row) for row in self._connection.execute(query).all()]
        return [each if self._is_proved(model_moves, each.id) else replace(each, proved=False) for each in found]

    def move(self, move: NewMove) -> None:
        """Adds a move: another champion from now on."""
        self._covered.insert(insert(model_moves).values(_columns(asdict(move))), move.at)

    def keep_predictions(self, model_id: int, predictions: Mapping[int, EarlyPrediction]) -> None:
        """Stores what the model's recipe said of each decision beforehand; once for each model."""
        add_predictions(self._connection, model_id, predictions)

    def has_predictions(self, model_id: int) -> bool:
        """Tells whether the model's early predictions are on record."""
        return bool(
            self._connection.execute(select(exists().where(early_predictions.c.model_id == model_id))).scalar_one()
        )

    def retire(self, model_id: int, why: str, now: datetime) -> None:
        """Takes a model out of service for ever.

        The base model serves where it was the champion, until the next move.
        """
        statement = update(models).where(models.c.id == model_id, models.c.retired_at.is_(None))
        self._covered.update(statement.values(retired_at=now, retired_why=why), now)

    def remove(self, model_id: int, now: datetime) -> None:
        """Notes that a model's files were cleared away."""
        statement = update(models).where(models.c.id == model_id, models.c.removed_at.is_(None))
        self._covered.update(statement.values(removed_at=now), now)

    def _proved(self, model: HouseModel) -> HouseModel:
        return model if self._is_proved(models, model.id) else replace(model, proved=False)

    def _is_proved(self, table: Table, key: int) -> bool:
        return self._covered.has_written(table, key) or is_proved(self._connection, table.name, key)


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """Names the group's column apart: `group` means something else in SQL."""
    return {"model_group" if name == "group" else name: value for name, value in values.items()}


def _model_of(row: Row[Any]) -> HouseModel:
    values = dict(row._mapping)
    return HouseModel(group=values.pop("model_group"), origin=Origin(values.pop("origin")), **values)


def _move_of(row: Row[Any]) -> ChampionMove:
    values = dict(row._mapping)
    return ChampionMove(group=values.pop("model_group"), kind=MoveKind(values.pop("kind")), **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableLabels:
    """Labelled decisions, oldest first, whose feature values are of today's table.

    `left_out` counts those whose values are of another one and whose profile's text is gone.
    """

    decisions: tuple[LabelledDecision, ...]
    left_out: int

    @property
    def newest(self) -> int:
        """Returns the id of the newest decision, 0 without any."""
        return self.decisions[-1].decision_id if self.decisions else 0

    def number(self, label: Label) -> int:
        """Counts those with this label."""
        return sum(each.label is label for each in self.decisions)

    def rows(self, secret: int) -> list[LabelRow]:
        """Returns the decisions as exported."""
        return [row_of(each, secret) for each in self.decisions]


def labels_at_hand(work: Work, accounts: Sequence[AccountSettings]) -> UsableLabels:
    """Returns what the accounts' decisions teach today."""
    handles = {each.handle for each in accounts}
    ids = [row.id for row in Accounts(work).all() if row.handle in handles]
    found = Learning(work).labelled(ids)
    schema = schema_hash()
    renewed = _renewed(work, [each for each in found if each.feature_schema != schema])
    usable = [renewed.get(each.decision_id, each) for each in found]
    fitting = tuple(each for each in usable if each.feature_schema == schema)
    return UsableLabels(decisions=fitting, left_out=len(found) - len(fitting))


def _renewed(work: Work, others: Sequence[LabelledDecision]) -> dict[int, LabelledDecision]:
    """Maps decisions to the same with values computed anew from the profile that was decided about."""
    profiles = Learning(work).profiles([each.decision_id for each in others])
    known = [each for each in others if each.decision_id in profiles]
    if not known:
        return {}
    matrix = extract(ProfileColumns.from_profiles([profiles[each.decision_id] for each in known]))
    schema = schema_hash()
    return {
        each.decision_id: replace(each, features=packed(row), feature_schema=schema)
        for each, row in zip(known, matrix, strict=True)
    }


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
    .where(decisions.c.kind.in_([kind.value for kind in DECISIVE]), COUNTS)
)
_DECIDED_PROFILES = (
    select(decisions.c.id.label("decision_id"), *(column for column in snapshots.c if column.name != "id"))
    .join(scores, scores.c.id == decisions.c.score_id)
    .join(snapshots, snapshots.c.id == scores.c.snapshot_id)
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
