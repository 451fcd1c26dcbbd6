"""Phrases looked for among the words of a text, all at once, in a time that grows with the text alone.

A phrase is words in a row. Of each word there may be several (`btc|bitcoin`), or a beginning (`airdrop*`); `#` is any
number, `..` up to three words of any kind.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from followguard.words.text import folded, skeleton, tokens

NUMBER, GAP, STAR, EITHER = "#", "..", "*", "|"
LONGEST_GAP = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One word of a phrase: those it may be, and what it may begin with."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    number: bool = False
    gap: bool = False

    def fits(self, token: str) -> bool:
        """Tells whether a word of a text can stand here."""
        if self.number and token[0].isdecimal():
            return True
        return token in self.words or (bool(self.beginnings) and token.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as written, whose it is, and its places."""

    owner: str
    written: str
    places: tuple[Place, ...]


def plain_phrase(owner: str, written: str) -> Phrase:
    """Returns a phrase in which only an asterisk at the end of a word has a meaning: the company's own words."""
    places: list[Place] = []
    for part in written.split():
        words = tokens(part.rstrip(STAR))
        places += [Place(words=frozenset({word})) for word in words[:-1]]
        places += [_place([(words[-1], part.endswith(STAR))])] if words else []
    return Phrase(owner, written, tuple(places))


def table_phrase(owner: str, written: str) -> Phrase:
    """Returns a phrase of the built-in table. Raises ValueError where it begins with anything but words."""
    places = tuple(_table_place(part) for part in written.split())
    if not places or places[0].number or places[0].gap or places[-1].gap:
        raise ValueError(f"{owner}: {written!r} must begin with a word")
    return Phrase(owner, written, places)


def _table_place(part: str) -> Place:
    if part == GAP:
        return Place(gap=True)
    either = [each for each in part.split(EITHER) if each != NUMBER]
    words = _place([(skeleton(folded(each.rstrip(STAR))), each.endswith(STAR)) for each in either])
    return replace(words, number=NUMBER in part.split(EITHER))


def _place(found: Iterable[tuple[str, bool]]) -> Place:
    both = list(found)
    return Place(
        words=frozenset(word for word, beginning in both if not beginning),
        beginnings=tuple(word for word, beginning in both if beginning),
    )


@dataclass(slots=True)
class PhraseBook:
    """Phrases by the word they begin with, so that a text's words are each looked up once."""

    _by_word: dict[str, list[Phrase]] = field(default_factory=lambda: defaultdict(list))
    _by_beginning: dict[str, list[Phrase]] = field(default_factory=lambda: defaultdict(list))
    _lengths: tuple[int, ...] = ()

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> "PhraseBook":
        """Returns a book of these phrases; one without places is left out."""
        book = cls()
        for phrase in phrases:
            for word in phrase.places[0].words if phrase.places else ():
                book._by_word[word].append(phrase)
            for word in phrase.places[0].beginnings if phrase.places else ():
                book._by_beginning[word].append(phrase)
        book._lengths = tuple(sorted({len(word) for word in book._by_beginning}))
        return book

    def found_in(self, words: Sequence[str]) -> dict[str, str]:
        """Maps each owner to the first phrase of theirs that stands in the text."""
        found: dict[str, str] = {}
        for at, word in enumerate(words):
            for phrase in self._starting(word):
                if phrase.owner not in found and _stands(phrase.places, words, at):
                    found[phrase.owner] = phrase.written
        return found

    def _starting(self, word: str) -> list[Phrase]:
        starting = list(self._by_word.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            starting += self._by_beginning.get(word[:length], ())
        return starting


def _stands(places: Sequence[Place], words: Sequence[str], at: int) -> bool:
    """Tells whether the places are filled from a word on; a gap makes it look at three words more, not at all."""
    for number, place in enumerate(places):
        if place.gap:
            rest = places[number + 1 :]
            return any(_stands(rest, words, at + skipped) for skipped in range(LONGEST_GAP + 1))
        if at >= len(words) or not place.fits(words[at]):
            return False
        at += 1
    return True
