"""Rows of the review list: one width, whatever letters names are made of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from followguard.cli.output import columns
from followguard.domain.card import Card, ItemState
from followguard.domain.policy import Band, Reason
from followguard.review.words_list import cut, lines_of
from followguard.testing import START, made_up_profile

NAMES = {
    "plain": "Ada Lane",
    "long": "A" * 200,
    "Chinese": "名前" * 30,
    "emoji": "👩‍👩‍👧‍👦🚀" * 20,
    "Arabic": "محمد العربي " * 6,
    "Hebrew and override": "שלום \u202eabc\u202c",
    "zero width": "A\u200b\u200d\u2060da",
    "accents": "e\u0301\u0302\u0303\u0304" * 20,
    "Thai": "สวัสดีครับ" * 8,
    "line breaks": "one\ntwo\x1b[31m",
    "none": "",
}


def card(item: int, name: str = "Ada Lane", **changed: Any) -> Card:
    """A waiting card, due today."""
    profile = replace(made_up_profile(str(item), START), name=name, username=changed.pop("username", f"person_{item}"))
    base = Card(
        item=item,
        account="acme",
        account_id=1,
        profile=profile,
        appearance_hash="",
        state=ItemState.WAITING,
        held_back=False,
        audit=False,
        first_seen_at=START,
        due=START.date().isoformat(),
        p_spam=0.34,
        band=Band.UNSURE,
        reasons=(Reason("a", "likes about 3 posts a day, and says so at some length, for a reason", 0.7),),
    )
    return replace(base, **changed)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_every_row_fits(width: int) -> None:
    """Heads and rows of all kinds of names; the username is whole, and nothing in a row steers the terminal."""
    cards = [card(place, name) for place, name in enumerate(NAMES.values(), start=990)]
    lines = lines_of(cards, START, width)
    assert len(lines) == len(cards) + 1
    assert all(columns(line) <= width for line in lines)
    assert all(f"@person_{each.item}" in line for each, line in zip(cards, lines[1:], strict=True))
    assert not any(set(line) & set("\n\x1b\u202e\u200b") for line in lines)


@pytest.mark.parametrize("width", [80, 120])
def test_columns_begin_where_their_heads_do(width: int) -> None:
    """Wide letters, marks and emoji are measured as a terminal shows them."""
    cards = [card(place, name) for place, name in enumerate(NAMES.values(), start=1)]
    heads, *rows = lines_of(cards, START, width)
    place = columns(heads[: heads.index("band")])
    for row in rows:
        assert columns(row[: row.index("unsure")]) == place, row


def test_only_what_tells_cards_apart_is_shown() -> None:
    """Account, batch and state come with the first card that makes them worth a column."""
    assert lines_of([card(1), card(2)], START, 200)[0].split() == ["item", "follower", "band", "spam", "why"]
    more = [card(1), card(2, account="beta", batch=7, state=ItemState.LATER, due="2027-01-01")]
    heads, *rows = lines_of(more, START, 200)
    assert heads.split() == ["item", "follower", "band", "spam", "account", "batch", "state", "why"]
    assert "@beta" in rows[1]
    assert "later, due 2027-01-01" in rows[1]
    late = [card(1, due=(START + timedelta(days=1)).date().isoformat())]
    assert "state" in lines_of(late, START, 200)[0]


def test_who_has_no_username_and_no_score() -> None:
    """The id stands for the name, and nothing for the score."""
    (_, row) = lines_of([card(7, "", username=None, p_spam=None, reasons=())], datetime(2026, 1, 5, tzinfo=UTC), 80)
    assert row.split() == ["7", "7", "unsure"]


@pytest.mark.parametrize(("text", "width", "shown"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("名前名", 4, "名…")])
def test_a_wide_letter_is_never_halved(text: str, width: int, shown: str) -> None:
    """The text that is left is at most that wide."""
    assert cut(text, width) == shown
