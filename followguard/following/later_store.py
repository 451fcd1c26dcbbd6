"""Cards that somebody set aside for later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from followguard.domain.units import day_of
from followguard.store.tables import decisions, items
from followguard.store.work import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterCard:
    """A card set aside until the ISO day `due`. `shown_hash` is the look that was set aside."""

    item_id: int
    follower_id: str
    due: str | None
    shown_hash: str


class LaterCards(Queries):
    """Cards that were set aside, as they come due or need no decision any more."""

    def open(self, account_id: int) -> list[LaterCard]:
        """Returns cards that somebody set aside, the earliest first."""
        last = select(func.max(decisions.c.id)).where(decisions.c.item_id == items.c.id, decisions.c.kind == "later")
        due = func.coalesce(items.c.due, decisions.c.until)
        query = (
            select(items.c.id, items.c.follower_id, due.label("due"), decisions.c.shown_hash)
            .select_from(items.join(decisions, decisions.c.item_id == items.c.id))
            .where(items.c.account_id == account_id, items.c.state == "later")
            .where(decisions.c.id == last.correlate(items).scalar_subquery())
            .order_by(due, items.c.id)
        )
        return [
            LaterCard(item_id=row.id, follower_id=row.follower_id, due=row.due, shown_hash=row.shown_hash)
            for row in self._connection.execute(query)
        ]

    def bring_forward(self, item_id: int, note: str, now: datetime) -> bool:
        """Makes a card that was set aside due today, with a note why. False when it isn't set aside any more."""
        return self._change(item_id, {"note": note, "due": day_of(now), "updated_at": now})

    def close(self, item_id: int, why: str, now: datetime) -> bool:
        """Closes a card that was set aside and needs no decision. False when it isn't set aside any more."""
        return self._change(item_id, {"state": "closed", "closed_why": why, "updated_at": now})

    def _change(self, item_id: int, values: dict[str, Any]) -> bool:
        statement = update(items).where(items.c.id == item_id, items.c.state == "later")
        return self._connection.execute(statement.values(values)).rowcount == 1
