"""Which ids have come by, and on which line: compact, for files of millions of rows."""

from array import array

_SMALLEST = 1 << 12
_LARGEST = 2**64 - 1
_SPREAD = 0x9E3779B97F4A7C15
"""2**64 over the golden ratio: neighbouring ids end up far apart."""
_KEPT = 15
"""Spreadsheets keep so many digits of a number and fill the rest with zeros."""


class SeenIds:
    """The first line of every id, and how many long ids a spreadsheet may have rounded.

    A table of numbers by open addressing, at most half full: 32 to 64 bytes an id, and nothing for Python to count.
    """

    def __init__(self) -> None:
        self._longer: dict[str, int] = {}
        self._resize(_SMALLEST)
        self.long = 0
        self.round = 0

    def first_line(self, id_: str, line: int) -> int | None:
        """Finds the line on which this id first stood; an id not seen before gives None and is noted at `line`."""
        number = int(id_)
        if number > _LARGEST:
            before = self._longer.get(id_)
            self._longer.setdefault(id_, line)
            return before
        slot = self._slot(number)
        if self._ids[slot]:
            return self._lines[slot]
        self._ids[slot], self._lines[slot] = number, line
        self._free -= 1
        if not self._free:
            self._grow()
        if len(id_) > _KEPT:
            self.long += 1
            self.round += id_.endswith("0") and not id_[_KEPT:].strip("0")
        return None

    @property
    def rounded(self) -> bool:
        """More of the long ids end in zeros than chance would have it."""
        return self.round > 1 and self.round * 2 > self.long

    def _slot(self, number: int) -> int:
        """Finds the id's slot, or the free one where it belongs: 0 marks a free one, since no id is 0."""
        ids, mask = self._ids, self._mask
        slot = (number * _SPREAD >> 32) & mask
        while (there := ids[slot]) and there != number:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        ids, lines = self._ids, self._lines
        self._resize(len(ids) * 2)
        for number, line in zip(ids, lines, strict=True):
            if number:
                slot = self._slot(number)
                self._ids[slot], self._lines[slot] = number, line
                self._free -= 1

    def _resize(self, places: int) -> None:
        self._ids = array("Q", bytes(8 * places))
        self._lines = array("Q", bytes(8 * places))
        self._mask = places - 1
        self._free = places // 2
