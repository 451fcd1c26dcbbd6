"""Every sentence of the pages stands in one file, each is used, and none is missing."""

import re
from pathlib import Path

import pytest

from followguard.web import rendering
from followguard.web.strings import strings, t

WEB = Path(rendering.__file__).parent
CALLED = re.compile(r"""\bt\(\s*["']([a-z_.]+)["']""")
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
NAMED = re.compile(r"""NavEntry\("[^"]*", "([a-z_.]+)"\)""")


def used() -> set[str]:
    """Keys in code and templates."""
    texts = [path.read_text(encoding="utf-8") for ending in ("*.py", "*.j2") for path in WEB.rglob(ending)]
    return {key for text in texts for pattern in (CALLED, NAMED) for key in pattern.findall(text)}


def test_keys_and_uses_are_the_same() -> None:
    """No key without a use, no use without a key."""
    assert used() == set(strings())


def test_a_missing_key_or_value_is_an_error() -> None:
    """Nobody is shown the name of a key, or a hole."""
    with pytest.raises(KeyError):
        t("no.such.key")
    with pytest.raises(KeyError):
        t("sign_in.button")


def test_templates_hold_no_sentence_of_their_own() -> None:
    """Between the tags stand calls alone."""
    for path in (WEB / "templates").glob("*.j2"):
        text = re.sub(
            r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        assert re.findall(r"[A-Za-z]{2,}", text) == [], path.name
