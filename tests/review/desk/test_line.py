"""The desk's line is the list's, read without bios and reasons: the same cards at the same places."""

from typing import Any

import pytest
from sqlalchemy import update

from followguard.domain.place import Placed
from followguard.review.card_list import ListFilter, cards_of
from followguard.review.desk.line import line_of
from followguard.review.desk.order import desk_order
from followguard.store.tables import items, scores
from tests.builders.reviewing import LATER, look_alikes

PLACED = [name for name, each in vars(Placed).items() if isinstance(each, property)]


def places(house: Any, **wanted: bool) -> tuple[list[Any], list[Any]]:
    """Where the list's cards stand, and where the line's stand, in the desk's order."""
    asked = ListFilter(**wanted)
    with house.store.begin() as work:
        settings = list(house.settings.values())
        cards = cards_of(work, settings, asked, house.now)
        line = line_of(work, house.settings, house.now, held_back=asked.held_back)
    named = [[{name: getattr(each, name) for name in PLACED} for each in desk_order(all_, 7)] for all_ in (cards, line)]
    return named[0], named[1]


@pytest.mark.parametrize("per_day", [12, 100])
@pytest.mark.parametrize("held_back", [False, True])
def test_line_and_list_agree(house: Any, per_day: int, held_back: bool) -> None:
    """Likely spam, a batch, a random sample, one put off and one imitator, with room for all and without."""
    house.policy(max_cards_per_day=per_day)
    house.p_spam |= {"103": 0.97, "104": 0.99, "105": 0.5, "106": 0.15}
    house.read(*[str(number) for number in range(101, 121)], *look_alikes(10))
    house.night()
    house.decide("110", LATER)
    _mark(house, "108")
    _change(house, "103", held_back=True)
    _change(house, "105", sample=True, sample_probability=0.5)
    _change(house, "104", held_back=True, audit=True, audit_probability=0.5)
    house.next_day(9)
    cards, line = places(house, held_back=held_back)
    assert line == cards
    assert any(each["drawn"] for each in line)
    assert any(each["imitates"] for each in line) or per_day == 12
    assert any(each["hidden"] for each in line) == held_back


def _change(house: Any, follower: str, **values: Any) -> None:
    """Gives the follower's card values as a night gives them."""
    number = house.card(follower).item
    with house.store.begin() as work:
        work.connection.execute(update(items).where(items.c.id == number).values(**values))


def _mark(house: Any, follower: str) -> None:
    """Gives the follower's score the mark of an imitator."""
    score, look = house.card(follower).score_id, [{"code": "imitates_us", "text": "looks like us"}]
    with house.store.begin() as work:
        work.connection.execute(update(scores).where(scores.c.id == score).values(look=look))
