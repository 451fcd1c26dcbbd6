"""Models: what scores an account, what learning and forgetting work with."""

from pathlib import Path
from typing import TYPE_CHECKING

from followguard.bootstrap.opening import clock, open_store, seed

if TYPE_CHECKING:
    from followguard.adapters.registry import ModelFolders, Registry
    from followguard.adapters.store.work import Store
    from followguard.domain.installation import Installation
    from followguard.domain.policy import AccountSettings
    from followguard.jobs.forget import Eraser
    from followguard.jobs.whatif_model import OtherModel
    from followguard.jobs.workshop import Shelved, Tell, TrainingContext
    from followguard.learning.scoring import Scorer


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
    from followguard.adapters.registry import shipped_base
    from followguard.jobs.base_rate import at_own_rate
    from followguard.jobs.model_in_force import in_force

    if installation is None or handle is None:
        return load_model(shipped_base())
    if store is None:
        with open_store(installation) as opened:
            return load_scorer(installation, handle, store=opened, tell=tell)
    found = in_force(store, shelf(installation), installation.account(handle), tell or (lambda _: None))
    scorer = _scorer_of(found.shelved, rate_from_scores=found.house is None)
    return at_own_rate(store, handle, scorer, clock(installation)())


def load_model(folder: Path) -> "Scorer":
    """The model of a folder, its sha256 checked. Raises DamagedModel."""
    return _scorer_of(registry().load(folder))


def _scorer_of(shelved: "Shelved", *, rate_from_scores: bool = False) -> "Scorer":
    """Keeps numerical libraries to one thread each: on small arrays a second one only waits for the first."""
    from threadpoolctl import threadpool_limits

    from followguard.learning.scoring import Scorer

    threadpool_limits(limits=1)
    return Scorer.of_parts(shelved.parts, shelved.manifest.name, rate_from_scores=rate_from_scores)


def shelf(installation: "Installation") -> "ModelFolders":
    """The models of an installation."""
    from followguard.adapters.registry import ModelFolders
    from followguard.learning.features import schema_hash
    from followguard.learning.model_arrays import content_of

    return ModelFolders(installation.models_dir, schema_hash(), content_of)


def workshop(installation: "Installation", store: "Store") -> "TrainingContext":
    """What learning works with."""
    from threadpoolctl import threadpool_limits

    from followguard.adapters.label_exports import LabelExports
    from followguard.jobs.workshop import TrainingContext

    threadpool_limits(limits=1)
    return TrainingContext(
        installation=installation,
        store=store,
        shelf=shelf(installation),
        exports=LabelExports(installation.folder / "training_data"),
        load_scorer=lambda handle, tell: load_scorer(installation, handle, store=store, tell=tell),
        clock=clock(installation),
        seed=seed(installation, store),
        secret=store.seed(),
    )


def registry() -> "Registry":
    """Model folders that fit the features of this program."""
    from followguard.adapters.registry import Registry
    from followguard.learning.features import schema_hash
    from followguard.learning.model_arrays import content_of

    return Registry(schema_hash(), content_of=content_of)


def model_to_try(installation: "Installation", store: "Store", settings: "AccountSettings", name: str) -> "OtherModel":
    """The base model or a model of the account's group, by its name. Raises UsageError, DamagedModel, CantServe."""
    from followguard.jobs.base_rate import at_own_rate
    from followguard.jobs.model_in_force import loaded
    from followguard.jobs.model_life import is_base, known_model
    from followguard.jobs.whatif_model import OtherModel

    if is_base(workshop(installation, store), name):
        base = _scorer_of(shelf(installation).base(), rate_from_scores=True)
        base = at_own_rate(store, settings.handle, base, clock(installation)())
        return OtherModel(base.name, base.model)
    with store.begin() as work:
        house = known_model(work, settings.model_group, name)
    return OtherModel(name, _scorer_of(loaded(shelf(installation), house)).model, house.newest_decision)


def eraser(installation: "Installation", store: "Store") -> "Eraser":
    """What forgetting a person works with."""
    from followguard.adapters.report.old import remove_naming
    from followguard.domain.tombstone import page_pattern
    from followguard.jobs.forget import Eraser
    from followguard.jobs.report import FOLDER

    folder = installation.folder / FOLDER
    return Eraser(
        store=store,
        upkeep=store.upkeep,
        workshop=workshop(installation, store),
        remove_reports=lambda gone: remove_naming(folder, page_pattern(gone.follower_id, gone.usernames)),
        keep=installation.backups,
    )
