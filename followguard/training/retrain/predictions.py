"""What a champion's recipe said of earlier decisions before it had learned from them: evidence for holding back.

A new champion has scored none of the cards that people decided, and its own score of what it learned from would
flatter it. The gate's predictions don't: each is by a model that knew nothing of the decision's night and batch. They
go on record with the move that puts the champion in force, so that holding back needn't be earned from nothing.
"""

from dataclasses import dataclass

from followguard.classifier.columns import Floats
from followguard.domain.house_model import HouseModel
from followguard.errors import DamagedExport
from followguard.screening.holding_back import EarlyPrediction
from followguard.store.work import Work
from followguard.training.context import TrainingContext, model_of
from followguard.training.house.decisions import DecisionArrays
from followguard.training.house.gate import Beforehand, prequential
from followguard.training.house.label_rows import said_of
from followguard.training.house.model import train_house
from followguard.training.models.store import Models
from followguard.training.retrain.exports import pseudonym
from followguard.training.retrain.labels import labels_at_hand, learners
from followguard.training.retrain.make import TrainedModel, make_from_export


@dataclass(frozen=True, slots=True)
class Predictions:
    """The decisions of an export, and what was said of each: (n,) p_spam from `base_logit`, NaN where nothing was."""

    decided: DecisionArrays
    p_spam: Floats
    base_logit: float


def predictions_before_labels(made: TrainedModel, beforehand: Beforehand | None = None) -> Predictions:
    """What the recipe of a model said, in terms of that model's own base rate.

    `beforehand`: what the gate rests on, where it judged this model; else it is made here, which takes as long.
    """
    found = beforehand or prequential(model_of(made.base), made.decided, made.export.seed, train_house)
    start = made.model.base_logit
    return Predictions(made.decided, found.starting_at(start), start)


def predictions_to_make(workshop: TrainingContext, model: HouseModel) -> Predictions | None:
    """The same of a model on shelf, from its export.

    None where it is on record already, or can't be known: the export isn't whole any more, or the model started from
    another base model than today's. Such a model has to earn holding back from nothing.
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
    """Of every decision that stands and was made on the very values that something was said of."""
    standing = labels_at_hand(work, learners(workshop, model.group)).decisions
    asked = [(pseudonym(workshop.secret, each.account, each.follower_id), each.features) for each in standing]
    found = zip(standing, said_of(said.decided, said.p_spam, asked), strict=True)
    predictions = {
        each.decision_id: EarlyPrediction(model.name, p_spam, said.base_logit)
        for each, p_spam in found
        if p_spam is not None
    }
    Models(work).keep_predictions(model.id, predictions)
