"""What notifications read and keep: people's own targets, what departments have heard, how fast people decide."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, select, update

from followguard.domain.labels import Kind
from followguard.store.seals import is_proved
from followguard.store.tables import (
    decision_evidence,
    decisions,
    followers,
    person_targets,
    route_marks,
    routings,
    snapshots,
)
from followguard.store.tables.conditions import STANDS
from followguard.store.values import insert_for
from followguard.store.work import Queries


class PersonTargets(Queries):
    """The environment variables that hold people's own targets."""

    def all(self) -> dict[int, str]:
        """Maps people to variables. One that the log doesn't vouch for counts for nothing."""
        rows = self._connection.execute(select(person_targets).order_by(person_targets.c.person_id)).all()
        proved = [row for row in rows if self._proved(row.person_id)]
        return {row.person_id: row.variable for row in proved}

    def holder(self, variable: str) -> int | None:
        """Returns whose variable it is."""
        query = select(person_targets.c.person_id).where(person_targets.c.variable == variable)
        found: int | None = self._connection.execute(query).scalar()
        return found

    def put(self, person_id: int, variable: str, by: int, now: datetime) -> None:
        """Notes the person's variable, in the place of another one."""
        values = {"variable": variable, "set_by": by, "set_at": now}
        mine = update(person_targets).where(person_targets.c.person_id == person_id)
        if not self._covered.update(mine.values(**values), now):
            self._covered.insert(person_targets.insert().values(person_id=person_id, **values), now)

    def remove(self, person_id: int, now: datetime) -> bool:
        """Removes it; tells whether there was one."""
        return self._covered.delete(delete(person_targets).where(person_targets.c.person_id == person_id), now) > 0

    def _proved(self, person_id: int) -> bool:
        written = self._covered.has_written(person_targets, person_id)
        return written or is_proved(self._connection, "person_targets", person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOnward:
    """A follower whom a person approved or routed. `row`: of the decision or routing; `bio`: as the person saw it."""

    row: int
    at: datetime
    follower_id: str
    username: str | None
    bio: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkKey:
    """Key of a mark: one target of a department of an account. `source`: the table whose rows the target heard of."""

    account_id: int
    route: str
    target: str
    source: str = "decisions"


_OVERRULING = decisions.alias("overruling")
_APPROVED = (
    select(decisions.c.id.label("row"), decisions.c.at, decisions.c.follower_id, snapshots.c.username,
           decision_evidence.c.shown)
    .outerjoin(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
    .join(followers, and_(followers.c.account_id == decisions.c.account_id,
                          followers.c.follower_id == decisions.c.follower_id))
    .outerjoin(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .where(decisions.c.kind == Kind.APPROVE.value, STANDS,
           ~exists().where(_OVERRULING.c.overrules == decisions.c.id))
    .order_by(decisions.c.id)
)  # fmt: skip


_ROUTED = (
    select(routings.c.id.label("row"), routings.c.at, routings.c.follower_id, snapshots.c.username)
    .join(followers, and_(followers.c.account_id == routings.c.account_id,
                          followers.c.follower_id == routings.c.follower_id))
    .outerjoin(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .where(routings.c.taken_back_at.is_(None))
    .order_by(routings.c.id)
)  # fmt: skip
_SOURCES: Mapping[str, Table] = {"decisions": decisions, "routings": routings}


class RouteMarks(Queries):
    """How far each target of a department has heard."""

    def heard(self, key: MarkKey, since: datetime) -> int:
        """Returns the newest row of the source that the target has heard of.

        One whose message was under way when the program ended has heard it, perhaps. A target that is new has heard
        whatever was decided before `since`.
        """
        row = self._connection.execute(select(route_marks).where(_is(key))).one_or_none()
        if row is not None:
            return int(row.told if row.sending is None else row.sending)
        table = _SOURCES[key.source]
        before = select(func.coalesce(func.max(table.c.id), 0)).where(table.c.at < since)
        return int(self._connection.execute(before).scalar_one())

    def put(self, key: MarkKey, told: int, now: datetime, sending: int | None = None) -> None:
        """Notes how far the target has heard; `sending`: and that a message up to that row goes out now."""
        names = asdict(key)
        values = {"told": told, "sending": sending, "at": now}
        insert = insert_for(self._connection, route_marks).values(**names, **values)
        self._connection.execute(insert.on_conflict_do_update(index_elements=list(names), set_=values))

    def approved(self, account_id: int, after: int) -> list[SentOnward]:
        """Returns whom people approved by decisions after that one, if these stand."""
        query = _APPROVED.where(decisions.c.account_id == account_id, decisions.c.id > after)
        return [_approved_of(row) for row in self._connection.execute(query)]

    def routed(self, key: MarkKey, after: int) -> list[SentOnward]:
        """Returns whom people sent that way by hand, by routings after that one that weren't taken back."""
        mine = routings.c.account_id == key.account_id, routings.c.route == key.route, routings.c.id > after
        return [SentOnward(**row._mapping) for row in self._connection.execute(_ROUTED.where(*mine))]


def _approved_of(row: Any) -> SentOnward:
    bio = (row.shown or {}).get("bio")
    return SentOnward(row=row.row, at=row.at, follower_id=row.follower_id, username=row.username, bio=bio)


def _is(key: MarkKey) -> ColumnElement[bool]:
    return and_(*(route_marks.c[name] == value for name, value in asdict(key).items()))
