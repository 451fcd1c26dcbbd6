"""House models on record, and the moves that say which of them serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Origin(StrEnum):
    """The cause of a model: a retraining, a refit after somebody was forgotten, or a rebuild after an upgrade."""

    RETRAIN = "retrain"
    REFIT = "refit"
    REBUILD = "rebuild"


class MoveKind(StrEnum):
    """Why another model serves. `rollback` takes the newest standing move back, the others put a model on top."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"
    REFIT = "refit"
    REBUILD = "rebuild"


class RetrainOutcome(StrEnum):
    """How a retraining ended."""

    PROMOTED = "promoted"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewModel:
    """A model about to go on record. Hashes are sha256 in hex; `parent` is the content hash of its base model.

    `newest_decision` is the id of the newest decision it could have learned from; `gate` the verdict as JSON.
    """

    name: str
    group: str
    origin: Origin
    content_sha256: str
    file_sha256: str
    feature_schema: str
    parent: str
    export_sha256: str
    genuine: int
    spam: int
    newest_decision: int
    gate: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseModel(NewModel):
    """A model on record. `retired`: somebody it learned from was forgotten, so it never serves again.

    `removed_at`: its files were cleared away to save room; it can't serve, but stays in the list. `proved`: whether the
    log's entry about it says the same, the sha256 of its file included.
    """

    id: int
    retired_at: datetime | None = None
    retired_why: str | None = None
    removed_at: datetime | None = None
    proved: bool = True

    @property
    def usable(self) -> bool:
        """Whether it may serve, as far as the database knows."""
        return self.proved and self.retired_at is None and self.removed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMove:
    """A change of the champion. `model_id` is what serves from then on, None the base model.

    `person_id` is the owner who asked for it, None where the gate or an erasure did it.
    """

    group: str
    kind: MoveKind
    model_id: int | None
    at: datetime
    why: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChampionMove(NewMove):
    """A change of the champion on record, with the person's name. `proved`: whether the log's entry says the same."""

    id: int
    person: str | None = None
    proved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraining:
    """One attempt of a group to learn, whatever came of it."""

    group: str
    at: datetime
    outcome: RetrainOutcome
    why: str
    genuine: int
    spam: int
    newest_decision: int
    model_id: int | None = None


def model_name(group: str, number: int) -> str:
    """Gives a model its name: `house-3` is the third that a group put on record."""
    return f"{group}-{number}"


def line_of_champions(moves: Iterable[ChampionMove]) -> list[int | None]:
    """Lists the champion and those before it, newest first, the base model (None) last; each once.

    `moves` are oldest first. A move that the log doesn't vouch for is none. A rollback takes the champion off the line
    for good, so a second one goes a step further back.
    """
    line: list[int | None] = [None]
    for move in (move for move in moves if move.proved):
        if move.kind is MoveKind.ROLLBACK:
            place = line.index(move.model_id) if move.model_id in line else 0
            del line[place + 1 :]
        elif move.model_id is None:
            line = [None]
        else:
            line = [each for each in line if each != move.model_id] + [move.model_id]
    return line[::-1]


def champion_id(moves: Sequence[ChampionMove]) -> int | None:
    """Finds the model of the newest move that the log vouches for; None, the base model, without any."""
    return next((move.model_id for move in reversed(moves) if move.proved), None)
