"""One page of a follower list, and the tokens that hold a place in it."""

import base64
import hmac
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from followguard.sandbox.follower_list import ORDERS, FollowerList

SHORT = 0.84
REPEATED = 3
"""Rows that a page has room for beside its own: repeated ones or nonsense."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place in the list of the account with this id: the follower entry after which the next page begins."""

    account_id: str
    order: str
    place: int
    turn: int = 0
    """Counts empty pages, so that the token after one is another than the token before."""


class TokenPress:
    """Turns bookmarks into tokens that a client can't read or make, and back."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def print(self, mark: Bookmark) -> str:
        """Gives the token: letters and digits, as X's."""
        text = f"{mark.account_id}.{mark.order}.{mark.place}.{mark.turn}".encode()
        return base64.b32encode(self._seal(text) + text).decode().rstrip("=")

    def read(self, token: str, account_id: str) -> Bookmark | None:
        """Reads the bookmark; None for a token that isn't ours or belongs to another account's list."""
        try:
            raw = base64.b32decode(token + "=" * (-len(token) % 8))
        except ValueError:
            return None
        if not hmac.compare_digest(self._seal(raw[6:]), raw[:6]):
            return None
        owner, order, place, turn = raw[6:].decode().split(".")
        return Bookmark(owner, order, int(place), int(turn)) if owner == account_id else None

    def _seal(self, text: bytes) -> bytes:
        return hmac.new(self._key, text, sha256).digest()[:6]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: numbers of people in order, and the bookmark of the next one (None at the end)."""

    people: list[int]
    following: Bookmark | None


def turn_page(followers: FollowerList, mark: Bookmark, size: int, faults: AbstractSet[str]) -> Leaf:
    """Takes the next `size` people after `mark`, as far as the faults let them through; it skips nobody.

    A bookmark at place -1 is the start of the list.
    """
    if "empty_end" in faults:
        return Leaf([], None)
    after = None if mark.place < 0 else mark.place
    walk = ORDERS[mark.order](followers, after)
    rows = list(islice(walk, _taken(size, faults)))
    more = "empty_page" in faults or next(walk, None) is not None
    following = Bookmark(mark.account_id, mark.order, rows[-1][0] if rows else mark.place, mark.turn + (not rows))
    people = [person for _, person in rows]
    if "duplicates" in faults:
        again = _before(followers, mark) if after is not None else people[:1]
        people = [*again[: size - len(people)], *people]
    return Leaf(people, following if more else None)


def ended_after(number: int, followers: FollowerList, mark: Bookmark, leaf: Leaf) -> Leaf:
    """Cuts the page where the list ends after `number` people, counted from its start."""
    shown = [person for _, person in islice(ORDERS[mark.order](followers, None), number)]
    kept = set(shown)
    people = [person for person in leaf.people if person in kept]
    over = not shown or len(people) < len(leaf.people) or shown[-1] in people
    return Leaf(people, None if over else leaf.following)


def _taken(size: int, faults: AbstractSet[str]) -> int:
    if "empty_page" in faults:
        return 0
    if faults & {"duplicates", "nonsense_rows"}:
        return max(1, size - REPEATED)
    return max(1, int(size * SHORT)) if "short_page" in faults else size


def _before(followers: FollowerList, mark: Bookmark) -> list[int]:
    """Lists the last few people up to the bookmark, in its order."""
    back = {"newest_first": "oldest_first", "oldest_first": "newest_first"}.get(mark.order)
    if back is None:
        return []
    step = -1 if back == "oldest_first" else 1
    earlier = ORDERS[back](followers, mark.place + step)
    return [person for _, person in islice(earlier, REPEATED)][::-1]
