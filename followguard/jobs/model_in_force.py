"""Which model scores an account: its group's champion, or the last good one before it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from followguard.adapters.store.models import Models
from followguard.adapters.store.work import Store, Work
from followguard.domain.house_model import ChampionMove, HouseModel, line_of_champions
from followguard.domain.manifest import Manifest
from followguard.domain.policy import AccountSettings
from followguard.errors import CantServe, DamagedModel, FollowguardError, NotProved, PartlyDone
from followguard.jobs.workshop import Shelf, Shelved, Tell

LEARNS_NOTHING = "none"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A model that was loaded. `house` is None where it is the base model."""

    shelved: Shelved
    house: HouseModel | None

    @property
    def name(self) -> str:
        """As scores name it."""
        return self.shelved.manifest.name


def in_force(store: Store, shelf: Shelf, settings: AccountSettings, tell: Tell) -> InForce:
    """The model that scores the account. Whatever keeps the champion from serving is told, and goes no further.

    Under `training_basis = "none"` that is always the base model. Raises `DamagedModel` where even that can't be read.
    """
    if settings.training_basis == LEARNS_NOTHING:
        return InForce(shelved=shelf.base(), house=None)
    return champion_of(store, shelf, settings.model_group, tell)


def champion_of(store: Store, shelf: Shelf, group: str, tell: Tell) -> InForce:
    """The newest of the group's champions that can serve, the base model at the end."""
    found, problems = _first_good(store, group, lambda model: loaded(shelf, model))
    shelved = found.content if found else shelf.base()
    in_force = InForce(shelved=shelved, house=found.house if found else None)
    _tell_first(problems, in_force.name, tell)
    return in_force


def serving(store: Store, shelf: Shelf, group: str, tell: Tell) -> HouseModel | None:
    """The same for who only lists, None for the base model: files are hashed, and none is loaded."""
    found, problems = _first_good(store, group, lambda model: proven(shelf, model))
    _tell_first(problems, (found.content if found else shelf.base_manifest()).name, tell)
    return found.house if found else None


@dataclass(frozen=True, slots=True)
class _Good(Generic[T]):
    """A champion that can serve, and what was read of it."""

    house: HouseModel
    content: T


def _first_good(
    store: Store, group: str, read: Callable[[HouseModel], T]
) -> tuple[_Good[T] | None, list[FollowguardError]]:
    """The first of the line that can be read, and what was wrong with those before it."""
    with store.begin() as work:
        line = champions(work, group)
        problems: list[FollowguardError] = [
            _forged(group, each) for each in Models(work).moves(group) if not each.proved
        ]
    for model in line:
        try:
            return _Good(model, read(model)), problems
        except (CantServe, DamagedModel) as problem:
            problems.append(problem)
    return None, problems


def _tell_first(problems: list[FollowguardError], serves: str, tell: Tell) -> None:
    """Those of earlier champions say nothing that the first doesn't."""
    if problems:
        tell(PartlyDone(f"{problems[0].message.rstrip('.')}; {serves} serves instead.", problems[0].next_step))


def champions(work: Work, group: str) -> list[HouseModel]:
    """The champion and those before it, newest first; the base model, which comes last, is left out."""
    by_id = {model.id: model for model in Models(work).all(group)}
    return [by_id[each] for each in line_of_champions(Models(work).moves(group)) if each is not None]


def _forged(group: str, move: ChampionMove) -> NotProved:
    return NotProved(
        f"Move {move.id} of the champion of {group} isn't the log's, so it doesn't count.",
        "Somebody changed the database past followguard: followguard prove",
    )


def loaded(shelf: Shelf, model: HouseModel) -> Shelved:
    """Raises `CantServe` for a model that may not serve any more, `DamagedModel` for one that can't be read."""
    _refuse_unfit(model)
    shelved = shelf.load(model.group, model.name, model.file_sha256)
    _refuse_other(shelved.manifest, model)
    return shelved


def proven(shelf: Shelf, model: HouseModel) -> Manifest:
    """The manifest of a model whose file is the one on record; it isn't loaded. Raises as `loaded` does."""
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
