"""Clears away challengers that never served, but for the newest few; what served once is kept."""

from followguard.domain.house_model import HouseModel
from followguard.errors import StoreFailed, Tell
from followguard.training.context import TrainingContext
from followguard.training.models.moves import group_lock
from followguard.training.models.store import Models

KEPT_CHALLENGERS = 5


def clear_old_challengers(workshop: TrainingContext, group: str, tell: Tell) -> list[HouseModel]:
    """Removes files and exports of older challengers; their rows stay in the list. Returns which.

    What can't be removed is told, and tried again after the next retraining.
    """
    with workshop.store.begin() as work:
        served = {move.model_id for move in Models(work).moves(group)}
        waiting = [model for model in Models(work).all(group) if model.usable and model.id not in served]
    cleared = []
    for model in waiting[:-KEPT_CHALLENGERS]:
        try:
            remove_files(workshop, model)
        except StoreFailed as error:
            tell(error)
            continue
        with workshop.store.begin() as work:
            Models(work).remove(model.id, workshop.now)
        cleared.append(model)
    return cleared


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


def remove_files(workshop: TrainingContext, model: HouseModel) -> None:
    """The model's folder and its export. Raises `StoreFailed`."""
    workshop.shelf.remove(model.group, model.name)
    workshop.exports.remove(model.group, model.name)
