"""Trains a house model from an export, and puts a trained one on shelf and on record."""

from dataclasses import dataclass, replace

from followguard.classifier.features import FEATURES, schema_hash
from followguard.classifier.model import Model
from followguard.domain.house_model import NewModel, Origin, model_name
from followguard.domain.manifest import Manifest
from followguard.errors import DamagedExport, StoreFailed
from followguard.training.context import TrainingContext, model_of
from followguard.training.house.decisions import DecisionArrays
from followguard.training.house.gate import GateVerdict
from followguard.training.house.label_rows import decided_of
from followguard.training.house.model import train_house
from followguard.training.models.card import card_of, manifest_of
from followguard.training.models.folders import StoredModel
from followguard.training.models.store import Models
from followguard.training.retrain.exports import ExportManifest
from followguard.training.retrain.labels import UsableLabels, export_labels

SEED = 20_261_122
"""The same for every house model: equal labels make equal models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedModel:
    """A trained model that isn't saved yet. `decided` is what its export holds."""

    model: Model
    manifest: Manifest
    export: ExportManifest
    decided: DecisionArrays
    base: StoredModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What goes on record with a model: where it comes from, and the gate's verdict or why it went past the gate."""

    origin: Origin
    verdict: GateVerdict | None = None
    why: str = ""


def make(workshop: TrainingContext, group: str, at_hand: UsableLabels) -> TrainedModel:
    """LabelExports the labels and trains on what the export holds. Raises `StoreFailed`, `DamagedModel`."""
    with workshop.store.begin() as work:
        name = model_name(group, Models(work).next_number(group))
    export_labels(workshop, group, name, at_hand, SEED)
    return make_from_export(workshop, group, name)


def make_from_export(workshop: TrainingContext, group: str, name: str, file_sha256: str | None = None) -> TrainedModel:
    """The model of an export: the same file gives the same content hash. Raises `DamagedExport`, `DamagedModel`."""
    export, rows = workshop.exports.read(group, name, file_sha256)
    if (export.feature_schema, export.features) != (schema_hash(), tuple(feature.name for feature in FEATURES)):
        raise DamagedExport(
            f"The export of {name} holds other features than this program computes.",
            "`followguard retrain` writes a new one from the decisions.",
        )
    base = workshop.shelf.base()
    decided, _ = decided_of(rows)
    model = train_house(model_of(base), decided, export.seed)
    return TrainedModel(
        model=model, manifest=manifest_of(model, base, export), export=export, decided=decided, base=base
    )


def save(workshop: TrainingContext, made: TrainedModel, papers: Provenance) -> NewModel:
    """Writes the model's folder; returns what goes on record. Raises `StoreFailed`, and the export is gone then too."""
    gate = papers.verdict.as_json() if papers.verdict else {"outcome": "past the gate", "why": papers.why}
    manifest = replace(made.manifest, gate=gate)
    card = card_of(manifest, made.base.manifest.name, papers.verdict, papers.why)
    try:
        signed = workshop.shelf.save(made.export.group, made.model.parts(), manifest, card)
    except StoreFailed:
        workshop.exports.remove(made.export.group, made.export.name)
        raise
    return NewModel(
        name=signed.name,
        group=made.export.group,
        origin=papers.origin,
        content_sha256=signed.content_sha256,
        file_sha256=signed.file_sha256,
        feature_schema=signed.feature_schema,
        parent=made.export.parent,
        export_sha256=made.export.file_sha256,
        genuine=made.export.genuine,
        spam=made.export.spam,
        newest_decision=made.export.newest_decision,
        gate=gate,
        created_at=workshop.now,
    )
