"""Puts a model in force past the gate: after somebody was forgotten, or after an upgrade."""

from followguard.adapters.store.models import Models
from followguard.domain.house_model import HouseModel, MoveKind, NewMove, Origin
from followguard.jobs.foretelling import predictions_before_labels, put_on_record
from followguard.jobs.making import Provenance, TrainedModel, save
from followguard.jobs.moves import serve
from followguard.jobs.workshop import TrainingContext


def put_in_force(workshop: TrainingContext, made: TrainedModel, origin: Origin, why: str) -> HouseModel:
    """Saves a model that a refit or a rebuild made, and makes it the champion. Raises `StoreFailed`."""
    new, said = save(workshop, made, Provenance(origin=origin, why=why)), predictions_before_labels(made)
    with workshop.store.begin() as work:
        model = Models(work).add(new)
        move = NewMove(group=model.group, kind=MoveKind(origin.value), model_id=model.id, at=workshop.now, why=why)
        serve(work, move, model)
        put_on_record(workshop, work, model, said)
    return model
