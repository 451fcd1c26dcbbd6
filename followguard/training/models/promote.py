"""Moves of the champion: promotions, rollbacks and refits, one at a time for a model group, each in the log.

With a move goes on record what the champion's recipe said of earlier decisions before it had learned from them. A new
champion has scored none of the cards that people decided, and its own score of what it learned from would flatter it.
The gate's predictions don't: each is by a model that knew nothing of the decision's night and batch. So holding back
needn't be earned from nothing. Waiting cards are then scored again.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from followguard.accounts.people import require_role
from followguard.accounts.store import Accounts
from followguard.classifier.columns import Floats
from followguard.domain.house_model import HouseModel, MoveKind, NewMove, Origin, champion_id
from followguard.domain.person import OWNER, Person
from followguard.domain.policy import AccountSettings
from followguard.errors import AlreadyRunning, CantServe, DamagedExport, DamagedModel, Tell, UsageError
from followguard.screening.holding_back import EarlyPrediction
from followguard.screening.queue import plan_account
from followguard.screening.score import rescore_waiting
from followguard.store.log import Log
from followguard.store.work import Work
from followguard.training.house.decisions import DecisionArrays, said_of
from followguard.training.house.gate import Beforehand, prequential
from followguard.training.house.model import train_house
from followguard.training.models.serving import TrainingContext, champions, loaded, model_of
from followguard.training.retrain.exports import pseudonym
from followguard.training.retrain.make import Provenance, TrainedModel, make_from_export, save
from followguard.training.store import Models, labels_at_hand
from followguard.words.readers import learned_reader

FOLLOWGUARD = "followguard"
"""The actor in the log where no person was named."""


@contextmanager
def group_lock(workshop: TrainingContext, group: str) -> Iterator[None]:
    """Locks a group: one training at a time. Raises `AlreadyRunning`."""
    with ExitStack() as held:
        try:
            held.enter_context(workshop.store.lock(f"group-{group}"))
        except AlreadyRunning as error:
            message = f"Another run is learning for the model group {group}, or the database is being restored."
            raise AlreadyRunning(message, error.next_step) from error
        yield


def serve(work: Work, move: NewMove, model: HouseModel | None, actor: str = FOLLOWGUARD) -> None:
    """Makes a model the champion from now on (None: the base model), and logs it."""
    Models(work).move(move)
    payload = {
        "group": move.group,
        "model": model.name if model else "base",
        "content_sha256": model.content_sha256 if model else None,
        "file_sha256": model.file_sha256 if model else None,
        "why": move.why,
    }
    Log(work).append(move.at, f"model.{move.kind.value}", "", actor, payload)


@dataclass(frozen=True, slots=True)
class Predictions:
    """The decisions of an export, and what was said of each: (n,) p_spam from `base_logit`, NaN where nothing was."""

    decided: DecisionArrays
    p_spam: Floats
    base_logit: float


def predictions_before_labels(made: TrainedModel, beforehand: Beforehand | None = None) -> Predictions:
    """Returns what the recipe of a model said beforehand, from that model's own base rate.

    `beforehand`: what the gate rests on, where it judged this model; else it is made here, which takes as long.
    """
    found = beforehand or prequential(model_of(made.base), made.decided, made.export.seed, train_house)
    start = made.model.base_logit
    return Predictions(made.decided, found.starting_at(start), start)


def predictions_to_make(workshop: TrainingContext, model: HouseModel) -> Predictions | None:
    """Predicts for a model on shelf, from its export.

    Returns None where predictions are on record already, or can't be known: the export is damaged, or the model started
    from another base model than today's. Such a model has to earn holding back from nothing.
    """
    with workshop.store.begin() as work:
        known = Models(work).has_predictions(model.id)
    if known or model.parent != workshop.shelf.base_manifest().content_sha256:
        return None
    try:
        return predictions_before_labels(make_from_export(workshop, model.group, model.name, model.export_sha256))
    except DamagedExport:
        return None


def put_on_record(workshop: TrainingContext, work: Work, model: HouseModel, said: Predictions) -> None:
    """Stores the early prediction of each standing decision whose feature values match those that were predicted."""
    standing = labels_at_hand(work, workshop.learners(model.group)).decisions
    asked = [(pseudonym(workshop.secret, each.account, each.follower_id), each.features) for each in standing]
    found = zip(standing, said_of(said.decided, said.p_spam, asked), strict=True)
    predictions = {
        each.decision_id: EarlyPrediction(model.name, p_spam, said.base_logit)
        for each, p_spam in found
        if p_spam is not None
    }
    Models(work).keep_predictions(model.id, predictions)


def put_in_force(workshop: TrainingContext, made: TrainedModel, origin: Origin, why: str) -> HouseModel:
    """Saves a model that a refit or a rebuild made, and makes it the champion. Raises `StoreFailed`."""
    new, said = save(workshop, made, Provenance(origin=origin, why=why)), predictions_before_labels(made)
    with workshop.store.begin() as work:
        model = Models(work).add(new)
        move = NewMove(group=model.group, kind=MoveKind(origin.value), model_id=model.id, at=workshop.now, why=why)
        serve(work, move, model)
        put_on_record(workshop, work, model, said)
    return model


def rescore_group(workshop: TrainingContext, group: str) -> tuple[int, list[str]]:
    """Scores the waiting cards of the group's accounts by what serves each, and places them again.

    Returns how many were scored, and the accounts that another run is busy with: their night does it.
    """
    made, busy = 0, []
    for settings in workshop.installation.in_group(group):
        try:
            with workshop.store.lock(settings.handle):
                made += rescore_account(workshop, settings)
        except AlreadyRunning:
            busy.append(settings.handle)
    return made, busy


def rescore_account(workshop: TrainingContext, settings: AccountSettings) -> int:
    """Rescores one account, whose lock the caller holds. Returns 0 before its first night."""
    with workshop.store.begin() as work:
        account = next((each for each in Accounts(work).all() if each.handle == settings.handle), None)
    if account is None:
        return 0
    scorer = workshop.load_scorer(settings.handle, lambda _: None)
    words = learned_reader(workshop.store, workshop.installation, settings)
    made = rescore_waiting(workshop.store, account, settings, scorer, workshop.now, words)
    if made:
        plan_account(workshop.store, account, settings.policy, workshop.now, workshop.seed)
    return made


BASE = "base"
"""The base model where a model is named; its own name is accepted too."""
WHY = {MoveKind.PROMOTE: "promoted by an owner, past the gate", MoveKind.ROLLBACK: "rolled back"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChampionChange:
    """The outcome of a promotion or a rollback. `rescored` and `busy` as after a retraining."""

    group: str
    model: str
    before: str
    changed: bool
    rescored: int = 0
    busy: tuple[str, ...] = ()


def promote(workshop: TrainingContext, group: str, name: str, by: str | None) -> ChampionChange:
    """Makes a model the champion past the gate, an owner's named act. Waiting cards are scored again.

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
    """Goes back to the champion before, at the end the base model. Tells of those that can't serve.

    It works without a name, for a brake must work at once; a name must be an owner's. Raises `CantServe` when the base
    model serves already.
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
    """Tells whether that names the base model."""
    return name in (BASE, workshop.shelf.base_manifest().name)


def owner_of(workshop: TrainingContext, work: Work, group: str, by: str | None) -> Person:
    """Returns the person named, an owner for every account of the group. Raises `UnknownPerson`, `MissingRole`."""
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
