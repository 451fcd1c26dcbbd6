"""Every sentence of the pages stands in one file, each is used, and none is missing."""

import re
from pathlib import Path

import pytest

from followguard.web import rendering
from followguard.web.strings import strings, t

WEB = Path(rendering.__file__).parent
CALLED = re.compile(r"""\bt\(\s*["']([a-z_.]+)["'](?! *~)""")
FAMILY = re.compile(r"""\bt\(\s*(?:f["']([a-z_]+\.)\{|["']([a-z_]+\.)["'] *~)""")
QUOTED = re.compile(r"""["']([a-z_]+\.[a-z_.]+)["']""")
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
NAMED = re.compile(r"""NavEntry\("[^"]*", "([a-z_.]+)"\)""")


def texts() -> list[str]:
    """Code and templates."""
    return [path.read_text(encoding="utf-8") for ending in ("*.py", "*.j2") for path in WEB.rglob(ending)]


def found(*patterns: re.Pattern[str]) -> set[str]:
    """What the patterns find in them."""
    return {"".join(each.groups(default="")) for text in texts() for one in patterns for each in one.finditer(text)}


def test_every_key_that_is_used_is_there() -> None:
    """Also each kind of a family: `t(f"said.{kind}")` needs at least one key that begins so."""
    assert found(CALLED, NAMED) <= set(strings())
    for family in found(FAMILY):
        assert any(key.startswith(family) for key in strings()), family


def test_every_key_is_used() -> None:
    """By its whole name, somewhere in code or templates, or as one of a family."""
    families = tuple(found(FAMILY))
    assert {key for key in strings() if not key.startswith(families)} <= found(QUOTED, CALLED, NAMED)


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
