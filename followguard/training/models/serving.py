"""Which model scores an account: its group's champion, or the last good one before it; and what learning works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from followguard.accounts.budget import Clock
from followguard.classifier.features import schema_hash
from followguard.classifier.model import Model
from followguard.classifier.scoring import Scorer
from followguard.cli.opened import clock_of, open_store, seed_of
from followguard.domain.house_model import ChampionMove, HouseModel, line_of_champions
from followguard.domain.installation import Installation
from followguard.domain.manifest import Manifest
from followguard.domain.policy import AccountSettings
from followguard.errors import CantServe, DamagedModel, FollowguardError, NotProved, PartlyDone, Tell, UsageError
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.training.models.folders import ModelFolders, StoredModel, shipped_base
from followguard.training.models.loading import load_model, scorer_of
from followguard.training.models.model_arrays import content_of
from followguard.training.retrain.exports import LabelExports
from followguard.training.store import Models

LEARNS_NOTHING = "none"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingContext:
    """`seed` is what the audit's draws start from, `secret` what pseudonyms in exports are made with.

    `load_scorer` gives what scores an account, and tells what kept its champion from doing so.
    """

    installation: Installation
    store: Store
    shelf: ModelFolders
    exports: LabelExports
    load_scorer: Callable[[str, Tell], Scorer]
    clock: Clock
    seed: int
    secret: int

    def learners(self, group: str) -> list[AccountSettings]:
        """Returns the group's accounts whose training basis lets it learn from their decisions."""
        return [each for each in self.installation.in_group(group) if each.training_basis != LEARNS_NOTHING]

    @property
    def now(self) -> datetime:
        """Returns the time, aware UTC."""
        return self.clock()

    def group(self, handle: str | None) -> str:
        """Returns the named account's model group, or the only one. Raises `UsageError`, `UnknownAccount`."""
        if handle is not None:
            return self.installation.account(handle).model_group
        groups = sorted({settings.model_group for settings in self.installation.accounts.values()})
        if len(groups) > 1:
            raise UsageError(
                f"There are {len(groups)} model groups: {', '.join(groups)}.", "Say which with --account HANDLE."
            )
        return groups[0]


def model_of(shelved: StoredModel) -> Model:
    """Returns the model as it scores."""
    return Model.of_parts(shelved.parts)


def training_context(installation: Installation, store: Store) -> TrainingContext:
    """Opens what learning works with."""
    from threadpoolctl import threadpool_limits

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


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A model that was loaded. `house` is None where it is the base model."""

    shelved: StoredModel
    house: HouseModel | None

    @property
    def name(self) -> str:
        """Returns the name that scores give."""
        return self.shelved.manifest.name


def in_force(store: Store, shelf: ModelFolders, settings: AccountSettings, tell: Tell) -> InForce:
    """Returns the model that scores the account, and tells what keeps the champion from serving.

    Under `training_basis = "none"` that is always the base model. Raises `DamagedModel` where even that can't be read.
    """
    if settings.training_basis == LEARNS_NOTHING:
        return InForce(shelved=shelf.base(), house=None)
    return champion_of(store, shelf, settings.model_group, tell)


def champion_of(store: Store, shelf: ModelFolders, group: str, tell: Tell) -> InForce:
    """Returns the newest of the group's champions that can serve, the base model at the end."""
    found, problems = _first_good(store, group, lambda model: loaded(shelf, model))
    in_force = InForce(house=found[0], shelved=found[1]) if found else InForce(house=None, shelved=shelf.base())
    _tell_first(problems, in_force.name, tell)
    return in_force


def serving(store: Store, shelf: ModelFolders, group: str, tell: Tell) -> HouseModel | None:
    """Returns the champion for a list, None for the base model: files are hashed, and none is loaded."""
    found, problems = _first_good(store, group, lambda model: proven(shelf, model))
    _tell_first(problems, (found[1] if found else shelf.base_manifest()).name, tell)
    return found[0] if found else None


