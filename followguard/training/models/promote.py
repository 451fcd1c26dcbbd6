"""A model group's models: the list, one of them, and the two moves that a person makes: promote and roll back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.accounts.people import require_role
from followguard.domain.house_model import ChampionMove, HouseModel, MoveKind, NewMove, champion_id
from followguard.domain.person import OWNER, Person
from followguard.errors import CantServe, DamagedModel, Tell, UsageError
from followguard.store.work import Work
from followguard.training.context import TrainingContext
from followguard.training.models.moves import FOLLOWGUARD, group_lock, serve
from followguard.training.models.serving import champions, loaded, proven, serving
from followguard.training.models.store import Models
from followguard.training.retrain.predictions import predictions_to_make, put_on_record
from followguard.training.retrain.rescore import rescore_group

BASE = "base"
"""What the base model is called where a model is named; its own name is accepted too."""
WHY = {MoveKind.PROMOTE: "promoted by an owner, past the gate", MoveKind.ROLLBACK: "rolled back"}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChampionChange:
    """What came of a promotion or a rollback. `rescored` and `busy` as after a retraining."""

    group: str
    model: str
    before: str
    changed: bool
    rescored: int = 0
    busy: tuple[str, ...] = ()


def list_models(workshop: TrainingContext, group: str, tell: Tell) -> list[ModelRow]:
    """The base model, then the group's own, oldest first. What keeps the champion from serving is told.

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


def promote(workshop: TrainingContext, group: str, name: str, by: str | None) -> ChampionChange:
    """An owner's named act, past the gate. What waits is scored again.

    Raises `UnknownPerson`, `MissingRole`, `UsageError` for an unknown name, `CantServe` for a model that is retired or
    cleared away, `DamagedModel` for one that can't be read; then the champion stays.
    """
    with group_lock(workshop, group):
        with workshop.store.begin() as work:
            owner = owner_of(workshop, work, group, by)
            model = None if is_base(workshop, name) else known_model(work, group, name)
            if model is not None:
                loaded(workshop.shelf, model)
            before = _serving_id(work, group)
        if before == (model.id if model else None):
            return _moved(workshop, group, before, model, changed=False)
        said = predictions_to_make(workshop, model) if model else None
        with workshop.store.begin() as work:
            move = _move(workshop, group, MoveKind.PROMOTE, model, owner)
            serve(work, move, model, owner.pseudonym)
            if model and said:
                put_on_record(workshop, work, model, said)
        return _rescored(workshop, group, before, model)


def roll_back(workshop: TrainingContext, group: str, by: str | None, tell: Tell) -> ChampionChange:
    """Back to the champion before, the base model at the end; one that can't serve is passed over, and told.

    Nobody need be named: a brake must work at once. A name that is given must be an owner's. Raises `CantServe` when
    the base model serves already.
    """
    with group_lock(workshop, group):
        with workshop.store.begin() as work:
            owner = owner_of(workshop, work, group, by) if by else None
            before = _serving_id(work, group)
            if before is None:
                raise CantServe(
                    f"The base model serves the model group {group}: there is nothing before it.",
                    "See `followguard model list`.",
                )
            earlier = [model for model in champions(work, group) if model.id != before]
            model = _first_usable(workshop, earlier, tell)
            move = _move(workshop, group, MoveKind.ROLLBACK, model, owner)
            serve(work, move, model, owner.pseudonym if owner else FOLLOWGUARD)
        return _rescored(workshop, group, before, model)


def known_model(work: Work, group: str, name: str) -> HouseModel:
    """Raises `UsageError` for a name that the group doesn't have."""
    model = Models(work).named(name)
    if model is None or model.group != group:
        where = f" (it is of the group {model.group})" if model else ""
        raise UsageError(f"The model group {group} has no model {name}{where}.", "See `followguard model list`.")
    return model


def is_base(workshop: TrainingContext, name: str) -> bool:
    """Whether that names the base model."""
    return name in (BASE, workshop.shelf.base_manifest().name)


def owner_of(workshop: TrainingContext, work: Work, group: str, by: str | None) -> Person:
    """Whoever `by` names: an owner for every account of the group. Raises `UnknownPerson`, `MissingRole`."""
    *_, owner = (require_role(work, by, OWNER, each.handle) for each in workshop.installation.in_group(group))
    return owner


def _serving_id(work: Work, group: str) -> int | None:
    return champion_id(Models(work).moves(group))


def _first_usable(workshop: TrainingContext, models: Sequence[HouseModel], tell: Tell) -> HouseModel | None:
    for model in models:
        try:
            loaded(workshop.shelf, model)
        except (CantServe, DamagedModel) as problem:
            tell(problem)
        else:
            return model
    return None


def _move(
    workshop: TrainingContext, group: str, kind: MoveKind, model: HouseModel | None, owner: Person | None
) -> NewMove:
    return NewMove(
        group=group,
        kind=kind,
        model_id=model.id if model else None,
        at=workshop.now,
        why=WHY[kind],
        person_id=owner.id if owner else None,
    )


def _rescored(workshop: TrainingContext, group: str, before: int | None, model: HouseModel | None) -> ChampionChange:
    rescored, busy = rescore_group(workshop, group)
    return _moved(workshop, group, before, model, changed=True, rescored=rescored, busy=tuple(busy))


def _moved(
    workshop: TrainingContext, group: str, before: int | None, model: HouseModel | None, *, changed: bool, **done: Any
) -> ChampionChange:
    base = workshop.shelf.base_manifest().name
    with workshop.store.begin() as work:
        names = {each.id: each.name for each in Models(work).all(group)}
    was = base if before is None else names[before]
    return ChampionChange(group=group, model=model.name if model else base, before=was, changed=changed, **done)


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
