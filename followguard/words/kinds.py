"""The built-in word kinds, read from `kinds.toml`: one kind is a name, a sentence for the card, patterns, a version."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from followguard.words.phrases import Phrase, table_phrase
from followguard.words.text import skeleton

TABLE = Path(__file__).with_name("kinds.toml")
CODE = "words_"
"""Begins the code of a kind's mark: `words_giveaway`."""


@dataclass(frozen=True, slots=True)
class WordKind:
    """A row of the table. `inside` are compared words that are also looked for within a username."""

    name: str
    version: int
    sentence: str
    phrases: tuple[Phrase, ...]
    inside: tuple[str, ...]

    @property
    def code(self) -> str:
        """The code of its mark and its note."""
        return CODE + self.name


@cache
def kinds() -> tuple[WordKind, ...]:
    """Returns the kinds in the order of the table. Raises ValueError for a pattern that can't be read."""
    return tuple(_kind(row) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["kind"])


def _kind(row: dict[str, Any]) -> WordKind:
    return WordKind(
        name=row["name"],
        version=row["version"],
        sentence=row["sentence"],
        phrases=tuple(table_phrase(row["name"], written) for written in row["patterns"]),
        inside=tuple(skeleton(word) for word in row["inside"]),
    )
