"""Which model scores an account: its group's champion, or the last good one before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from followguard.domain.house_model import HouseModel, Move, line_of_champions
from followguard.domain.policy import AccountSettings
from followguard.domain.stores.work import Store, Work
from followguard.errors import CantServe, DamagedModel, FollowguardError, NotProved, PartlyDone
from followguard.jobs.workshop import Shelf, Shelved, Tell

LEARNS_NOTHING = "none"


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
    with store.begin() as work:
        line = champions(work, group)
        problems: list[FollowguardError] = [
            _forged(group, each) for each in work.models.moves(group) if not each.proved
        ]
    found = _first_good(line, shelf, problems)
    if problems:  # those of earlier champions say nothing that the first doesn't
        message = f"{problems[0].message.rstrip('.')}; {found.name} serves instead."
        tell(PartlyDone(message, problems[0].next_step))
    return found


def champions(work: Work, group: str) -> list[HouseModel]:
    """The champion and those before it, newest first; the base model, which comes last, is left out."""
    by_id = {model.id: model for model in work.models.all(group)}
    return [by_id[each] for each in line_of_champions(work.models.moves(group)) if each is not None]


def _forged(group: str, move: Move) -> NotProved:
    return NotProved(
        f"Move {move.id} of the champion of {group} isn't the log's, so it doesn't count.",
        "Somebody changed the database past followguard: followguard prove",
    )


def _first_good(line: Iterable[HouseModel], shelf: Shelf, problems: list[FollowguardError]) -> InForce:
    for model in line:
        try:
            return InForce(shelved=loaded(shelf, model), house=model)
        except (CantServe, DamagedModel) as problem:
            problems.append(problem)
    return InForce(shelved=shelf.base(), house=None)


def loaded(shelf: Shelf, model: HouseModel) -> Shelved:
    """Raises `CantServe` for a model that may not serve any more, `DamagedModel` for one that can't be read."""
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
    shelved = shelf.load(model.group, model.name, model.file_sha256)
    said = (shelved.manifest.name, shelved.manifest.content_sha256)
    if said != (model.name, model.content_sha256):  # scores would be kept under a name that nobody knows
        raise DamagedModel(
            f"The manifest of {model.name} isn't the one on record: it says {said[0]}, content {said[1]}.",
            "Put the folder back from a backup, or run `followguard model rebuild`.",
        )
    return shelved
