"""One follower's file: everything on record about them for one account, also without a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, select

from followguard.domain.follower import Profile
from followguard.domain.policy import Band, LookMark, Reason
from followguard.store.tables import accounts, attempts, followers, items, orders, scores, snapshots, unfollows
from followguard.store.values import profile_of
from followguard.store.work import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """A recorded follower of an account. `item` None: no card."""

    account: str
    account_id: int
    follower_id: str
    item: int | None
    first_seen_at: datetime
    last_seen_at: datetime
    left_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookThen:
    """How X showed them at one time. `cleared`: its text is gone, as `[retention]` says."""

    profile: Profile
    cleared: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to an order, at a time: a word for it, and what else is known."""

    at: datetime
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreOnRecord:
    """A verdict of a model about a look."""

    at: datetime
    model: str
    band: Band
    p_spam: float
    reasons: tuple[Reason, ...]
    look: tuple[LookMark, ...]


ORDER_TIMES = (
    ("created_at", "order"),
    ("handed_off_at", "handed_off"),
    ("sent_at", "sent"),
    ("confirmed_at", "confirmed"),
)


class FollowerFile(Queries):
    """What is on record about one follower."""

    def by_item(self, item: int) -> OnRecord | None:
        """Finds the follower of a card."""
        return self._one(items.c.id == item)

    def by_id(self, handle: str, follower_id: str) -> OnRecord | None:
        """Finds a follower of an account, with or without a card."""
        return self._one(and_(accounts.c.handle == handle, followers.c.follower_id == follower_id))

    def accounts_of(self, follower_id: str) -> set[int]:
        """Returns the accounts that have them on record."""
        query = select(followers.c.account_id).where(followers.c.follower_id == follower_id)
        return set(self._connection.execute(query).scalars())

    def looks(self, of: OnRecord) -> list[LookThen]:
        """Returns how they looked over time, the oldest first."""
        query = select(snapshots).where(_theirs(snapshots, of)).order_by(snapshots.c.observed_at, snapshots.c.id)
        rows = self._connection.execute(query)
        return [LookThen(profile_of(row._mapping), row.text_cleared_at is not None) for row in rows]

    def orders(self, of: OnRecord) -> list[Happened]:
        """Returns what became of follow orders, with each attempt and what is to be unfollowed by hand."""
        found: list[Happened] = []
        for row in self._connection.execute(select(orders).where(_theirs(orders, of)).order_by(orders.c.id)):
            found += _steps_of(row)
        tried = select(attempts).join(orders, orders.c.id == attempts.c.order_id).where(_theirs(orders, of))
        for row in self._connection.execute(tried.order_by(attempts.c.id)):
            found.append(Happened(row.at, "attempt", f"{row.outcome}{f': {row.detail}' if row.detail else ''}"))
        for row in self._connection.execute(select(unfollows).where(_theirs(unfollows, of))):
            found.append(Happened(row.since, "unfollow"))
            if row.ended_at is not None:
                found.append(Happened(row.ended_at, "unfollowed", row.ended_why))
        return found

    def scores(self, of: OnRecord, most: int) -> list[ScoreOnRecord]:
        """Returns the newest verdicts, the newest first."""
        query = select(scores).where(_theirs(scores, of)).order_by(scores.c.id.desc()).limit(most)
        return [_score_of(row) for row in self._connection.execute(query)]

    def _one(self, condition: Any) -> OnRecord | None:
        same = and_(items.c.account_id == followers.c.account_id, items.c.follower_id == followers.c.follower_id)
        query = (
            select(accounts.c.handle, followers, items.c.id.label("item"))
            .select_from(followers)
            .join(accounts, accounts.c.id == followers.c.account_id)
            .outerjoin(items, same)
            .where(condition)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        names = ("account_id", "follower_id", "item", "first_seen_at", "last_seen_at", "left_at", "returned_at")
        return OnRecord(account=row.handle, **{name: getattr(row, name) for name in names})


def _theirs(table: Any, of: OnRecord) -> Any:
    return and_(table.c.account_id == of.account_id, table.c.follower_id == of.follower_id)


def _steps_of(row: Row[Any]) -> Sequence[Happened]:
    found = [Happened(at, what) for name, what in ORDER_TIMES if (at := getattr(row, name)) is not None]
    if row.state == "void" and row.ended_at is not None:
        found.append(Happened(row.ended_at, "void", row.why or ""))
    return found


def _score_of(row: Row[Any]) -> ScoreOnRecord:
    return ScoreOnRecord(
        at=row.scored_at,
        model=row.model,
        band=Band(row.band),
        p_spam=row.p_spam,
        reasons=tuple(Reason(each["code"], each["text"], each["weight"]) for each in row.reasons or ()),
        look=tuple(LookMark(mark["code"], mark["text"]) for mark in row.look or ()),
    )
