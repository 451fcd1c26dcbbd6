"""A made-up person before X's form: what is drawn, and how usernames are made so that no two are equal."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from random import Random
from typing import TypeVar

from followguard.sandbox.words import FIRM_ENDINGS, HOBBIES, JOBS, LANGUAGES, Language

_SYLLABLES = tuple(consonant + vowel for consonant in "bcdfghjklmnprstvwxyz" for vowel in "aeiou")
USERNAME_LENGTH = 15
Choice = TypeVar("Choice")


@dataclass(slots=True, kw_only=True)
class Sketch:
    """Counts are whole numbers; `age_days` is the age when they follow."""

    name: str
    username: str
    bio: str = ""
    location: str | None = None
    link: str | None = None
    age_days: float
    followers: int
    following: int
    posts: int
    likes: int
    listed: int = 0
    media: int = 0
    picture: bool = True
    protected: bool = False
    verified_type: str = "none"


def syllables(number: int) -> str:
    """Makes a pronounceable word that belongs to this number alone: 6 letters below a million, 8 above."""
    width = 3 if number < 100**3 else 4
    scrambled = (number * 387_731 + 51_787) % 100**width
    return "".join(_SYLLABLES[scrambled // 100**place % 100] for place in range(width))


def word_username(stem: str, number: int, tail: str = "") -> str:
    """Makes a username that people choose: `stem` + syllables (+ two digits)."""
    word = syllables(number) + tail
    return stem[: USERNAME_LENGTH - len(word)] + word


def digits_username(stem: str, number: int) -> str:
    """Makes a username that X suggests to hurried people and to scripts: `Stem12345678`."""
    return f"{stem[:7]}{(number * 48_271_603 + 10_301_117) % 10**8:08d}"


def pick(rng: Random, choices: Sequence[Choice]) -> Choice:
    """Picks one of them; twice as fast as `choice`, which counts where a page has a thousand people."""
    return choices[int(rng.random() * len(choices))]


def count(rng: Random, middle: float, spread: float) -> int:
    """Draws a count with a heavy tail: lognormal around the median `middle`, `spread` in log units."""
    return int(middle * exp(rng.gauss(0.0, spread)))


def firm(rng: Random) -> str:
    """Makes up a company that nobody has founded."""
    name = pick(rng, _SYLLABLES) + pick(rng, _SYLLABLES) + pick(rng, "nrlsx")
    return f"{name.capitalize()} {pick(rng, FIRM_ENDINGS)}"


def bio(rng: Random, language: Language) -> str:
    """Makes one bio in the language, filled in."""
    hobby, other = rng.sample(HOBBIES, 2)
    return pick(rng, language.bios).format(
        job=pick(rng, JOBS), firm=firm(rng), hobby=hobby, other=other, place=pick(rng, language.places)
    )


def naming(rng: Random) -> tuple[Language, str, str]:
    """Draws a language, a whole name in it, and the given name in ASCII."""
    language = pick(rng, LANGUAGES)
    which = int(rng.random() * len(language.given))
    given, family = language.given[which], pick(rng, language.family)
    name = f"{family} {given}" if language.family_first else f"{given} {family}"
    return language, name if rng.random() < 0.7 else given, language.handles[which]
