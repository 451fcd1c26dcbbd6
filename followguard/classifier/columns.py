"""Profiles as columns: what the features are computed from, one array a field, and texts as one run of bytes.

A value that X would never send is unknown here, never an error and never a zero: a count below zero, a count as text,
a text that is a number, a moment without a time zone.

A text is cut at a width, and every letter beyond ASCII becomes one question mark, so that a byte is a letter and the
language makes no difference. The measures never ask for question marks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from followguard.domain.follower import Profile

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Matrix = NDArray[np.float32]
Whole = NDArray[np.int64]
Bytes = NDArray[np.uint8]
SECONDS_A_DAY = 86_400.0
DAYS_A_YEAR = 365.0
DAYS_TO_SETTLE = 30.0
"""A younger account has had no time: its rates are taken over 30 days. With one that never posted or liked (the genuine
accounts of the public sets were picked for being active) it shares that its small counts are unknown."""
MOST = 1e15
"""No count is taken for more: what is larger isn't a count, and must not overflow."""
PLAIN_COUNTS = {int, type(None)}
PLAIN_TEXTS = {str, type(None)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileColumns:
    """n profiles. Counts and days are float64 with NaN for unknown; texts are lists with None for unknown.

    `age_days` is `observed_at` - `created_at`, never the wall clock; 0 where an account seems to come from the future.
    """

    followers: Floats
    following: Floats
    tweets: Floats
    listed: Floats
    likes: Floats
    age_days: Floats
    username: list[str | None]
    name: list[str | None]
    bio: list[str | None]
    link: list[str | None]
    picture: list[str | None]

    def __len__(self) -> int:
        return len(self.username)

    def part(self, start: int, stop: int) -> "ProfileColumns":
        """Returns the rows from `start` to before `stop`."""
        return ProfileColumns(**{field: getattr(self, field)[start:stop] for field in self.__slots__})

    @classmethod
    def from_profiles(cls, profiles: Sequence[Profile]) -> "ProfileColumns":
        """Makes columns of profiles as read from X, a file or a public set, in their order."""
        return cls(
            followers=_counts([p.followers_count for p in profiles]),
            following=_counts([p.following_count for p in profiles]),
            tweets=_counts([p.tweet_count for p in profiles]),
            listed=_counts([p.listed_count for p in profiles]),
            likes=_counts([p.like_count for p in profiles]),
            age_days=_ages([p.created_at for p in profiles], [p.observed_at for p in profiles]),
            username=_texts([p.username for p in profiles]),
            name=_texts([p.name for p in profiles]),
            bio=_texts([p.description for p in profiles]),
            link=_texts([p.url for p in profiles]),
            picture=_texts([p.profile_image_url for p in profiles]),
        )


def _counts(values: list[int | None]) -> Floats:
    """Returns whole numbers as they are; below zero, or anything but a whole number, is unknown."""
    if not set(map(type, values)) <= PLAIN_COUNTS:
        values = [value if type(value) is int else None for value in values]
    try:
        counts = np.array(values, dtype=np.float64)
    except OverflowError:
        counts = np.array([value if value is None else min(value, int(MOST)) for value in values], dtype=np.float64)
    return np.where(counts >= 0, np.minimum(counts, MOST), np.nan)


def _texts(values: list[str | None]) -> list[str | None]:
    if set(map(type, values)) <= PLAIN_TEXTS:
        return values
    return [value if isinstance(value, str) else None for value in values]


def _ages(created: list[datetime | None], observed: list[datetime]) -> Floats:
    """Returns the days from creation to observation."""
    return np.array([_age(*pair) for pair in zip(created, observed, strict=True)], dtype=np.float64)


def _age(created_at: datetime | None, observed_at: datetime) -> float:
    if created_at is None:
        return np.nan
    try:
        return max(0.0, (observed_at - created_at).total_seconds() / SECONDS_A_DAY)
    except TypeError:
        return np.nan


PAIRS = 26 * 26
FEWEST_LETTERS = 3
"""Fewer Latin letters than that are no name to compare."""


@dataclass(frozen=True, slots=True)
class Texts:
    """n texts behind one another; the i-th stands in `letters` from `bounds[i]` to before `bounds[i + 1]`."""

    letters: Bytes
    bounds: Whole

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def lengths(self) -> Whole:
        """Counts the letters in each text."""
        return np.diff(self.bounds)


Measure = Callable[[Texts], Floats]


def texts_of(texts: Sequence[str | None], width: int) -> Texts:
    """Turns texts into bytes, each cut at `width` letters. Unknown reads as empty."""
    cut = [text or "" for text in texts]
    lengths = _lengths(cut)
    if cut and lengths.max() > width:
        cut = [text[:width] for text in cut]
        lengths = _lengths(cut)
    bounds = np.zeros(len(cut) + 1, dtype=np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return Texts(np.frombuffer("".join(cut).encode("ascii", "replace"), dtype=np.uint8), bounds)


def _lengths(texts: Sequence[str]) -> Whole:
    return np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))


