"""Forty cards: the page is what the program says, and nobody who passes for us or gives money away looks genuine."""

import re

import pytest

from benchmarks.forty_cards import EACH, IMPOSTORS, PAGE, page_part
from benchmarks.pages import replaced


@pytest.fixture(scope="module")
def part() -> str:
    """The cards."""
    return page_part()


def test_the_page_is_what_the_program_says(part: str) -> None:
    """`python -m benchmarks.forty_cards --write` writes it anew."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == replaced(page, "cards", part)


def test_no_impostor_looks_genuine(part: str) -> None:
    """Three pass for @acme and are marked; who only speaks of us isn't."""
    headings = re.findall(r"### \d+\. impostor: (\w+)", part)
    assert len(headings) == len(IMPOSTORS)
    assert "genuine" not in headings[:-1]
    assert part.rpartition("###")[2].count("look twice") == 0


def test_no_giveaway_looks_genuine(part: str) -> None:
    """Money for nothing is marked by its words, whatever the counts say."""
    headings = re.findall(r"### \d+\. giveaway: (\w+)", part)
    assert len(headings) == EACH
    assert "genuine" not in headings


def test_no_card_says_a_sentence_twice(part: str) -> None:
    """Each reason stands once, and on one side."""
    for card in part.split("### ")[1:]:
        told = [line.partition(": ")[2] for line in card.splitlines() if line.startswith("- ")]
        assert len(set(told)) == len(told)
