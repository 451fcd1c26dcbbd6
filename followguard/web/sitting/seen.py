"""Proof that a card stood on this person's screen before it was decided: a signed word, for one card and one look."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from followguard.domain.card import Card
from followguard.errors import AlreadyDecided

LEAST_LOOK = timedelta(milliseconds=300)
"""Nobody reads a card faster: a key that comes earlier was meant for the card before it."""
LONGEST_LOOK = timedelta(hours=12)
LOOK_AGAIN = "Look at the card that stands here now, then decide."


@dataclass(frozen=True, slots=True)
class SeenWord:
    """Signs and checks for one session. `secret` belongs to this process: after a restart each card is shown anew."""

    secret: bytes
    session: int

    def sign(self, card: Card, decisions: int, now: datetime) -> str:
        """Returns the word for this card as it looks now, and with as many decisions as it has by now."""
        said: str = self._serializer.dumps([self.session, card.item, card.appearance_hash, now.isoformat(), decisions])
        return said

    def check(self, word: str, item: int, now: datetime) -> str:
        """Returns the appearance hash of what was shown. Raises `AlreadyDecided` for anything but this card's word."""
        try:
            session, shown, look, at, _ = self._serializer.loads(word)
            since = now - datetime.fromisoformat(at)
        except (BadData, ValueError, TypeError):
            raise AlreadyDecided("This card wasn't shown to you since the desk was started.", LOOK_AGAIN) from None
        if session != self.session or shown != item or since > LONGEST_LOOK:
            raise AlreadyDecided("That was said of another card.", LOOK_AGAIN)
        return str(look)

    def used(self, word: str, decisions: int) -> bool:
        """Tells whether the card was decided since: an approval that is sent again after an undo is no new look."""
        return bool(self._serializer.loads(word)[4] != decisions)

    def too_soon(self, word: str, now: datetime) -> bool:
        """Tells whether the card has stood there too shortly to have been read. The word must have been checked."""
        return now - datetime.fromisoformat(self._serializer.loads(word)[3]) < LEAST_LOOK

    @property
    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="seen")
