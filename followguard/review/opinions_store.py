"""Opinions of people about followers, and how fast they approved, also where they took it back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, select

from followguard.domain.labels import DECISIVE, Kind, Label
from followguard.review.agreement import Judgement, opinion_of
from followguard.review.approval_speed import Approval
from followguard.review.store import APPROVING
from followguard.store.tables import accounts, decisions, followers, people, snapshots
from followguard.store.tables.conditions import DISTRUSTED, UNDOING
from followguard.store.work import Queries


class Opinions(Queries):
    """Opinions and approvals of people, also those that they took back."""

    def judgements(self, account_ids: Collection[int]) -> list[Judgement]:
        """Returns all that people said about followers of these accounts that tells spam from genuine, oldest first.

        Also what was taken back since, and proposals, which count as genuine.
        """
        rows = self._connection.execute(_JUDGED.where(decisions.c.account_id.in_(account_ids)).order_by(decisions.c.id))
        found = [(opinion_of(row.kind, row.reason, row.real_account), row) for row in rows]
        return [_judgement_of(row, label) for label, row in found if label is not None]

    def approvals(self, since: datetime | None = None) -> list[Approval]:
        """Returns everybody's approvals and proposals, in the order they were recorded."""
        query = _APPROVALS if since is None else _APPROVALS.where(decisions.c.at >= since)
        return [Approval(**row._mapping) for row in self._connection.execute(query.order_by(decisions.c.id))]


_OF_DECISION = and_(
    followers.c.account_id == decisions.c.account_id, followers.c.follower_id == decisions.c.follower_id
)


_UNDO = decisions.alias("undo")


_JUDGED = (
    select(
        decisions,
        accounts.c.handle,
        people.c.pseudonym,
        snapshots.c.username,
        (_UNDO.c.person_id == decisions.c.person_id).label("withdrawn"),
    )
    .join(accounts, accounts.c.id == decisions.c.account_id)
    .join(people, people.c.id == decisions.c.person_id)
    .join(followers, _OF_DECISION)
    .outerjoin(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .outerjoin(_UNDO, _UNDO.c.undoes == decisions.c.id)
    .where(decisions.c.kind.in_([kind.value for kind in (Kind.PROPOSE, *DECISIVE)]), ~DISTRUSTED)
)


def _judgement_of(row: Row[Any], label: Label) -> Judgement:
    return Judgement(
        decision_id=row.id,
        account=row.handle,
        item=row.item_id,
        follower_id=row.follower_id,
        username=row.username,
        person=row.pseudonym,
        label=label,
        at=row.at,
        withdrawn=bool(row.withdrawn),
        overrules=row.kind == Kind.OVERRULE,
    )


_APPROVALS: Select[Any] = (
    select(
        decisions.c.id.label("decision_id"),
        people.c.name.label("person"),
        accounts.c.handle.label("account"),
        decisions.c.item_id.label("item"),
        decisions.c.follower_id,
        decisions.c.at,
        (~exists().where(UNDOING.c.undoes == decisions.c.id)).label("stands"),
    )
    .select_from(decisions)
    .join(people, people.c.id == decisions.c.person_id)
    .join(accounts, accounts.c.id == decisions.c.account_id)
    .where(decisions.c.kind.in_(APPROVING))
)