def count_of(character: str) -> Measure:
    """Returns a measure: how often the ASCII character stands in each text."""
    return lambda texts: _number(texts.letters == ord(character), texts)


def links(texts: Texts) -> Floats:
    """Counts `://` in each text."""
    found = np.zeros(len(texts.letters), dtype=bool)
    slash = texts.letters == ord("/")
    found[:-2] = (texts.letters[:-2] == ord(":")) & slash[1:-1] & slash[2:]
    return _number(found, texts)


def empty(texts: Sequence[str | None]) -> Floats:
    """Returns 1 where a text holds nothing but spaces, 0 where it says something, NaN where it is unknown."""
    return np.array([np.nan if text is None else float(not text or text.isspace()) for text in texts])


def closing_digits(texts: Texts) -> Floats:
    """Counts the digits at the end of each text."""
    others = np.flatnonzero(~_is_digit(texts.letters))
    before = np.searchsorted(others, texts.bounds[1:]) - 1
    last = others[np.maximum(before, 0)] if len(others) else np.full(len(texts), -1)
    start = np.maximum(np.where(before >= 0, last + 1, 0), texts.bounds[:-1])
    return np.asarray(texts.bounds[1:] - start, dtype=np.float64)


def latin_letters(texts: Texts) -> Floats:
    """Counts letters a to z in each text, large or small."""
    return _number(_latin(texts.letters) < 26, texts)


def accents_apart(texts: Sequence[str | None]) -> list[str | None]:
    """Puts accents behind their letters, where they are passed over like any sign: é counts as e."""
    return [text if text is None or text.isascii() else normalize("NFKD", text) for text in texts]


def share_of_pairs_in(texts: Texts, others: Texts) -> Floats:
    """Returns the share of the pairs of neighbouring Latin letters in each text that stand in the other text too.

    Other letters, digits and signs are passed over. NaN where either has fewer than three Latin letters.
    """
    known = np.zeros(len(texts) * PAIRS, dtype=bool)
    known[_pairs(others)] = True
    pairs = _pairs(texts)
    rows = pairs // PAIRS
    many = np.bincount(rows, minlength=len(texts))
    found = np.bincount(rows, weights=known[pairs], minlength=len(texts))
    enough = (many >= FEWEST_LETTERS - 1) & (latin_letters(others) >= FEWEST_LETTERS)
    return np.where(enough, found / np.maximum(many, 1), np.nan)


def _pairs(texts: Texts) -> Whole:
    """Returns row * 676 + pair for all pairs of neighbouring Latin letters of a text."""
    latin = _latin(texts.letters)
    kept = latin < 26
    letters = latin[kept].astype(np.int64)
    rows = np.repeat(np.arange(len(texts)), texts.lengths)[kept]
    same = rows[1:] == rows[:-1]
    return np.asarray((rows[1:] * PAIRS + letters[:-1] * 26 + letters[1:])[same])


def _latin(letters: Bytes) -> Bytes:
    """Returns 0 to 25 for a to z and A to Z, 26 and more for anything else."""
    small = letters | np.uint8(0x20)
    return np.where(letters >= ord("A"), small - np.uint8(ord("a")), np.uint8(255))


def _is_digit(letters: Bytes) -> NDArray[np.bool_]:
    return (letters - np.uint8(ord("0"))) < 10


def _number(found: NDArray[np.bool_], texts: Texts) -> Floats:
    """Counts the letters found in each text."""
    return np.asarray(np.diff(np.searchsorted(np.flatnonzero(found), texts.bounds)), dtype=np.float64)
