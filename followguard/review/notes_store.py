"""Notes and questions on cards. A question is open until its colleague answers or somebody decides."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, insert, select, update

from followguard.domain.card import Card
from followguard.domain.decision import NewDecision
from followguard.domain.labels import Kind
from followguard.domain.note import CardNote
from followguard.store.tables import items, notes, people
from followguard.store.tables.conditions import OPEN_STATES
from followguard.store.work import Queries, made


class Notes(Queries):
    """Notes: added and never changed, but that a question ends and that a text may be cleared."""

    def add(self, card: Card, person_id: int, text: str, now: datetime, asked: int | None = None) -> int:
        """Adds a note and returns its id. `asked`: the colleague whom it asks."""
        values = {"item_id": card.item, "account_id": card.account_id, "follower_id": card.follower_id}
        values |= {"person_id": person_id, "text": text, "at": now, "asked_person_id": asked}
        return int(made(self._covered.insert(insert(notes).values(values), now)).id)

    def of_item(self, item: int) -> list[CardNote]:
        """Returns the notes on a card, the newest last."""
        return self._found(_NOTES.where(notes.c.item_id == item))

    def asked_of(self, person_id: int) -> list[CardNote]:
        """Returns the open questions to a person about cards that are undecided, the oldest first."""
        undecided = items.c.id == notes.c.item_id, items.c.state.in_(OPEN_STATES)
        query = _NOTES.join(items, undecided[0]).where(undecided[1], notes.c.asked_person_id == person_id)
        return self._found(query.where(notes.c.answered_at.is_(None)))

    def end(self, item: int, now: datetime, asked: int | None = None, decision_id: int | None = None) -> int:
        """Ends the open questions about a card, or those to one person; returns how many.

        `decision_id`: the decision that ended them, if one did.
        """
        statement = update(notes).where(notes.c.item_id == item, _OPEN)
        if asked is not None:
            statement = statement.where(notes.c.asked_person_id == asked)
        return self._covered.update(statement.values(answered_at=now, ended_by=decision_id), now)

    def end_with(self, decision: NewDecision, decision_id: int) -> None:
        """Ends what was asked about a card that is decided now; a proposal ends only what its author was asked.

        An undo opens again what the decision had ended that it takes back.
        """
        if decision.undoes is not None:
            self.reopen(decision.undoes, decision.at)
            return
        asked = decision.person_id if decision.choice.kind is Kind.PROPOSE else None
        self.end(decision.card.item, decision.at, asked=asked, decision_id=decision_id)

    def reopen(self, decision_id: int, now: datetime) -> int:
        """Opens again what a decision had ended, when that is taken back; returns how many."""
        statement = update(notes).where(notes.c.ended_by == decision_id)
        return self._covered.update(statement.values(answered_at=None, ended_by=None), now)

    def _found(self, query: Select[Any]) -> list[CardNote]:
        return [_note_of(row) for row in self._connection.execute(query.order_by(notes.c.id))]


_OPEN = and_(notes.c.asked_person_id.is_not(None), notes.c.answered_at.is_(None))
_ASKED = people.alias("asked_people")
_NOTES: Select[Any] = (
    select(notes, people.c.name.label("person"), _ASKED.c.name.label("asked"))
    .join(people, people.c.id == notes.c.person_id)
    .outerjoin(_ASKED, _ASKED.c.id == notes.c.asked_person_id)
)


def _note_of(row: Row[Any]) -> CardNote:
    return CardNote(
        id=row.id,
        item=row.item_id,
        account_id=row.account_id,
        follower_id=row.follower_id,
        person_id=row.person_id,
        person=row.person,
        text=row.text,
        at=row.at,
        asked_person_id=row.asked_person_id,
        asked=row.asked,
        answered_at=row.answered_at,
    )
