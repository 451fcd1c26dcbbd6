"""Which column of ours a heading means, however the program that wrote the file spells it."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from followguard.domain.wording import safe_text

Names = tuple[tuple[str, ...], ...]
"""How one column is written, the best first: a name of an earlier group is taken before one of a later group."""

_EDGES = " \t\r\n\ufeff\u200b\xa0'\""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"(?:[^\w%‰∆±⌀+~<>]|_)+")
"""Not among them what makes a column another one: `Followers %`, `Δ Tweets`, `Ø Likes`, `Followers +`."""
_METRICS = "public_metrics_"
_ALIKE = 0.8
_LONGEST, _MOST_NAMED = 60, 40


class HeadingTwice(ValueError):
    """Two headings that mean the same column, so that nobody can say which of them to read."""

    def __init__(self, column: str, headings: Sequence[str]) -> None:
        first, second = (safe_text(heading.strip(), _LONGEST) for heading in headings[:2])
        alike = first == second
        super().__init__(f"the column {first} twice" if alike else f"two columns for {column}: {first} and {second}")


@dataclass(frozen=True, slots=True)
class Headings:
    """A heading line as understood: for each place in it our column or None, and what isn't read, in words."""

    columns: tuple[str | None, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class HeadingTable:
    """How columns may be written. `company`: names that mean their column only beside another name.

    `hints`: names that aren't read, since their cells may mean something else -> the column to ask for.
    """

    names: Mapping[str, Names]
    company: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def places(self) -> Mapping[str, tuple[str, int]]:
        """Name -> its column and the rank of its group. Raises ValueError for a name that stands for two columns."""
        found: dict[str, tuple[str, int]] = {}
        for column, groups in self.names.items():
            for rank, name in ((rank, name) for rank, group in enumerate(groups) for name in group):
                if name in found:
                    raise ValueError(f"{name} stands for {found[name][0]} and for {column}")
                found[name] = (column, rank)
        return found

    def read(self, headings: Sequence[str]) -> Headings:
        """Finds our columns under these headings. Raises `HeadingTwice`."""
        names = [plain_heading(heading) for heading in headings]
        there = frozenset(names)
        found: dict[str, list[tuple[int, int]]] = {}
        for index, name in enumerate(names):
            column, rank = self._place(name, there)
            if column:
                found.setdefault(column, []).append((rank, index))
        taken = {column: _taken(column, places, headings) for column, places in found.items()}
        by_index = {index: column for column, index in taken.items()}
        read = {column: headings[index] for column, index in taken.items()}
        left = [index for index, name in enumerate(names) if name and index not in by_index]
        unread = tuple(
            self._in_words(headings[index], self._place(names[index], there)[0] or "", read) for index in left
        )
        return Headings(tuple(by_index.get(index) for index in range(len(headings))), unread)

    def guess(self, heading: str) -> str | None:
        """Guesses the column that was probably meant, or None."""
        if plain_heading(heading) in self.hints:
            return self.hints[plain_heading(heading)]
        near = difflib.get_close_matches(plain_heading(heading), self.places, n=1, cutoff=_ALIKE)
        return self.places[near[0]][0] if near else None

    def _place(self, name: str, there: frozenset[str]) -> tuple[str | None, int]:
        if self.company.get(name, name) not in there:
            return None, 0
        return self.places.get(name, (None, 0))

    def _in_words(self, heading: str, column: str, read: Mapping[str, str]) -> str:
        shown = safe_text(heading.strip(), _LONGEST)
        if column in read:
            return f"{shown} (instead of it, {safe_text(read[column].strip(), _LONGEST)} is read)"
        guess = self.guess(heading)
        return f"{shown} (is {guess} meant?)" if guess and guess not in read else shown


def _taken(column: str, places: Sequence[tuple[int, int]], headings: Sequence[str]) -> int:
    """Picks the place of the best name. Raises `HeadingTwice` where two are as good."""
    best = min(places)
    rivals = [index for rank, index in places if rank == best[0]]
    if len(rivals) > 1:
        raise HeadingTwice(column, [headings[index] for index in rivals])
    return best[1]


@lru_cache(maxsize=4_096)
def plain_heading(heading: str) -> str:
    """Spells a heading our way: `Screen name`, `screenName`, `public_metrics.screen_name` as `screen_name`."""
    text = unicodedata.normalize("NFKC", heading[:200]).strip(_EDGES)
    text = _BETWEEN.sub("_", _CAMEL.sub("_", text).lower()).strip("_")
    return text.removeprefix(_METRICS)


def listed(names: Sequence[str]) -> str:
    """Writes the names in one line: the first few, and how many more there are."""
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
