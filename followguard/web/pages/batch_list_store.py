"""Batches of look-alikes with what became of their cards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from followguard.domain.card import ItemState
from followguard.store.tables import accounts, batches, items
from followguard.store.tables.conditions import OPEN_STATES
from followguard.store.work import Queries

PAGE = 50
DECIDED = (ItemState.REJECTED.value, ItemState.APPROVED.value, ItemState.CLOSED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One batch. `open`: cards that wait; the others by what became of them."""

    number: int
    account: str
    alike: str
    size: int
    found_at: datetime
    open: int
    rejected: int
    approved: int
    closed: int


class BatchList(Queries):
    """Lists batches, those with open cards first, then the newest."""

    def page(self, account_ids: Collection[int], number: int) -> list[BatchRow]:
        """Returns the page of that number, counted from 1, and one row more where another page follows."""
        opened = _count(items.c.state.in_(OPEN_STATES))
        counts = [opened.label("open"), *(_count(items.c.state == state).label(state) for state in DECIDED)]
        query = (
            select(batches, accounts.c.handle, *counts)
            .select_from(batches)
            .join(accounts, accounts.c.id == batches.c.account_id)
            .outerjoin(items, items.c.batch_id == batches.c.id)
            .where(batches.c.account_id.in_(account_ids))
            .group_by(batches.c.id, accounts.c.handle)
            .order_by(case((opened > 0, 0), else_=1), batches.c.id.desc())
        )
        rows = self._connection.execute(query.limit(PAGE + 1).offset((number - 1) * PAGE))
        return [
            BatchRow(
                number=row.id,
                account=row.handle,
                alike=row.alike,
                size=row.size,
                found_at=row.found_at,
                open=row.open,
                rejected=row.rejected,
                approved=row.approved,
                closed=row.closed,
            )
            for row in rows
        ]


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
