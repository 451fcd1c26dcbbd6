"""Days on which nights ran."""

from collections.abc import Collection

from sqlalchemy import select

from followguard.reports.store import NIGHTLY
from followguard.store.tables import runs
from followguard.store.work import Queries


class Nights(Queries):
    """Nights by day."""

    def days(self, account_ids: Collection[int], most: int) -> list[str]:
        """Returns the ISO days on which a night ran for any of these accounts, the newest first."""
        query = select(runs.c.day).distinct().where(runs.c.kind == NIGHTLY, runs.c.account_id.in_(account_ids))
        return list(self._connection.execute(query.order_by(runs.c.day.desc()).limit(most)).scalars())
