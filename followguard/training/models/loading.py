"""Loads a model folder as what scores, without a database."""

from pathlib import Path

from followguard.classifier.features import schema_hash
from followguard.classifier.scoring import Scorer
from followguard.training.models.folders import Registry, StoredModel
from followguard.training.models.model_arrays import content_of


def load_model(folder: Path) -> Scorer:
    """Loads the model of a folder, its sha256 checked. Raises DamagedModel."""
    return scorer_of(registry().load(folder))


def scorer_of(shelved: StoredModel, *, rate_from_scores: bool = False) -> Scorer:
    """Makes a scorer. Numerical libraries get one thread: on small arrays a second only waits for the first."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1)
    return Scorer.of_parts(shelved.parts, shelved.manifest.name, rate_from_scores=rate_from_scores)


def registry() -> Registry:
    """Returns model folders that fit the features of this program."""
    return Registry(schema_hash(), content_of=content_of)
