"""Notes on a card, and questions to a colleague: the card comes first on the colleague's desk until it is answered.

The card stays on everybody's list meanwhile. A question ends with a note of the colleague's, with their decision, or
with anybody's that isn't only a proposal; it opens again when that decision is taken back.
"""

from followguard.accounts.people import holds, person_named, require_role
from followguard.accounts.ways_in import missing_role, unknown_person
from followguard.domain.card import UNDECIDED, Card
from followguard.domain.note import CardNote, checked_text
from followguard.domain.person import Person
from followguard.errors import UsageError
from followguard.review.decide import Hand, locked_card
from followguard.review.notes_store import Notes
from followguard.review.refusals import already_decided
from followguard.review.store import Decisions
from followguard.store.log import Log
from followguard.store.work import Work

ROLE = "reviewer"
"""What it takes to write a note, and to be asked."""


def add_note(work: Work, hand: Hand, item: int, text: str) -> CardNote:
    """Puts a note on a card, decided or not; it answers what the person was asked about it.

    Raises `UsageError` for a text that is empty or too long, `UnknownPerson`, `MissingRole`, `UnknownFollower`.
    """
    kept = checked_text(text)
    card = locked_card(work, hand, item)
    person = require_role(work, hand.by, ROLE, card.account)
    note_id = Notes(work).add(card, person.id, kept, hand.now)
    answered = Notes(work).end(item, hand.now, asked=person.id)
    _write_log(work, hand, card, person, "note.add", {"note": note_id, "answers": answered})
    return _named(work, item, note_id)


def ask(work: Work, hand: Hand, item: int, colleague: str, question: str) -> CardNote:
    """Asks a colleague about an undecided card, which the one who asks gives out of hand.

    Raises what `add_note` raises, `UsageError` for asking oneself or somebody who was withdrawn, `MissingRole` for a
    colleague who may decide nothing there, and `AlreadyDecided`.
    """
    kept = checked_text(question)
    card = locked_card(work, hand, item)
    person = require_role(work, hand.by, ROLE, card.account)
    asked = _colleague(work, card, person, colleague)
    if card.state not in UNDECIDED:
        raise already_decided(card, Decisions(work).history(item))
    Notes(work).end(item, hand.now, asked=person.id)
    note_id = Notes(work).add(card, person.id, kept, hand.now, asked=asked.id)
    Decisions(work).release(person.id, (item,))
    _write_log(work, hand, card, person, "note.ask", {"note": note_id, "asked": asked.pseudonym})
    return _named(work, item, note_id)


def asked_of(work: Work, person: Person) -> list[CardNote]:
    """Returns the open questions to a person, the oldest first; their cards come first on the desk."""
    return Notes(work).asked_of(person.id)


def _colleague(work: Work, card: Card, person: Person, name: str) -> Person:
    asked = person_named(work, name)
    if asked is None:
        raise unknown_person(work, name)
    if asked.id == person.id:
        raise UsageError(f"{person.name} can't ask {person.name}.", "Name a colleague, or leave a note.")
    if asked.withdrawn_at is not None:
        raise UsageError(f"{asked.name} was withdrawn.", "Ask somebody else: followguard person list")
    if not holds(work, asked.id, ROLE, card.account_id):
        raise missing_role(work, asked, ROLE, card.account)
    return asked


def _named(work: Work, item: int, note_id: int) -> CardNote:
    return next(each for each in Notes(work).of_item(item) if each.id == note_id)


def _write_log(work: Work, hand: Hand, card: Card, person: Person, kind: str, more: dict[str, object]) -> None:
    """Writes what happened, without the text: the entry commits to the note's row, and that holds it."""
    payload = {"item": card.item, "follower_id": card.follower_id} | more
    Log(work).append(hand.now, kind, card.account, person.pseudonym, payload)
