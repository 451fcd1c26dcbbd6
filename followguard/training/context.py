"""What learning works with: the store, the shelf of models, the exports of labels, the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from followguard.accounts.budget import Clock
from followguard.classifier.model import Model
from followguard.classifier.scoring import Scorer
from followguard.cli.opened import clock_of, seed_of
from followguard.domain.installation import Installation
from followguard.errors import Tell, UsageError
from followguard.store.store import Store
from followguard.training.models.folders import ModelFolders, StoredModel
from followguard.training.models.serving import load_scorer, model_folders
from followguard.training.retrain.export_files import LabelExports


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


def model_of(shelved: StoredModel) -> Model:
    """The model as it scores."""
    return Model.of_parts(shelved.parts)


def training_context(installation: "Installation", store: "Store") -> "TrainingContext":
    """What learning works with."""
    from threadpoolctl import threadpool_limits

    from followguard.training.context import TrainingContext

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
