"""Which ids have come by, and on which line: compact, for files of millions of rows."""

from array import array

_BUCKETS = 65_537
_LARGEST = 2**64 - 1
_LONG, _KEPT = 15, 15
"""Spreadsheets keep so many digits of a number and fill the rest with zeros."""


class SeenIds:
    """The first line of every id: some 25 bytes for each. Counts long ids that a spreadsheet may have rounded."""

    def __init__(self) -> None:
        self._buckets: dict[int, tuple[array[int], array[int]]] = {}
        self._longer: dict[str, int] = {}
        self.long = 0
        self.round = 0

    def first_line(self, id_: str, line: int) -> int | None:
        """The line on which this id stood before; None, and from now on `line`, where it didn't."""
        number = int(id_)
        if number > _LARGEST:
            before = self._longer.get(id_)
            self._longer.setdefault(id_, line)
            return before
        place = number % _BUCKETS
        if place not in self._buckets:
            self._buckets[place] = (array("Q"), array("Q"))
        ids, lines = self._buckets[place]
        if number in ids:
            return lines[ids.index(number)]
        ids.append(number)
        lines.append(line)
        if len(id_) > _LONG:
            self.long += 1
            self.round += id_[_KEPT:].count("0") == len(id_) - _KEPT
        return None

    @property
    def rounded(self) -> bool:
        """More of the long ids end in zeros than chance would have it."""
        return self.round > 1 and self.round * 2 > self.long
