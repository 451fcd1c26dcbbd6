"""The labels of a model group as rows to train on, in terms of today's features."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from followguard.accounts.store import Accounts
from followguard.classifier.columns import ProfileColumns
from followguard.classifier.features import FEATURES, extract, packed, schema_hash
from followguard.domain.labels import Label
from followguard.domain.policy import AccountSettings
from followguard.store.work import Work
from followguard.training.context import TrainingContext
from followguard.training.models.serving import LEARNS_NOTHING
from followguard.training.retrain.exports import ExportManifest, LabelRow, row_of
from followguard.training.retrain.labelled_decision import LabelledDecision
from followguard.training.retrain.store import Learning


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableLabels:
    """Labelled decisions, oldest first, whose feature values are of today's table.

    `left_out` counts those whose values are of another one and whose profile's text is gone.
    """

    decisions: tuple[LabelledDecision, ...]
    left_out: int

    @property
    def newest(self) -> int:
        """The id of the newest decision, 0 without any."""
        return self.decisions[-1].decision_id if self.decisions else 0

    def number(self, label: Label) -> int:
        """How many have this label."""
        return sum(each.label is label for each in self.decisions)

    def rows(self, secret: int) -> list[LabelRow]:
        """The decisions as exported."""
        return [row_of(each, secret) for each in self.decisions]


def learners(workshop: TrainingContext, group: str) -> list[AccountSettings]:
    """The group's accounts whose training basis lets it learn from their decisions."""
    return [each for each in workshop.installation.in_group(group) if each.training_basis != LEARNS_NOTHING]


def labels_at_hand(work: Work, accounts: Sequence[AccountSettings]) -> UsableLabels:
    """What the accounts' decisions teach today."""
    handles = {each.handle for each in accounts}
    ids = [row.id for row in Accounts(work).all() if row.handle in handles]
    found = Learning(work).labelled(ids)
    schema = schema_hash()
    renewed = _renewed(work, [each for each in found if each.feature_schema != schema])
    usable = [renewed.get(each.decision_id, each) for each in found]
    fitting = tuple(each for each in usable if each.feature_schema == schema)
    return UsableLabels(decisions=fitting, left_out=len(found) - len(fitting))


def _renewed(work: Work, others: Sequence[LabelledDecision]) -> dict[int, LabelledDecision]:
    """Decision -> the same with values computed anew from the profile that was decided about."""
    profiles = Learning(work).profiles([each.decision_id for each in others])
    known = [each for each in others if each.decision_id in profiles]
    if not known:
        return {}
    matrix = extract(ProfileColumns.from_profiles([profiles[each.decision_id] for each in known]))
    schema = schema_hash()
    return {
        each.decision_id: replace(each, features=packed(row), feature_schema=schema)
        for each, row in zip(known, matrix, strict=True)
    }


def export_labels(workshop: TrainingContext, group: str, name: str, at_hand: UsableLabels, seed: int) -> ExportManifest:
    """Writes the export of a model about to be trained; returns its manifest. Raises `StoreFailed`."""
    counted = Counter(each.label for each in at_hand.decisions)
    manifest = ExportManifest(
        group=group,
        name=name,
        created_at=workshop.now.isoformat(),
        feature_schema=schema_hash(),
        features=tuple(feature.name for feature in FEATURES),
        parent=workshop.shelf.base_manifest().content_sha256,
        seed=seed,
        genuine=counted[Label.GENUINE],
        spam=counted[Label.SPAM],
        left_out=at_hand.left_out,
        newest_decision=at_hand.newest,
    )
    return workshop.exports.write(manifest, at_hand.rows(workshop.secret))
