"""What a person decided in a time that isn't trusted: decisions, open orders, and what was followed of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, insert, or_, select

from followguard.domain.labels import DECISIVE, Kind, label_of
from followguard.domain.order import UNFOLLOW_ADDRESS, UNSENT_STATES, OrderState
from followguard.store.tables import accounts, blind_tests, decisions, distrusts, followers, items, orders, snapshots
from followguard.store.tables.conditions import DISTRUSTED, OF_FOLLOWER, STANDS, TEST_DISTRUSTED
from followguard.store.work import Queries, made

CERTAIN = (OrderState.SENT.value, OrderState.CONFIRMED.value)
UNDER_WAY = (*CERTAIN, OrderState.SENDING.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedThen:
    """Somebody who was followed, or may have been, by an approval that isn't trusted. `certain`: X took the follow."""

    account: str
    item: int
    follower_id: str
    username: str | None
    certain: bool

    def as_row(self) -> dict[str, Any]:
        """Gives one of `followed` in the JSON."""
        named = {"account": self.account, "item": self.item, "follower_id": self.follower_id}
        return named | {"username": self.username, "url": self.url, "certain": self.certain}

    @property
    def url(self) -> str:
        """The profile's address, for a person who is signed in as the account."""
        return f"{UNFOLLOW_ADDRESS}{self.follower_id}"


class Distrusts(Queries):
    """Acts of distrust, which are only ever added: another one lifts them."""

    def add(self, person_id: int, since: datetime, by: int, now: datetime) -> None:
        """Adds an act about all that the person has decided from a time on until now."""
        newest = self._connection.execute(select(func.coalesce(func.max(decisions.c.id), 0))).scalar_one()
        values = {"person_id": person_id, "since": since, "newest_decision": newest, "by_person_id": by, "at": now}
        made(self._covered.insert(insert(distrusts).values(values), now))

    def lift(self, person_id: int, by: int, now: datetime) -> int:
        """Lifts every act about the person that is in force; returns how many."""
        lifted = distrusts.alias("lifted")
        standing = distrusts.c.person_id == person_id, distrusts.c.lifts.is_(None)
        query = select(distrusts).where(*standing, ~exists().where(lifted.c.lifts == distrusts.c.id))
        rows = self._connection.execute(query.order_by(distrusts.c.id)).all()
        for row in rows:
            values = {"person_id": person_id, "since": row.since, "newest_decision": row.newest_decision}
            values |= {"by_person_id": by, "at": now, "lifts": row.id}
            made(self._covered.insert(insert(distrusts).values(values), now))
        return len(rows)

    def is_news(self, person_id: int, since: datetime) -> bool:
        """Tells whether the person decided or judged something since then that is still trusted."""
        decided = exists().where(_decided(person_id, since), ~DISTRUSTED)
        judged = exists().where(
            blind_tests.c.person_id == person_id, blind_tests.c.started_at >= since, ~TEST_DISTRUSTED
        )
        return bool(self._connection.execute(select(or_(decided, judged))).scalar_one())

    def labels(self, person_id: int, since: datetime) -> int:
        """Counts the labels that the person gave since then and that stand."""
        kinds = decisions.c.kind.in_([kind.value for kind in DECISIVE])
        query = select(decisions).where(_decided(person_id, since), kinds, STANDS)
        rows = self._connection.execute(query)
        return sum(label_of(row.kind, row.reason, row.real_account) is not None for row in rows)

    def number(self, person_id: int, since: datetime) -> int:
        """Counts the person's decisions since then, taken back ones too."""
        query = select(func.count()).select_from(decisions).where(_decided(person_id, since))
        return int(self._connection.execute(query).scalar_one())

    def rejected(self, person_id: int, since: datetime) -> int:
        """Counts cards that are rejected by what the person decided since then."""
        barring = decisions.c.kind.in_((Kind.REJECT.value, Kind.OVERRULE.value)), decisions.c.reason.is_not(None)
        query = select(func.count(items.c.id.distinct())).join(decisions, decisions.c.item_id == items.c.id)
        wanted = query.where(_decided(person_id, since), *barring, STANDS, items.c.state == "rejected")
        return int(self._connection.execute(wanted).scalar_one())

    def unsent(self, person_id: int, since: datetime) -> list[int]:
        """Returns the orders from what the person approved since then that nobody has carried out for sure."""
        states = orders.c.state.in_([state.value for state in UNSENT_STATES])
        query = select(orders.c.id).join(decisions, decisions.c.id == orders.c.decision_id)
        rows = self._connection.execute(query.where(_decided(person_id, since), states).order_by(orders.c.id))
        return list(rows.scalars())

    def followed(self, person_id: int, since: datetime) -> list[FollowedThen]:
        """Returns whom we follow by what the person approved since then, or may follow: links were handed out.

        Whose approval was overruled since stands on another list.
        """
        overruled = decisions.alias("overruling")
        later = exists().where(
            overruled.c.item_id == decisions.c.item_id, overruled.c.id > decisions.c.id, overruled.c.kind == "overrule"
        )
        went = or_(orders.c.state.in_(UNDER_WAY), orders.c.handed_off_at.is_not(None))
        columns = (accounts.c.handle, items.c.id.label("item"), items.c.follower_id, snapshots.c.username)
        query = (
            select(*columns, orders.c.state)
            .select_from(orders)
            .join(decisions, decisions.c.id == orders.c.decision_id)
            .join(items, items.c.id == decisions.c.item_id)
            .join(accounts, accounts.c.id == items.c.account_id)
            .join(followers, OF_FOLLOWER)
            .outerjoin(snapshots, snapshots.c.id == followers.c.snapshot_id)
            .where(_decided(person_id, since), went, ~later)
            .order_by(accounts.c.handle, orders.c.id)
        )
        found = {row.item: _followed_of(row) for row in self._connection.execute(query)}
        return list(found.values())


def _decided(person_id: int, since: datetime) -> ColumnElement[bool]:
    return (decisions.c.person_id == person_id) & (decisions.c.at >= since) & (decisions.c.kind != Kind.UNDO.value)


def _followed_of(row: Any) -> FollowedThen:
    return FollowedThen(
        account=row.handle,
        item=row.item,
        follower_id=row.follower_id,
        username=row.username,
        certain=row.state in CERTAIN,
    )
