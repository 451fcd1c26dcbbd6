"""House models and the moves between them."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, exists, func, insert, select, update

from followguard.domain.house_model import ChampionMove, HouseModel, MoveKind, NewModel, NewMove, Origin
from followguard.screening.holding_back import EarlyPrediction
from followguard.screening.predictions_store import add_predictions
from followguard.store.seals import is_proved
from followguard.store.tables import early_predictions, model_moves, models, people
from followguard.store.work import Queries, made


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
