"""The model card as a page says what the Markdown says, safely and from one file."""

import re

import pytest

from followguard.training.base.card_page import blocks, card_html, pieces
from tests.builders.html_page import Seen
from tests.builders.places import ROOT

CARD = ROOT / "models" / "base" / "CARD.md"
TEXT = """# A model

First line
and second, `code <b>` and **bold**.
- one item
  that goes on
- another

| group | AUC | said |
|---|---|---|
| one | 0.9 (0.8-1.0) | much |
| two | **0.7** |

```
a | b
# no heading
```
<!-- accuracy -->
[a link](https://example.org/a), [a page](docs/features.md), [no](javascript:alert(1)), ![a picture](plot.png)
"""


def test_blocks() -> None:
    """Headings, paragraphs, lists right under a paragraph, tables and code come out as what they are."""
    assert [block.kind for block in blocks(TEXT)] == ["heading", "paragraph", "list", "table", "code", "paragraph"]
    _, paragraph, items, grid, code, _ = blocks(TEXT)
    assert [piece.kind for piece in paragraph.lines[0]] == ["text", "code", "text", "bold", "text"]
    assert [item[0].text for item in items.lines] == ["one item that goes on", "another"]
    assert grid.numeric == (False, True, False)
    assert [len(row) for row in grid.rows] == [3, 3]
    assert code.text == "a | b\n# no heading"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[a](https://example.org)", "link"),
        ("[a](docs/a.md)", "link"),
        ("[a](#part)", "link"),
        ("[a](http://example.org)", "text"),
        ("[a](//example.org)", "text"),
        ("[a](data:text/html)", "text"),
        ("![a](plot.png)", "text"),
    ],
)
def test_links(text: str, kind: str) -> None:
    """Only https and paths are linked; pictures become their words."""
    assert [(piece.kind, piece.text) for piece in pieces(text)] == [(kind, "a")]


def test_stress() -> None:
    """Stars round words stress them; a star between numbers or alone is a star."""
    assert [piece.kind for piece in pieces("on *your* followers")] == ["text", "stress", "text"]
    assert [piece.kind for piece in pieces("2 * 3 * 4, *")] == ["text"]
    assert "<em>your</em>" in card_html("on *your* followers")


def test_ugly_texts_end() -> None:
    """Fences and tables left open, empty texts and stray marks neither hang nor fail."""
    for text in (
        "",
        "\n\n",
        "```",
        "```\nx",
        "|",
        "| a |\n|---|",
        "- ",
        "#",
        "######## x",
        "**",
        "[",
        "`",
        "|---|\n|---|",
    ):
        assert card_html(text).startswith("<!doctype html>")


def test_the_page_is_whole_and_asks_for_nothing() -> None:
    """Every element is closed, no script, no picture, no address to fetch, and the policy forbids them."""
    page = card_html(TEXT)
    seen = Seen(page)
    assert seen.open == []
    assert {tag for tag, _ in seen.tags} & {"script", "img", "link", "iframe"} == set()
    assert not re.search(r"url\(|@import|\bsrc=", page)
    policies = [attrs["content"] or "" for tag, attrs in seen.tags if "http-equiv" in attrs]
    assert [policy.startswith("default-src 'none'; style-src 'sha256-") for policy in policies] == [True]
    assert [attrs["href"] for tag, attrs in seen.tags if tag == "a"] == ["https://example.org/a", "docs/features.md"]


def test_what_is_written_is_escaped() -> None:
    """HTML in a card stays text, wherever it stands, and in the page's title."""
    hostile = "<script>alert(1)</script>"
    page = card_html(
        f"# {hostile}\n\n{hostile}\n- {hostile}\n\n| {hostile} |\n|---|\n| {hostile} |\n\n```\n{hostile}\n```"
    )
    assert "<script" not in page
    assert Seen(page).text.count(hostile) == 7


def test_the_shipped_card_loses_nothing() -> None:
    """Every word of the shipped card is on its page, and each of its tables and headings."""
    markdown = CARD.read_text(encoding="utf-8")
    seen = Seen(card_html(markdown))
    plain = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    for word in re.findall(r"[A-Za-z0-9.]{3,}", plain):
        assert word in seen.text
    assert seen.many("table") == len(re.findall(r"^\|[-| :]+\|$", plain, re.MULTILINE))
    assert seen.many("h2") == len(re.findall(r"^## ", plain, re.MULTILINE))
