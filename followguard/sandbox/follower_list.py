"""The followers of one account in the order they came: the part of X that a page walks through.

Every follow is an entry with a number that only grows; leaving empties the entry, coming back makes a new one. So a
place in the list stays the same place while others come and go.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

GONE = -1


class FollowerList:
    """Entries oldest first; a person has at most one."""

    def __init__(self) -> None:
        self._entries: list[int] = []
        self._entry_of: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._entry_of)

    def __contains__(self, person: int) -> bool:
        return person in self._entry_of

    def add(self, people: Iterable[int]) -> None:
        """Lets people follow, one after the other; those who follow already keep their place."""
        for person in people:
            if person not in self._entry_of:
                self._entry_of[person] = len(self._entries)
                self._entries.append(person)

    def remove(self, person: int) -> None:
        """Lets a person leave."""
        self._entries[self._entry_of.pop(person)] = GONE

    def people(self) -> list[int]:
        """Lists everybody, newest first."""
        return [person for _, person in self.newest_first(None)]

    def newest_first(self, after: int | None) -> Iterator[tuple[int, int]]:
        """Yields `(place, person)`, newest first, from the entry older than place `after`."""
        start = len(self._entries) if after is None else after
        return ((place, self._entries[place]) for place in range(start - 1, -1, -1) if self._entries[place] != GONE)

    def oldest_first(self, after: int | None) -> Iterator[tuple[int, int]]:
        """Yields `(place, person)`, oldest first, from the entry newer than place `after`."""
        start = 0 if after is None else after + 1
        places = range(start, len(self._entries))
        return ((place, self._entries[place]) for place in places if self._entries[place] != GONE)

    def shuffled(self, after: int | None) -> Iterator[tuple[int, int]]:
        """Yields `(rank, person)` in an order without meaning, but the same one on every page."""
        ranked = sorted((_rank(person), person) for person in self._entry_of)
        return (pair for pair in ranked if after is None or pair[0] > after)


def _rank(person: int) -> int:
    return int.from_bytes(blake2b(str(person).encode(), digest_size=6).digest())


ORDERS: dict[str, Callable[[FollowerList, int | None], Iterator[tuple[int, int]]]] = {
    "newest_first": FollowerList.newest_first,
    "oldest_first": FollowerList.oldest_first,
    "shuffled": FollowerList.shuffled,
}
