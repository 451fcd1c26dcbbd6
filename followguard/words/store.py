"""Decided cards with their texts, as far as these are kept: what the company's lists learn from."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from followguard.domain.follower import Profile
from followguard.domain.labels import DECISIVE, Label, label_of
from followguard.store.tables import decision_evidence, decisions, scores, snapshots
from followguard.store.tables.conditions import COUNTS
from followguard.store.values import profile_of
from followguard.store.work import Queries
from followguard.words.reading import Reading, kept_reading


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedText:
    """A card's newest decision that has a label. `profile` is None once its text was cleared.

    `reading` is what words said when it was scored, `p_spam` the score with that.
    """

    account_id: int
    spam: bool
    p_spam: float
    reading: Reading
    profile: Profile | None


class DecidedTexts(Queries):
    """Decisions with a label that stand, each card's newest."""

    def of(self, account_ids: Collection[int]) -> Iterator[DecidedText]:
        """Yields them, the oldest first."""
        query = _DECIDED.where(decisions.c.account_id.in_(account_ids)).order_by(decisions.c.id)
        newest = {row.item_id: row for row in self._connection.execute(query)}
        for row in newest.values():
            label = label_of(row.kind, row.reason, row.real_account)
            if label is not None:
                yield _decided_of(row, label)


_DECIDED = (
    select(
        decisions.c.item_id,
        decisions.c.kind,
        decisions.c.reason,
        decisions.c.real_account,
        decision_evidence.c.p_spam,
        scores.c.reasons,
        scores.c.look,
        *(column for column in snapshots.c if column.name != "id"),
    )
    .join(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
    .join(scores, scores.c.id == decisions.c.score_id)
    .join(snapshots, snapshots.c.id == scores.c.snapshot_id)
    .where(decisions.c.kind.in_([kind.value for kind in DECISIVE]), COUNTS, decision_evidence.c.p_spam.is_not(None))
)


def _decided_of(row: Row[Any], label: Label) -> DecidedText:
    return DecidedText(
        account_id=row.account_id,
        spam=label is Label.SPAM,
        p_spam=row.p_spam,
        reading=kept_reading(row.reasons, row.look),
        profile=None if row.text_cleared_at is not None else profile_of(row._mapping),
    )
