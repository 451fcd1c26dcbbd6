"""The night's last stage: a group that has enough new labels learns, in a process of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from followguard.accounts.store import Accounts
from followguard.domain.house_model import champion_id
from followguard.domain.installation import Installation
from followguard.domain.policy import AccountSettings
from followguard.errors import FollowguardError, Unexpected
from followguard.reports.receipt import Receipt
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.training.models.serving import LEARNS_NOTHING
from followguard.training.store import Learning, Models


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrainStep:
    """`retrain` gives the JSON of `followguard retrain` for an account, or raises a `FollowguardError`."""

    installation: Installation
    store: Store
    retrain: Callable[[str], dict[str, Any]]
    say: Callable[[str], None]

    def run(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        """Retrains each group that is due and had a night; what came of it, or went wrong, is in its receipts.

        Returns the receipts that have something new in them. Raises nothing, for a fault of the program neither.
        """
        touched = []
        for group in dict.fromkeys(self._group(receipt) for receipt in receipts if receipt.began):
            mine = [receipt for receipt in receipts if receipt.began and self._group(receipt) == group]
            try:
                handle = self._due(group)
                done = None if handle is None else self.retrain(handle)
            except Exception as error:  # noqa: BLE001 - nothing that goes wrong here undoes a night
                mine[0].errors.append(error if isinstance(error, FollowguardError) else Unexpected.of(error))
                touched.append(mine[0])
                continue
            if done is not None:
                self.say(f"model group {group}: retrain {done['outcome']}, {done['why']}")
                for receipt in mine:
                    receipt.retrain = done
                touched += mine
        return touched

    def _group(self, receipt: Receipt) -> str:
        return self.installation.account(receipt.account).model_group

    def _due(self, group: str) -> str | None:
        """Returns the account to name, where the group is due."""
        learning = [each for each in self.installation.in_group(group) if each.training_basis != LEARNS_NOTHING]
        with self.store.begin() as work:
            return learning[0].handle if learning and is_due(work, group, learning) else None


def is_due(work: Work, group: str, learning: Sequence[AccountSettings]) -> bool:
    """Tells whether as many labels are new as the least `retrain_after_decisions` above 0 asks for.

    Or the champion was retired because somebody was forgotten, and nothing took its place.
    """
    champion = champion_id(Models(work).moves(group))
    if any(model.id == champion and model.retired_at is not None for model in Models(work).all(group)):
        return True
    wanted = [each.policy.retrain_after_decisions for each in learning if each.policy.retrain_after_decisions > 0]
    if not wanted:
        return False
    attempts = Learning(work).retrainings(group)
    seen = attempts[-1].newest_decision if attempts else 0
    handles = {each.handle for each in learning}
    labelled = Learning(work).labelled([row.id for row in Accounts(work).all() if row.handle in handles])
    return sum(each.decision_id > seen for each in labelled) >= min(wanted)
