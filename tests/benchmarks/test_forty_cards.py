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


@pytest.mark.parametrize("kind", ["promoter", "follow_ring", "lure"])
def test_nobody_whom_the_words_give_away_looks_genuine(part: str, kind: str) -> None:
    """Advertisers, rings and lures are marked, each of them."""
    assert "genuine" not in re.findall(rf"### \d+\. {kind}: (\w+)", part)


def test_nothing_of_the_model_speaks_for_genuine_beside_a_mark(part: str) -> None:
    """A card that says look twice doesn't say in the next line that all is well."""
    marked = [card for card in part.split("### ")[1:] if "- look twice" in card]
    assert len(marked) > 10
    assert not [card for card in marked if "- genuine" in card]


def test_no_card_says_a_sentence_twice(part: str) -> None:
    """Each reason stands once, and on one side."""
    for card in part.split("### ")[1:]:
        told = [
            re.sub(r"^- ((leans to )?\w+( twice)?: )?", "", line) for line in card.splitlines() if line.startswith("- ")
        ]
        assert len(set(told)) == len(told)
