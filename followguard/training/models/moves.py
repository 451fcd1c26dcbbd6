"""Moves of the champion: one at a time for a model group, each on record and in the log."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from followguard.domain.house_model import HouseModel, NewMove
from followguard.errors import AlreadyRunning
from followguard.store.log import Log
from followguard.store.work import Work
from followguard.training.context import TrainingContext
from followguard.training.models.store import Models

FOLLOWGUARD = "followguard"
"""The actor in the log where no person was named."""


@contextmanager
def group_lock(workshop: TrainingContext, group: str) -> Iterator[None]:
    """One training a group at a time. Raises `AlreadyRunning`."""
    with ExitStack() as held:
        try:
            held.enter_context(workshop.store.lock(f"group-{group}"))
        except AlreadyRunning as error:
            message = f"Another run is learning for the model group {group}, or the database is being restored."
            raise AlreadyRunning(message, error.next_step) from error
        yield


def serve(work: Work, move: NewMove, model: HouseModel | None, actor: str = FOLLOWGUARD) -> None:
    """Another champion from now on (None: the base model), and its entry in the log."""
    Models(work).move(move)
    payload = {
        "group": move.group,
        "model": model.name if model else "base",
        "content_sha256": model.content_sha256 if model else None,
        "file_sha256": model.file_sha256 if model else None,
        "why": move.why,
    }
    Log(work).append(move.at, f"model.{move.kind.value}", "", actor, payload)
