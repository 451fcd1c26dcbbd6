"""A model group's models: the list, and one of them with its moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.domain.house_model import ChampionMove, HouseModel
from followguard.errors import CantServe, DamagedModel, Tell
from followguard.training.models.promote import (
    BASE,
    is_base,
    known_model,
)
from followguard.training.models.serving import TrainingContext, proven, serving
from followguard.training.store import Models


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One row of the list. `state`: serves | served | challenger | retired | cleared. Hashes are sha256 in hex."""

    model: str
    group: str
    state: str
    origin: str
    created_at: datetime | str
    labels: dict[str, int] | None
    content_sha256: str
    gate: dict[str, Any]
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWithMoves:
    """A model with its moves, newest last. `problem`: why it can't serve, None where it can."""

    row: ModelRow
    moves: tuple[ChampionMove, ...]
    problem: str | None


def list_models(workshop: TrainingContext, group: str, tell: Tell) -> list[ModelRow]:
    """Lists the base model, then the group's own, oldest first. Tells what keeps the champion from serving.

    No model is loaded for it.
    """
    champion = serving(workshop.store, workshop.shelf, group, tell)
    with workshop.store.begin() as work:
        moves = Models(work).moves(group)
        house = [_listed(model, moves, champion) for model in Models(work).all(group)]
    base = workshop.shelf.base_manifest()
    state = "serves" if champion is None else "served"
    row = ModelRow(
        model=base.name,
        group=group,
        state=state,
        origin=BASE,
        created_at=base.created_at,
        labels=None,
        content_sha256=base.content_sha256,
        gate={},
    )
    return [row, *house]


def show_model(workshop: TrainingContext, group: str, name: str, tell: Tell) -> ModelWithMoves:
    """Raises `UsageError` for a name that the group doesn't have."""
    rows = {row.model: row for row in list_models(workshop, group, tell)}
    with workshop.store.begin() as work:
        if is_base(workshop, name):
            base = workshop.shelf.base_manifest().name
            moves = tuple(move for move in Models(work).moves(group) if move.model_id is None)
            return ModelWithMoves(row=rows[base], moves=moves, problem=None)
        model = known_model(work, group, name)
        moves = tuple(move for move in Models(work).moves(group) if move.model_id == model.id)
    return ModelWithMoves(row=rows[name], moves=moves, problem=_problem(workshop, model))


def _listed(model: HouseModel, moves: Sequence[ChampionMove], champion: HouseModel | None) -> ModelRow:
    return ModelRow(
        model=model.name,
        group=model.group,
        state=_state(model, moves, champion),
        origin=model.origin.value,
        created_at=model.created_at,
        labels={"genuine": model.genuine, "spam": model.spam},
        content_sha256=model.content_sha256,
        gate=model.gate,
        why=model.retired_why,
    )


def _state(model: HouseModel, moves: Sequence[ChampionMove], champion: HouseModel | None) -> str:
    if model.retired_at is not None:
        return "retired"
    if model.removed_at is not None:
        return "cleared"
    if champion is not None and champion.id == model.id:
        return "serves"
    return "served" if any(move.model_id == model.id for move in moves) else "challenger"


def _problem(workshop: TrainingContext, model: HouseModel) -> str | None:
    try:
        proven(workshop.shelf, model)
    except (CantServe, DamagedModel) as problem:
        return str(problem)
    return None
