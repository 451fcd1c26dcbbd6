"""What notifications read and keep in the database: how fast people decide."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from followguard.domain.labels import Kind
from followguard.store.tables import decisions
from followguard.store.work import Queries

LOOKED = (Kind.APPROVE, Kind.PROPOSE, Kind.REJECT, Kind.LATER)
"""Decisions that somebody makes after looking at a card."""


class DecisionTimes(Queries):
    """When people decided."""

    def since(self, since: datetime) -> list[Sequence[datetime]]:
        """Returns the moments of each person's decisions, in the order they were made."""
        query = select(decisions.c.person_id, decisions.c.at).where(
            decisions.c.at >= since, decisions.c.kind.in_([kind.value for kind in LOOKED])
        )
        found: dict[int, list[datetime]] = {}
        for row in self._connection.execute(query.order_by(decisions.c.id)):
            found.setdefault(row.person_id, []).append(row.at)
        return list(found.values())
