"""The manifest and the card of a house model: what it is, what it learned from, what the gate found."""

import importlib.metadata

from followguard.classifier.features import FEATURES, schema_hash
from followguard.classifier.model import Model, content_hash
from followguard.domain.manifest import Manifest
from followguard.training.house.gate import GateVerdict
from followguard.training.models.folders import StoredModel
from followguard.training.retrain.exports import ExportManifest

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
the labels is forgotten. How to read scores and reasons: `docs/models.md`.
"""
GATE = """It was {outcome}: {why}. Each decision was predicted by a house model that hadn't learned from its night or
batch, and by the champion of the day; gains are in nats of log-loss, above 0 for the house model.

| what | figure |
|---|---|
| decisions judged | {judged} |
| nights and batches they came in | {clusters} |
| won, lost, tied | {won}, {lost}, {tied} |
| mean gain a decision, lower 95 % bound | {mean_gain}, {lower_bound} |
| gain over all of them | {gain} |
| decided cards in a band nearer to spam, nearer to genuine | {towards_spam}, {towards_genuine} |
"""
PAST_THE_GATE = "It went past the gate: {why}.\n"


def manifest_of(model: Model, base: StoredModel, export: ExportManifest) -> Manifest:
    """What goes on record beside the model's file, but for the file's own sha256 and what the gate found."""
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
    """The card as Markdown. Without a verdict `why` says what took the model past the gate."""
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
