"""Everybody ever seen, found by what a person remembers of them: one page of rows at a time, by SQL."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select

from followguard.domain.card import ItemState
from followguard.store.tables import accounts, decisions, followers, items, people, routings, snapshots
from followguard.store.tables.conditions import OF_FOLLOWER, OPEN_STATES
from followguard.store.work import Queries

PAGE = 50
HELD_BACK, LEFT, NO_CARD = "held_back", "left", "no_card"
STATES = (*(each.value for each in ItemState if each is not ItemState.CLAIMED), HELD_BACK, LEFT, NO_CARD)
ITEM = "item:"
ASCII_FOLDED = str.maketrans(ascii_uppercase, ascii_lowercase)
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteWords:
    """A route: the words to look for in bios, beside what people chose by hand under this name."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; everything given must fit. `page` counts from 1, the newest followers first.

    `text`: part of a name or username, `@` and the beginning of a username, an id, or `item:N`. `words`: each in the
    bio. `until` isn't included.
    """

    account_ids: Collection[int]
    text: str = ""
    state: str = ""
    person_id: int | None = None
    route: RouteWords | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: Sequence[str] = ()
    batch: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """One follower as the list shows them. `state` None: no card. `by`: who decided last."""

    account: str
    account_id: int
    follower_id: str
    item: int | None
    name: str | None
    username: str | None
    bio: str | None
    first_seen_at: datetime
    left_at: datetime | None
    state: str | None
    closed_why: str | None
    held_back: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of what was found. `more`: there is another one after it."""

    rows: tuple[FoundRow, ...]
    more: bool


class Everybody(Queries):
    """Searches followers of all times."""

    def find(self, wanted: Search) -> FoundPage:
        """Returns one page of those who fit."""
        query = self._narrowed(_ROWS.where(followers.c.account_id.in_(wanted.account_ids)), wanted)
        query = query.order_by(followers.c.first_seen_at.desc(), followers.c.follower_id, followers.c.account_id)
        rows = self._connection.execute(query.limit(PAGE + 1).offset((wanted.page - 1) * PAGE)).all()
        deciders = self._deciders([row.item for row in rows[:PAGE] if row.item is not None])
        return FoundPage(tuple(_found(row, deciders) for row in rows[:PAGE]), len(rows) > PAGE)

    def people(self, account_ids: Collection[int]) -> list[tuple[int, str]]:
        """Returns who ever decided about followers of these accounts: id and name, by name."""
        decided = exists().where(decisions.c.person_id == people.c.id, decisions.c.account_id.in_(account_ids))
        query = select(people.c.id, people.c.name).where(decided).order_by(people.c.name)
        return [(row.id, row.name) for row in self._connection.execute(query)]

    def _narrowed(self, query: Select[Any], wanted: Search) -> Select[Any]:
        first = followers.c.first_seen_at
        conditions: tuple[tuple[object, Callable[[], ColumnElement[bool]]], ...] = (
            (wanted.text, lambda: self._named(wanted.text)),
            (wanted.words, lambda: and_(*(self._contains(snapshots.c.description, each) for each in wanted.words))),
            (wanted.state, lambda: _state(wanted.state)),
            (wanted.person_id, lambda: _decided_by(wanted.person_id)),
            (wanted.batch, lambda: items.c.batch_id == wanted.batch),
            (wanted.route, lambda: self._routed(wanted.route or RouteWords(name="", words=()))),
            (wanted.since, lambda: first >= wanted.since),
            (wanted.until, lambda: first < wanted.until),
        )
        return query.where(*(condition() for given, condition in conditions if given))

    def _named(self, text: str) -> ColumnElement[bool]:
        number = text.lower().removeprefix(ITEM)
        if number != text.lower():
            sound = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
            return items.c.id == int(number) if sound else false()
        if text.startswith("@"):
            return self._like(snapshots.c.username, f"{_literally(text[1:])}%")
        inside = self._contains(snapshots.c.name, text) | self._contains(snapshots.c.username, text)
        return or_(inside, followers.c.follower_id == text) if text.isascii() and text.isdigit() else inside

    def _routed(self, route: RouteWords) -> ColumnElement[bool]:
        standing = routings.c.route == route.name, routings.c.taken_back_at.is_(None)
        by_hand = items.c.id.in_(select(routings.c.item_id).where(*standing))
        return or_(by_hand, *(self._contains(snapshots.c.description, word) for word in route.words))

    def _contains(self, column: Any, text: str) -> ColumnElement[bool]:
        """Looks for the text in any case; where only ASCII is folded, other letters in their usual spellings."""
        return or_(*(self._like(column, f"%{_literally(each)}%") for each in _spellings(text)))

    def _like(self, column: Any, pattern: str) -> ColumnElement[bool]:
        sqlite = self._connection.dialect.name == "sqlite"  # its LIKE folds ASCII already, and faster
        found: ColumnElement[bool] = column.like(pattern, escape="\\") if sqlite else column.ilike(pattern, escape="\\")
        return found

    def _deciders(self, wanted: Sequence[int]) -> dict[int, str]:
        newest = select(func.max(decisions.c.id)).where(decisions.c.item_id.in_(wanted)).group_by(decisions.c.item_id)
        query = select(decisions.c.item_id, people.c.name).join(people, people.c.id == decisions.c.person_id)
        rows = self._connection.execute(query.where(decisions.c.id.in_(newest)))
        return {row.item_id: row.name for row in rows}


_ROWS = (
    select(
        accounts.c.handle,
        followers.c.account_id,
        followers.c.follower_id,
        followers.c.first_seen_at,
        followers.c.left_at,
        snapshots.c.name,
        snapshots.c.username,
        snapshots.c.description,
        items.c.id.label("item"),
        items.c.state,
        items.c.closed_why,
        and_(items.c.held_back, ~items.c.audit, items.c.state.in_(OPEN_STATES)).label("held_back"),
    )
    .select_from(followers)
    .join(accounts, accounts.c.id == followers.c.account_id)
    .join(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .outerjoin(items, OF_FOLLOWER)
)


def _spellings(text: str) -> list[str]:
    """Returns the text in its usual cases; those that differ in ASCII letters alone count as one."""
    cases = (text, text.lower(), text.upper(), text.title(), text.capitalize())
    return list({each.translate(ASCII_FOLDED): each for each in cases}.values())


def _decided_by(person_id: int | None) -> ColumnElement[bool]:
    return exists().where(decisions.c.item_id == items.c.id, decisions.c.person_id == person_id)


def _state(state: str) -> ColumnElement[bool]:
    """Returns what a state of the search means; held back ones are waiting too, and are found under their own name."""
    if state == LEFT:
        return followers.c.left_at.is_not(None)
    if state == NO_CARD:
        return items.c.id.is_(None)
    hidden = and_(items.c.held_back, ~items.c.audit)
    if state == HELD_BACK:
        return and_(hidden, items.c.state.in_(OPEN_STATES))
    return and_(items.c.state == state, ~hidden) if state in OPEN_STATES else items.c.state == state


def _literally(text: str) -> str:
    """Returns the text as LIKE takes it word for word."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _found(row: Row[Any], deciders: dict[int, str]) -> FoundRow:
    return FoundRow(
        account=row.handle,
        account_id=row.account_id,
        follower_id=row.follower_id,
        item=row.item,
        name=row.name,
        username=row.username,
        bio=row.description,
        first_seen_at=row.first_seen_at,
        left_at=row.left_at,
        state=row.state,
        closed_why=row.closed_why,
        held_back=bool(row.held_back),
        by=deciders.get(row.item, ""),
    )
