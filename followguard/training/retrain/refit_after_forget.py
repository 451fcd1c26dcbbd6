"""After somebody was forgotten, or isn't trusted any more: what had learned from them retires.

Then the champion's recipe is fitted anew. Two steps, so that nobody's erasure waits for a training. What retires models
belongs into the transaction that takes the labels out: from its end no model that learned from them serves.
`refit_champion` then fits the group's champion from the labels that are left, past the gate; if the machine dies in
between, the night does it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from followguard.domain.house_model import HouseModel, MoveKind, NewMove, Origin, champion_id
from followguard.errors import DamagedExport
from followguard.store.work import Work
from followguard.training.house.decisions import decided_of
from followguard.training.models.promote import group_lock, put_in_force, rescore_group, serve
from followguard.training.models.serving import TrainingContext
from followguard.training.retrain.exports import LabelExports, LabelRow, pseudonym
from followguard.training.retrain.make import make, remove_files
from followguard.training.retrain.refusals import moved_canaries, one_sided, too_few
from followguard.training.store import Models, UsableLabels, labels_at_hand

FORGOTTEN = "somebody it learned from was forgotten"
DISTRUSTED = "a person whose decisions it learned from isn't trusted any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refitted:
    """The model that serves the group from now on. None: the base model, because `why`; `refitted` False: as before."""

    group: str
    model: str | None
    refitted: bool
    why: str
    rescored: int = 0
    busy: tuple[str, ...] = ()


def retire_learned_from(workshop: TrainingContext, work: Work, account: str, follower_id: str) -> list[HouseModel]:
    """Retires every model that learned from this follower's label, whatever its group; returns them.

    It goes by the pseudonyms in the exports; a model without a readable export retires too. Call it inside the
    transaction that erases the label; once that has ended, call `refit_champion` for each group of what it returns.
    """
    key = pseudonym(workshop.secret, account, follower_id)
    return _retire(workshop, work, lambda row: row.key == key, FORGOTTEN)


def retire_taught_by(workshop: TrainingContext, work: Work, person: str, since: datetime) -> list[HouseModel]:
    """Retires every model that learned from what a person (a pseudonym) decided since then; returns them.

    As `retire_learned_from`, inside the transaction that takes the labels out.
    """
    return _retire(workshop, work, lambda row: row.person == person and row.at >= since, DISTRUSTED)


def _retire(workshop: TrainingContext, work: Work, is_theirs: Callable[[LabelRow], bool], why: str) -> list[HouseModel]:
    found = [model for model in Models(work).all() if _holds(workshop.exports, model, is_theirs)]
    for model in found:
        Models(work).retire(model.id, why, workshop.now)
    return found


def refit_champion(workshop: TrainingContext, group: str) -> Refitted:
    """Removes the files of retired models, and fits the champion's recipe anew where the champion is one of them.

    The result has the content hash of a training that never saw the forgotten. Where too few labels are
    left, the base model serves. Raises `AlreadyRunning` while another run learns for the group, `StoreFailed`.
    """
    with group_lock(workshop, group):
        with workshop.store.begin() as work:
            retired = [model for model in Models(work).all(group) if model.retired_at is not None]
            champion = champion_id(Models(work).moves(group))
            at_hand = labels_at_hand(work, workshop.learners(group))
        for each in retired:
            remove_files(workshop, each)
        if champion not in {each.id for each in retired}:
            return Refitted(group=group, model=None, refitted=False, why="the champion hadn't learned from them")
        retired_why = next(each.retired_why for each in retired if each.id == champion)
        model, why = _anew(workshop, group, at_hand, retired_why or FORGOTTEN)
        rescored, busy = rescore_group(workshop, group)
    return Refitted(group=group, model=model, refitted=True, why=why, rescored=rescored, busy=tuple(busy))


def _anew(workshop: TrainingContext, group: str, at_hand: UsableLabels, cause: str) -> tuple[str | None, str]:
    """Fits the champion anew. Returns what serves from now on, None for the base model, and why."""
    why = too_few(at_hand, workshop.now) or one_sided(decided_of(at_hand.rows(workshop.secret))[1])
    if why is None:
        made = make(workshop, group, at_hand)
        why = moved_canaries(made.model)
        if why is None:
            return put_in_force(workshop, made, Origin.REFIT, cause).name, cause
        workshop.exports.remove(group, made.export.name)
    said = f"{cause}; of those left, {why}"
    with workshop.store.begin() as work:
        serve(work, NewMove(group=group, kind=MoveKind.REFIT, model_id=None, at=workshop.now, why=said), None)
    return None, said


def _holds(exports: LabelExports, model: HouseModel, is_theirs: Callable[[LabelRow], bool]) -> bool:
    """Tells whether the model may have learned from one of them: an export that can't be read counts."""
    if not model.usable:
        return False
    try:
        return any(is_theirs(row) for row in exports.read(model.group, model.name, model.export_sha256)[1])
    except DamagedExport:
        return True


def clear_unrecorded(workshop: TrainingContext) -> None:
    """Removes models and exports that aren't on record: a retraining that was killed leaves labels behind in them.

    Raises `AlreadyRunning` while another run learns, `StoreFailed`.
    """
    with workshop.store.begin() as work:
        groups = {model.group for model in Models(work).all()}
    for group in sorted(groups | {each.model_group for each in workshop.installation.accounts.values()}):
        with group_lock(workshop, group):
            with workshop.store.begin() as work:
                kept = {model.name for model in Models(work).all(group)}
            workshop.shelf.remove_others(group, kept)
            workshop.exports.remove_others(group, kept)
