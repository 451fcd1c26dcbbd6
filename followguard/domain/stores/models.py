"""House models, and which of them serves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from followguard.domain.holding_back import EarlyPrediction
from followguard.domain.house_model import ChampionMove, HouseModel, NewModel, NewMove


class Models(Protocol):
    """Models and moves are only ever added; a model can be retired, and its files noted as removed."""

    def add(self, model: NewModel) -> HouseModel:
        """Puts a model on record."""
        ...

    def next_number(self, group: str) -> int:
        """The number that the group's next model gets, from 1."""
        ...

    def all(self, group: str | None = None) -> list[HouseModel]:
        """Oldest first; of all groups when none is named."""
        ...

    def named(self, name: str) -> HouseModel | None:
        """None when there is no model of that name."""
        ...

    def moves(self, group: str) -> list[ChampionMove]:
        """Oldest first. The champion is what the newest one names, the base model without any."""
        ...

    def move(self, move: NewMove) -> None:
        """Another champion from now on."""
        ...

    def keep_predictions(self, model_id: int, predictions: Mapping[int, EarlyPrediction]) -> None:
        """Decision -> what the model's recipe said of it beforehand; once for each model."""
        ...

    def has_predictions(self, model_id: int) -> bool:
        """Whether that is on record."""
        ...

    def retire(self, model_id: int, why: str, now: datetime) -> None:
        """It never serves again. The base model serves where it was the champion, until the next move."""
        ...

    def remove(self, model_id: int, now: datetime) -> None:
        """Its files were cleared away."""
        ...
