"""Puts a model in force past the gate: after somebody was forgotten, or after an upgrade."""

from followguard.domain.house_model import HouseModel, MoveKind, NewMove, Origin
from followguard.training.context import TrainingContext
from followguard.training.models.moves import serve
from followguard.training.models.store import Models
from followguard.training.retrain.make import Provenance, TrainedModel, save
from followguard.training.retrain.predictions import predictions_before_labels, put_on_record


def put_in_force(workshop: TrainingContext, made: TrainedModel, origin: Origin, why: str) -> HouseModel:
    """Saves a model that a refit or a rebuild made, and makes it the champion. Raises `StoreFailed`."""
    new, said = save(workshop, made, Provenance(origin=origin, why=why)), predictions_before_labels(made)
    with workshop.store.begin() as work:
        model = Models(work).add(new)
        move = NewMove(group=model.group, kind=MoveKind(origin.value), model_id=model.id, at=workshop.now, why=why)
        serve(work, move, model)
        put_on_record(workshop, work, model, said)
    return model
