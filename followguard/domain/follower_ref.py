"""How people name a follower: an id, a current username, or a review item."""

from dataclasses import dataclass
from enum import StrEnum

from followguard.errors import UsageError

ITEM_PREFIX = "item:"
_MOST_DIGITS = 18  # more wouldn't fit the key of an item


class RefKind(StrEnum):
    """Which of the three."""

    ID = "id"
    USERNAME = "username"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class FollowerRef:
    """`value` without its mark; a username in lower case."""

    kind: RefKind
    value: str


def parse_follower(text: str) -> FollowerRef:
    """Digits only: an id. `item:N`: a review item. Anything else, with or without @, is a username.

    Raises `UsageError` for an empty name or an item without a number.
    """
    name = text.strip()
    if name.isascii() and name.isdigit():
        return FollowerRef(RefKind.ID, name)
    if name.lower().startswith(ITEM_PREFIX):
        number = name[len(ITEM_PREFIX) :]
        if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS:
            return FollowerRef(RefKind.ITEM, number)
        raise UsageError(f"“{text}” isn't a review item.", "Write item: and its number, as in item:12.")
    name = name.removeprefix("@")
    if not name:
        raise UsageError("A follower has no name there.", "Give an id, a @username or item:N.")
    return FollowerRef(RefKind.USERNAME, name.lower())
