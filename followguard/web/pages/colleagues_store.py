"""Who decided about followers of some accounts."""

from collections.abc import Collection

from sqlalchemy import select

from followguard.store.tables import decisions
from followguard.store.work import Queries


class Decided(Queries):
    """People by what they decided."""

    def among(self, account_ids: Collection[int]) -> set[int]:
        """Returns the ids of people who decided something for one of these accounts."""
        query = select(decisions.c.person_id).distinct().where(decisions.c.account_id.in_(account_ids))
        return set(self._connection.execute(query).scalars())
