"""A text put before the word lists, as a bio, as a name and as a username."""

from dataclasses import dataclass
from datetime import UTC, datetime

from followguard.domain.follower import Profile
from followguard.words.reading import Reading, TextReader
from followguard.words.text import tokens

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class CheckedText:
    """The words that a text was read as (at most `LONGEST_SHOWN`), and what they say."""

    words: list[str]
    reading: Reading


def check_text(reader: TextReader, text: str) -> CheckedText:
    """Returns what the lists say, each mark and reason once, that of the bio before those of name and username."""
    profiles = (
        Profile(id="0", observed_at=_NEVER, description=text),
        Profile(id="0", observed_at=_NEVER, name=text),
        Profile(id="0", observed_at=_NEVER, username=text),
    )
    readings = reader.readings(profiles)
    look = {mark.code: mark for reading in reversed(readings) for mark in reading.look}
    reasons = {reason.code: reason for reading in reversed(readings) for reason in reading.reasons}
    return CheckedText(tokens(text)[:LONGEST_SHOWN], Reading(tuple(look.values()), tuple(reasons.values())))
