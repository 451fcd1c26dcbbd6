"""Routes that people chose for followers by hand."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from followguard.domain.card import Card
from followguard.domain.note import Routing
from followguard.store.tables import people, routings
from followguard.store.values import chunks
from followguard.store.work import Queries, made


class Routings(Queries):
    """Routings: added, and taken back by another act."""

    def add(self, card: Card, route: str, person_id: int, now: datetime) -> int:
        """Sends a follower a route's way; returns the routing's id."""
        values = {"item_id": card.item, "account_id": card.account_id, "follower_id": card.follower_id}
        values |= {"route": route, "person_id": person_id, "at": now}
        return int(made(self._covered.insert(insert(routings).values(values), now)).id)

    def take_back(self, routing_id: int, person_id: int, now: datetime) -> None:
        """Ends a routing that stands."""
        statement = update(routings).where(routings.c.id == routing_id, routings.c.taken_back_at.is_(None))
        self._covered.update(statement.values(taken_back_at=now, taken_back_by=person_id), now)

    def of_items(self, wanted: Collection[int]) -> list[Routing]:
        """Returns the routings of these cards that stand, the oldest first."""
        found: list[Routing] = []
        for part in chunks(sorted(wanted)):
            query = _ROUTINGS.where(routings.c.item_id.in_(part)).order_by(routings.c.id)
            found += [_routing_of(row) for row in self._connection.execute(query)]
        return found

    def of_accounts(self, account_ids: Collection[int]) -> list[Routing]:
        """Returns the routings of these accounts that stand, the oldest first: for lists of many cards."""
        query = _ROUTINGS.where(routings.c.account_id.in_(account_ids)).order_by(routings.c.id)
        return [_routing_of(row) for row in self._connection.execute(query)]


_ROUTINGS: Select[Any] = (
    select(routings, people.c.name.label("person"))
    .join(people, people.c.id == routings.c.person_id)
    .where(routings.c.taken_back_at.is_(None))
)


def _routing_of(row: Row[Any]) -> Routing:
    return Routing(
        id=row.id,
        item=row.item_id,
        account_id=row.account_id,
        follower_id=row.follower_id,
        route=row.route,
        person_id=row.person_id,
        person=row.person,
        at=row.at,
    )