def _first_good(
    store: Store, group: str, read: Callable[[HouseModel], T]
) -> tuple[tuple[HouseModel, T] | None, list[FollowguardError]]:
    """Reads the first of the line that can be read, and what was wrong with those before it."""
    with store.begin() as work:
        line = champions(work, group)
        problems: list[FollowguardError] = [
            _forged(group, each) for each in Models(work).moves(group) if not each.proved
        ]
    for model in line:
        try:
            return (model, read(model)), problems
        except (CantServe, DamagedModel) as problem:
            problems.append(problem)
    return None, problems


def _tell_first(problems: list[FollowguardError], serves: str, tell: Tell) -> None:
    """Tells the first problem; those of earlier champions add nothing to it."""
    if problems:
        tell(PartlyDone(f"{problems[0].message.rstrip('.')}; {serves} serves instead.", problems[0].next_step))


def champions(work: Work, group: str) -> list[HouseModel]:
    """Returns the champion and those before it, newest first, without the base model, which comes last."""
    by_id = {model.id: model for model in Models(work).all(group)}
    return [by_id[each] for each in line_of_champions(Models(work).moves(group)) if each is not None]


def _forged(group: str, move: ChampionMove) -> NotProved:
    return NotProved(
        f"Move {move.id} of the champion of {group} isn't the log's, so it doesn't count.",
        "Somebody changed the database past followguard: followguard prove",
    )


def loaded(shelf: ModelFolders, model: HouseModel) -> StoredModel:
    """Loads a house model. Raises `CantServe` for one that may no longer serve, `DamagedModel` for a broken one."""
    _refuse_unfit(model)
    shelved = shelf.load(model.group, model.name, model.file_sha256)
    _refuse_other(shelved.manifest, model)
    return shelved


def proven(shelf: ModelFolders, model: HouseModel) -> Manifest:
    """Returns the manifest of a model whose file is the one on record, unloaded. Raises as `loaded` does."""
    _refuse_unfit(model)
    manifest = shelf.manifest(model.group, model.name, model.file_sha256)
    _refuse_other(manifest, model)
    return manifest


def _refuse_unfit(model: HouseModel) -> None:
    if not model.proved:
        raise DamagedModel(
            f"What the database says about {model.name} isn't what the log says, so its file isn't opened.",
            "Somebody changed the database past followguard: followguard prove",
        )
    if model.retired_at is not None:
        raise CantServe(
            f"{model.name} is retired: {model.retired_why}.",
            "Run `followguard retrain`: a new model learns from the decisions that are left.",
        )
    if model.removed_at is not None:
        raise CantServe(f"The files of {model.name} were cleared away.", "See `followguard model list` for the others.")


def _refuse_other(manifest: Manifest, model: HouseModel) -> None:
    said = (manifest.name, manifest.content_sha256)
    if said != (model.name, model.content_sha256):  # scores would be kept under a name that nobody knows
        raise DamagedModel(
            f"The manifest of {model.name} isn't the one on record: it says {said[0]}, content {said[1]}.",
            "Put the folder back from a backup, or run `followguard model rebuild`.",
        )


def load_scorer(
    installation: Installation | None = None,
    handle: str | None = None,
    *,
    store: Store | None = None,
    tell: Tell | None = None,
) -> Scorer:
    """Loads the model that an account is scored by: its group's champion, or the last good one before it.

    `tell` hears what keeps the champion from serving. Without an account the base model. Opens the database where no
    `store` is given. Raises DamagedModel.
    """
    from followguard.screening.recalibrate import as_served

    if installation is None or handle is None:
        return load_model(shipped_base())
    if store is None:
        with open_store(installation) as opened:
            return load_scorer(installation, handle, store=opened, tell=tell)
    settings = installation.account(handle)
    found = in_force(store, model_folders(installation), settings, tell or (lambda _: None))
    scorer = scorer_of(found.shelved, rate_from_scores=found.house is None)
    return as_served(store, settings, scorer, clock_of(installation)())


def model_folders(installation: Installation) -> ModelFolders:
    """Returns the models of an installation."""
    return ModelFolders(installation.models_dir, schema_hash(), content_of)
