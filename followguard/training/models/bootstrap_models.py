"""Models: what scores an account, what learning and forgetting work with."""

from pathlib import Path
from typing import TYPE_CHECKING

from followguard.cli.opening import clock_of, open_store, seed_of

if TYPE_CHECKING:
    from followguard.classifier.scoring import Scorer
    from followguard.domain.installation import Installation
    from followguard.domain.policy import AccountSettings
    from followguard.privacy.forget import Eraser
    from followguard.replay.other_model import OtherModel
    from followguard.store.work import Store
    from followguard.training.context import Shelved, Tell, TrainingContext
    from followguard.training.models.folders import ModelFolders, Registry


def load_scorer(
    installation: "Installation | None" = None,
    handle: str | None = None,
    *,
    store: "Store | None" = None,
    tell: "Tell | None" = None,
) -> "Scorer":
    """The model that an account is scored by: its group's champion, or the last good one before it.

    `tell` hears what keeps the champion from serving. Without an account the base model. Opens the database where no
    `store` is given. Raises DamagedModel.
    """
    from followguard.screening.own_rate import at_own_rate
    from followguard.training.models.folders import shipped_base
    from followguard.training.models.serving import in_force

    if installation is None or handle is None:
        return load_model(shipped_base())
    if store is None:
        with open_store(installation) as opened:
            return load_scorer(installation, handle, store=opened, tell=tell)
    found = in_force(store, model_folders(installation), installation.account(handle), tell or (lambda _: None))
    scorer = _scorer_of(found.shelved, rate_from_scores=found.house is None)
    return at_own_rate(store, handle, scorer, clock_of(installation)())


def load_model(folder: Path) -> "Scorer":
    """The model of a folder, its sha256 checked. Raises DamagedModel."""
    return _scorer_of(registry().load(folder))


def _scorer_of(shelved: "Shelved", *, rate_from_scores: bool = False) -> "Scorer":
    """Keeps numerical libraries to one thread each: on small arrays a second one only waits for the first."""
    from threadpoolctl import threadpool_limits

    from followguard.classifier.scoring import Scorer

    threadpool_limits(limits=1)
    return Scorer.of_parts(shelved.parts, shelved.manifest.name, rate_from_scores=rate_from_scores)


def model_folders(installation: "Installation") -> "ModelFolders":
    """The models of an installation."""
    from followguard.classifier.features import schema_hash
    from followguard.classifier.model_arrays import content_of
    from followguard.training.models.folders import ModelFolders

    return ModelFolders(installation.models_dir, schema_hash(), content_of)


def training_context(installation: "Installation", store: "Store") -> "TrainingContext":
    """What learning works with."""
    from threadpoolctl import threadpool_limits

    from followguard.training.context import TrainingContext
    from followguard.training.retrain.export_files import LabelExports

    threadpool_limits(limits=1)
    return TrainingContext(
        installation=installation,
        store=store,
        shelf=model_folders(installation),
        exports=LabelExports(installation.folder / "training_data"),
        load_scorer=lambda handle, tell: load_scorer(installation, handle, store=store, tell=tell),
        clock=clock_of(installation),
        seed=seed_of(installation, store),
        secret=store.seed(),
    )


def registry() -> "Registry":
    """Model folders that fit the features of this program."""
    from followguard.classifier.features import schema_hash
    from followguard.classifier.model_arrays import content_of
    from followguard.training.models.folders import Registry

    return Registry(schema_hash(), content_of=content_of)


def model_to_try(installation: "Installation", store: "Store", settings: "AccountSettings", name: str) -> "OtherModel":
    """The base model or a model of the account's group, by its name. Raises UsageError, DamagedModel, CantServe."""
    from followguard.replay.other_model import OtherModel
    from followguard.screening.own_rate import at_own_rate
    from followguard.training.models.promote import is_base, known_model
    from followguard.training.models.serving import loaded

    if is_base(training_context(installation, store), name):
        base = _scorer_of(model_folders(installation).base(), rate_from_scores=True)
        base = at_own_rate(store, settings.handle, base, clock_of(installation)())
        return OtherModel(base.name, base.model)
    with store.begin() as work:
        house = known_model(work, settings.model_group, name)
    return OtherModel(name, _scorer_of(loaded(model_folders(installation), house)).model, house.newest_decision)


def eraser_of(installation: "Installation", store: "Store") -> "Eraser":
    """What forgetting a person works with."""
    from followguard.domain.tombstone import page_pattern
    from followguard.privacy.forget import Eraser
    from followguard.reports.gather import FOLDER
    from followguard.reports.old import remove_naming

    folder = installation.folder / FOLDER
    return Eraser(
        store=store,
        upkeep=store.upkeep,
        workshop=training_context(installation, store),
        remove_reports=lambda gone: remove_naming(folder, page_pattern(gone.follower_id, gone.usernames)),
        keep=installation.backups,
    )
