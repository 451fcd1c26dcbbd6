"""Notes on a follower's card, questions to a colleague among them, and routes that a person chose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.errors import UsageError

MOST_LETTERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNote:
    """A person's note on a card. `asked`: the colleague it asks, if it is a question.

    `answered_at`: when that question ended, by a note of the colleague's or by a decision. `text` None: its time is
    over, as `[retention]` says.
    """

    id: int
    item: int
    account_id: int
    follower_id: str
    person_id: int
    person: str
    text: str | None
    at: datetime
    asked_person_id: int | None = None
    asked: str | None = None
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is a question that nobody has answered."""
        return self.asked_person_id is not None and self.answered_at is None

    def as_row(self) -> dict[str, Any]:
        """Gives one of `notes` in the JSON of `review show`."""
        return {
            "note": self.id,
            "by": self.person,
            "at": self.at,
            "text": self.text,
            "asked": self.asked,
            "answered_at": self.answered_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """A route that a person chose for a follower; it stands until it is taken back."""

    id: int
    item: int
    account_id: int
    follower_id: str
    route: str
    person_id: int
    person: str
    at: datetime

    def as_row(self) -> dict[str, Any]:
        """Gives one of `routings` in JSON."""
        return {"route": self.route, "by": self.person, "at": self.at}


def checked_text(text: str) -> str:
    """Gives a note's text as it is kept: without blanks at its ends and what no database holds.

    Raises `UsageError` for nothing and for more than 2,000 letters.
    """
    if len(text) > MOST_LETTERS:
        message = f"A note has at most {MOST_LETTERS:,} letters; this one has {len(text):,}."
        raise UsageError(message, "Say it shorter, or say where the rest stands.")
    kept = text.replace("\x00", "\u2400").encode("utf-8", "replace").decode().strip()
    if not kept:
        raise UsageError("The note says nothing.", "Write a sentence, or leave the note.")
    return kept
