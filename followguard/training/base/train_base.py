"""Trains the base model from the public sets, judges it on what it hasn't seen, and puts it on record."""

import hashlib
import importlib.metadata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from followguard.classifier.features import FEATURES, schema_hash
from followguard.classifier.model import content_hash
from followguard.domain.labels import LabelledProfile
from followguard.domain.manifest import Manifest
from followguard.errors import UsageError
from followguard.training.base import protocol
from followguard.training.base.card import card_of, keeping, summary_line
from followguard.training.base.fitting import Recipe
from followguard.training.base.samples import Samples, samples_of
from followguard.training.base.training import PREVALENCE, RECIPE, train

SEED = 20_150_501
LIBRARIES = ("numpy", "scikit-learn", "scipy", "joblib")


class SavesModels(Protocol):
    """The part of the registry that is needed here."""

    def card(self, folder: Path) -> str:
        """Reads the card that stands in a folder; empty where there is none."""
        ...

    def save(self, folder: Path, parts: Mapping[str, Any], manifest: Manifest, card: str) -> Manifest:
        """Writes model, manifest and card; returns the manifest with the file's sha256."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainBaseOptions:
    """The training wanted: where to, when, and which group or set to leave out (None: nothing, the model to ship).

    `data_files` goes on record as it is: path below the data sets' folder -> sha256 that the loader checked.
    """

    output: Path
    now: datetime
    hold_out: str | None = None
    seed: int = SEED
    recipe: Recipe = RECIPE
    data_files: Mapping[str, str] = field(default_factory=dict)


def train_base(
    rows: Sequence[LabelledProfile], registry: SavesModels, order: TrainBaseOptions, say: Callable[[str], None]
) -> Manifest:
    """Trains, evaluates and saves; returns the manifest on record.

    With `hold_out`, neither that group nor the measuring half of Cresci's genuine accounts is trained on, and the
    figures are of exactly this model on exactly those rows. Without, every group is held out in turn and the saved
    model is then trained on all rows. Raises `UsageError` for a group that no row has.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        samples = samples_of(rows)
        say(f"{len(samples):,} accounts, {samples.matrix.shape[1]} features")
        manifest, parts = _whole(samples, order, say) if order.hold_out is None else _part(samples, order, say)
        card = keeping(card_of(manifest), registry.card(order.output))
        return registry.save(order.output, parts, manifest, card)


def _whole(samples: Samples, order: TrainBaseOptions, say: Callable[[str], None]) -> tuple[Manifest, dict[str, Any]]:
    figures = protocol.figures(samples, order.seed, say, order.recipe)
    metrics = {"held_out": figures, "summary": protocol.summary(figures)}
    say(summary_line(metrics["summary"]))
    say("training on everything")
    parts = train(samples, order.seed, order.recipe).parts()
    return _manifest(samples, parts, order, metrics), parts


def _part(samples: Samples, order: TrainBaseOptions, say: Callable[[str], None]) -> tuple[Manifest, dict[str, Any]]:
    known = sorted({*samples.group.tolist(), *samples.source.tolist()})
    if order.hold_out not in known:
        raise UsageError(f"No account of the public sets is in {order.hold_out!r}.", f"Known: {', '.join(known)}.")
    case = protocol.held_out(samples, str(order.hold_out))
    kept = samples.where(~case.unseen)
    model = train(kept, order.seed, order.recipe)
    figures = {case.name: protocol.measured(model, samples.where(case.measured))}
    say(f"held out {case.name}: AUC {figures[case.name]['auc']:.3f}")
    parts = model.parts()
    return _manifest(kept, parts, order, {"held_out": figures, "summary": protocol.summary(figures)}), parts


def _manifest(samples: Samples, parts: dict[str, Any], order: TrainBaseOptions, metrics: dict[str, Any]) -> Manifest:
    content = content_hash(parts)
    return Manifest(
        name=f"base-{content[:12]}",
        content_sha256=content,
        feature_schema=schema_hash(),
        features=tuple(feature.name for feature in FEATURES),
        created_at=order.now.isoformat(),
        seed=order.seed,
        prevalence=PREVALENCE,
        libraries={name: importlib.metadata.version(name) for name in LIBRARIES},
        training_rows=dict(sorted(Counter(samples.group.tolist()).items())),
        data_sha256=_data_hash(samples),
        data_files=dict(sorted(order.data_files.items())),
        metrics=metrics,
        held_out=order.hold_out,
    )


def _data_hash(samples: Samples) -> str:
    """Hashes the feature values, answers and groups that were trained on (sha256, hex)."""
    digest = hashlib.sha256(np.ascontiguousarray(samples.matrix).tobytes())
    digest.update(samples.spam.tobytes())
    digest.update("\n".join(samples.group.tolist()).encode())
    return digest.hexdigest()
