"""House models on disk: trained from an export, saved with manifest and card, cleared away when they never served."""

import importlib.metadata
from dataclasses import dataclass, replace

from followguard.classifier.features import FEATURES, schema_hash
from followguard.classifier.model import Model, content_hash
from followguard.domain.house_model import HouseModel, NewModel, Origin, model_name
from followguard.domain.labels import Label
from followguard.domain.manifest import Manifest
from followguard.errors import DamagedExport, StoreFailed, Tell
from followguard.training.house.decisions import DecisionArrays, decided_of
from followguard.training.house.gate import GateVerdict
from followguard.training.house.model import train_house
from followguard.training.models.folders import StoredModel
from followguard.training.models.serving import TrainingContext, model_of
from followguard.training.retrain.exports import ExportManifest
from followguard.training.store import Models, UsableLabels

LIBRARIES = ("numpy", "scikit-learn", "scipy", "joblib")
CARD = """# {name}
A house model: it scores followers of the accounts in the model group `{group}`, and of nobody else.

It started from the base model {base} and learned from {labels} decisions of the group's own people: {genuine} said
genuine, {spam} said spam. What kind of spam it hasn't met it knows only as far as the base model does.

## Gate
{gate}

## Where it comes from
| | |
|---|---|
| made | {created_at} |
| content sha256 | {content} |
| base model's content sha256 | {parent} |
| labels | `training_data/{group}/{name}.parquet`, sha256 {export} |
| features | {feature_schema} |
| seed | {seed} |
| libraries | {libraries} |

With the same base model, labels and seed `followguard model rebuild` gives the same content sha256, until somebody in
the labels is forgotten. How to read a score: the base model's card; its reasons:
`docs/features.md`.
"""
GATE = """It was {outcome}: {why}. Each decision was predicted by a house model that hadn't learned from its night or
batch, and by the champion of the day; gains are in nats of log-loss, above 0 for the house model.

| what | figure |
|---|---|
| decisions judged | {judged} |
| nights and batches they came in | {clusters} |
| newly on the right side of .5, newly on the wrong one | {righted}, {wronged} |
| won, lost, tied within .01 nats | {won}, {lost}, {tied} |
| mean gain a decision, lower 95 % bound | {mean_gain}, {lower_bound} |
| gain over all of them | {gain} |
| decided cards in a band nearer to spam, nearer to genuine | {towards_spam}, {towards_genuine} |
"""
PAST_THE_GATE = "It went past the gate: {why}.\n"


def manifest_of(model: Model, base: StoredModel, export: ExportManifest) -> Manifest:
    """Returns what goes on record beside the model's file, but for the file's own sha256 and what the gate found."""
    return Manifest(
        name=export.name,
        content_sha256=content_hash(model.parts()),
        feature_schema=schema_hash(),
        features=tuple(feature.name for feature in FEATURES),
        created_at=export.created_at,
        seed=export.seed,
        prevalence=base.manifest.prevalence,
        libraries={name: importlib.metadata.version(name) for name in LIBRARIES},
        training_rows={"decisions": export.genuine + export.spam},
        data_sha256=export.file_sha256,
        metrics={},
        group=export.group,
        parent=export.parent,
        export_sha256=export.file_sha256,
        labels={"genuine": export.genuine, "spam": export.spam},
    )


def card_of(manifest: Manifest, base_name: str, verdict: GateVerdict | None, why: str = "") -> str:
    """Writes the card as Markdown. Without a verdict `why` says what took the model past the gate."""
    return CARD.format(
        name=manifest.name,
        group=manifest.group,
        base=base_name,
        labels=sum(manifest.labels.values()),
        genuine=manifest.labels["genuine"],
        spam=manifest.labels["spam"],
        gate=PAST_THE_GATE.format(why=why) if verdict is None else _table(verdict),
        created_at=manifest.created_at,
        content=manifest.content_sha256,
        parent=manifest.parent,
        export=manifest.export_sha256,
        feature_schema=manifest.feature_schema,
        seed=manifest.seed,
        libraries=", ".join(f"{name} {version}" for name, version in manifest.libraries.items()),
    )


def _table(verdict: GateVerdict) -> str:
    cells = {name: _shown(value) for name, value in verdict.as_json().items()}
    return GATE.format(**cells)


def _shown(value: object) -> object:
    if value is None:
        return "none"
    return f"{value:+.4f}" if isinstance(value, float) else value


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
    """The papers of a model: where it comes from, and the gate's verdict or why it went past the gate."""

    origin: Origin
    verdict: GateVerdict | None = None
    why: str = ""


def make(workshop: TrainingContext, group: str, at_hand: UsableLabels) -> TrainedModel:
    """Exports the labels and trains on what the export holds. Raises `StoreFailed`, `DamagedModel`."""
    with workshop.store.begin() as work:
        name = model_name(group, Models(work).next_number(group))
    export_labels(workshop, group, name, at_hand, SEED)
    return make_from_export(workshop, group, name)


def make_from_export(workshop: TrainingContext, group: str, name: str, file_sha256: str | None = None) -> TrainedModel:
    """Trains the model of an export: one file gives one content hash. Raises `DamagedExport`, `DamagedModel`."""
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


def export_labels(workshop: TrainingContext, group: str, name: str, at_hand: UsableLabels, seed: int) -> ExportManifest:
    """Writes the export of a model about to be trained; returns its manifest. Raises `StoreFailed`."""
    manifest = ExportManifest(
        group=group,
        name=name,
        created_at=workshop.now.isoformat(),
        feature_schema=schema_hash(),
        features=tuple(feature.name for feature in FEATURES),
        parent=workshop.shelf.base_manifest().content_sha256,
        seed=seed,
        genuine=at_hand.number(Label.GENUINE),
        spam=at_hand.number(Label.SPAM),
        left_out=at_hand.left_out,
        newest_decision=at_hand.newest,
    )
    return workshop.exports.write(manifest, at_hand.rows(workshop.secret))


KEPT_CHALLENGERS = 5


def clear_old_challengers(workshop: TrainingContext, group: str, tell: Tell) -> list[HouseModel]:
    """Removes files and exports of older challengers; their rows stay in the list. Returns which.

    Tells which can't be removed; the next retraining tries again.
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


def remove_files(workshop: TrainingContext, model: HouseModel) -> None:
    """Removes the model's folder and its export. Raises `StoreFailed`."""
    workshop.shelf.remove(model.group, model.name)
    workshop.exports.remove(model.group, model.name)
