"""Sentences of the pages, each by its key, all from `strings.toml`."""

import tomllib
from functools import cache
from pathlib import Path

PLACE = Path(__file__).with_name("strings.toml")


@cache
def strings() -> dict[str, str]:
    """Reads the file once."""
    return dict(tomllib.loads(PLACE.read_text(encoding="utf-8")))


def t(key: str, /, **values: object) -> str:
    """Returns the sentence, filled in. Raises KeyError for a key or a value that isn't there."""
    return strings()[key].format(**values)
