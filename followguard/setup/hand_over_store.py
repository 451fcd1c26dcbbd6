"""What one person has open at the desk, and passing it on to another."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, update

from followguard.domain.card import ItemState
from followguard.domain.person import Person
from followguard.domain.units import day_of
from followguard.store.tables import accounts, followers, items, notes, snapshots
from followguard.store.tables.conditions import OF_FOLLOWER, OPEN_STATES
from followguard.store.work import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCard:
    """A card that somebody has in hand, put off, or was asked about. `due`: its ISO day. `question`: its note's id."""

    account: str
    account_id: int
    item: int
    follower_id: str
    username: str | None
    due: str | None
    question: int | None = None
    asked_by: int | None = None

    def as_row(self) -> dict[str, Any]:
        """Gives one of `claims`, `later` and `questions` in the JSON."""
        names = ("account", "item", "follower_id", "username", "due")
        return {name: getattr(self, name) for name in names}


class OpenWork(Queries):
    """Claims, put-off cards and open questions of a person."""

    def claims(self, person_id: int, now: datetime) -> list[OpenCard]:
        """Returns the undecided cards in the person's hands."""
        return self._cards(items.c.claimed_by == person_id, items.c.claimed_until > now)

    def later(self, person_id: int) -> list[OpenCard]:
        """Returns the cards that the person put off, or that were passed on to them so."""
        return self._cards(items.c.put_off_by == person_id, items.c.state == ItemState.LATER.value)

    def questions(self, person_id: int) -> list[OpenCard]:
        """Returns the cards of open questions to the person, one for each question."""
        mine = notes.c.asked_person_id == person_id, notes.c.answered_at.is_(None), items.c.state.in_(OPEN_STATES)
        query = _CARDS.add_columns(notes.c.id.label("question"), notes.c.person_id.label("asked_by"))
        rows = self._connection.execute(query.join(notes, notes.c.item_id == items.c.id).where(*mine))
        return [OpenCard(**row._mapping) for row in rows]

    def notes(self, person_id: int) -> int:
        """Counts the person's notes on undecided cards, and the questions that they asked."""
        query = select(func.count()).select_from(notes.join(items, items.c.id == notes.c.item_id))
        mine = notes.c.person_id == person_id, items.c.state.in_(OPEN_STATES)
        return int(self._connection.execute(query.where(*mine)).scalar_one())

    def pass_claims(self, cards: Collection[OpenCard], to: Person) -> None:
        """Puts cards into another person's hands, until the same moment."""
        self._set(cards, claimed_by=to.id)

    def pass_later(self, cards: Collection[OpenCard], before: Person, to: Person, now: datetime) -> None:
        """Makes put-off cards another person's; the card says so."""
        note = f"{before.name} put it off; {to.name} looks after it since {day_of(now)}."
        self._set(cards, put_off_by=to.id, note=note)

    def pass_questions(self, cards: Collection[OpenCard], to: Person, now: datetime) -> None:
        """Asks another person what was asked. Nobody is asked by themselves: such a question ends."""
        for each in cards:
            statement = update(notes).where(notes.c.id == each.question)
            values = {"answered_at": now} if each.asked_by == to.id else {"asked_person_id": to.id}
            self._covered.update(statement.values(values), now)

    def _set(self, cards: Collection[OpenCard], **values: Any) -> None:
        for each in cards:
            self._connection.execute(update(items).where(items.c.id == each.item).values(values))

    def _cards(self, *wanted: ColumnElement[bool]) -> list[OpenCard]:
        query = _CARDS.where(and_(*wanted), items.c.state.in_(OPEN_STATES))
        return [OpenCard(**row._mapping) for row in self._connection.execute(query)]


_CARDS: Select[Any] = (
    select(
        accounts.c.handle.label("account"),
        items.c.account_id,
        items.c.id.label("item"),
        items.c.follower_id,
        snapshots.c.username,
        items.c.due,
    )
    .select_from(items)
    .join(accounts, accounts.c.id == items.c.account_id)
    .join(followers, OF_FOLLOWER)
    .outerjoin(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .order_by(items.c.due, items.c.id)
)
