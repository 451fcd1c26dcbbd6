"""What learning works with: the store, the shelf of models, the exports of labels, the time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from followguard.adapters.store.work import Store
from followguard.domain.installation import Installation
from followguard.domain.label_export import ExportManifest, LabelRow
from followguard.domain.manifest import Manifest
from followguard.errors import FollowguardError, UsageError
from followguard.jobs.budget import Clock
from followguard.learning.model import Model
from followguard.learning.scoring import Scorer

Tell = Callable[[FollowguardError], None]


class Shelved(Protocol):
    """A model that was read: its arrays by name, and its manifest."""

    @property
    def parts(self) -> Mapping[str, Any]: ...
    @property
    def manifest(self) -> Manifest: ...


class Shelf(Protocol):
    """Model folders."""

    def base(self) -> Shelved:
        """The shipped base model. Raises `DamagedModel`."""
        ...

    def base_manifest(self) -> Manifest:
        """What is on record of the base model, its file hashed and not loaded. Raises `DamagedModel`."""
        ...

    def manifest(self, group: str, name: str, file_sha256: str) -> Manifest:
        """What is on record of a house model, its file hashed and not loaded. Raises `DamagedModel`."""
        ...

    def load(self, group: str, name: str, file_sha256: str) -> Shelved:
        """A house model whose file is the one on record. Raises `DamagedModel`."""
        ...

    def save(self, group: str, parts: Mapping[str, Any], manifest: Manifest, card: str) -> Manifest:
        """Writes a house model; returns the manifest with the file's sha256. Raises `StoreFailed`."""
        ...

    def remove(self, group: str, name: str) -> None:
        """Takes a house model away. Raises `StoreFailed`."""
        ...

    def remove_others(self, group: str, kept: Collection[str]) -> None:
        """Takes away all house models of a group but these, half-written ones too. Raises `StoreFailed`."""
        ...


class Exports(Protocol):
    """Labels as files."""

    def write(self, manifest: ExportManifest, rows: Sequence[LabelRow]) -> ExportManifest:
        """Returns the manifest with the file's sha256. Raises `StoreFailed`."""
        ...

    def read(self, group: str, name: str, file_sha256: str | None = None) -> tuple[ExportManifest, list[LabelRow]]:
        """`file_sha256` is the one that the database holds. Raises `DamagedExport`."""
        ...

    def remove(self, group: str, name: str) -> None:
        """Raises `StoreFailed`."""
        ...

    def remove_others(self, group: str, kept: Collection[str]) -> None:
        """All exports of a group but these, half-written ones too. Raises `StoreFailed`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingContext:
    """`seed` is what the audit's draws start from, `secret` what pseudonyms in exports are made with.

    `load_scorer` gives what scores an account, and tells what kept its champion from doing so.
    """

    installation: Installation
    store: Store
    shelf: Shelf
    exports: Exports
    load_scorer: Callable[[str, Tell], Scorer]
    clock: Clock
    seed: int
    secret: int

    @property
    def now(self) -> datetime:
        """Aware UTC."""
        return self.clock()

    def group(self, handle: str | None) -> str:
        """The model group of the account named, or the only one there is. Raises `UsageError`, `UnknownAccount`."""
        if handle is not None:
            return self.installation.account(handle).model_group
        groups = sorted({settings.model_group for settings in self.installation.accounts.values()})
        if len(groups) > 1:
            raise UsageError(
                f"There are {len(groups)} model groups: {', '.join(groups)}.", "Say which with --account HANDLE."
            )
        return groups[0]


def model_of(shelved: Shelved) -> Model:
    """The model as it scores."""
    return Model.of_parts(shelved.parts)
