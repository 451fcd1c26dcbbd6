"""Whom nobody may collect again: remembered by a keyed hash of their id, which gives nothing else away.

The key is this installation's own, so that the same person has another tombstone elsewhere. The hash is slow on
purpose: old ids of X are numbers below some billions, and with the database in hand somebody could try them all.
"""

import hashlib
import re
from collections.abc import Collection
from typing import Any

SALT_BYTES = 32
ROUNDS = 1_000
"""Of PBKDF2 (RFC 8018): about 0.3 ms an id, weeks for every old id; paid only for unknown followers."""
SURE_DIGITS = 8
FORGOTTEN = "(forgotten)"
"""What stands in a receipt where somebody was named."""


def digest(salt: bytes, follower_id: str) -> str:
    """Returns the tombstone of an id, as 64 hex digits."""
    return hashlib.pbkdf2_hmac("sha256", follower_id.encode(), salt, ROUNDS).hex()


def alias(tombstone: str) -> str:
    """Returns the stand-in for a forgotten follower in the day's paid profiles, so that nobody is billed twice."""
    return f"forgotten:{tombstone[:24]}"


def names_pattern(follower_id: str, usernames: Collection[str]) -> re.Pattern[str]:
    """Finds them in a sentence: the id as a word of its own, a username after an @.

    A short id could be a part of any date, so it counts after the word "follower" alone.
    """
    ahead = "" if len(follower_id) >= SURE_DIGITS else "(?<=follower )"
    words = "|".join(re.escape(name) for name in sorted(usernames) if name)
    named = rf"|(?<![\w@])@(?:{words})(?!\w)" if words else ""
    return re.compile(rf"{ahead}(?<!\w){re.escape(follower_id)}(?!\w){named}", re.IGNORECASE)


def page_pattern(follower_id: str, usernames: Collection[str]) -> re.Pattern[str]:
    """Finds them on a page of ours: the id as a word of its own, a username after an @ or in an address."""
    words = "|".join(re.escape(name) for name in sorted(usernames) if name)
    named = rf"|(?:@|/)(?:{words})(?!\w)" if words else ""
    return re.compile(rf"(?<!\w){re.escape(follower_id)}(?!\w){named}", re.IGNORECASE)


def without(value: Any, pattern: re.Pattern[str], usernames: Collection[str]) -> Any:
    """Returns JSON with the person taken out of its sentences and out of lists of names."""
    if isinstance(value, str):
        return pattern.sub(FORGOTTEN, value)
    if isinstance(value, list):
        known = {name.casefold() for name in usernames}
        named = [isinstance(each, str) and each.casefold() in known for each in value]
        return [
            FORGOTTEN if is_name else without(each, pattern, usernames)
            for each, is_name in zip(value, named, strict=True)
        ]
    if isinstance(value, dict):
        return {key: without(each, pattern, usernames) for key, each in value.items()}
    return value


def holds(value: Any, follower_id: str) -> bool:
    """Tells whether a payload of the log is about them: it names a follower by the id alone."""
    if isinstance(value, dict):
        return any(holds(each, follower_id) for each in value.values())
    if isinstance(value, list):
        return any(holds(each, follower_id) for each in value)
    return bool(value == follower_id)
