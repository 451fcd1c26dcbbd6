"""Cards that a colleague asks about: first in line, also out of a batch."""

from typing import Any

from followguard.review.desk.session import OfferedBatch
from followguard.review.notes import ask
from tests.builders.reviewing import look_alikes


def test_a_look_alike_that_is_asked_about_comes_by_itself(lite_house: Any) -> None:
    """Out of its batch; everybody else is offered the block, with that card in it."""
    lite_house.read(*look_alikes(20))
    lite_house.night()
    card = next(each for each in lite_house.cards(everything=True) if each.batch is not None and not each.drawn)
    with lite_house.store.begin() as work:
        ask(work, lite_house.hand("Rea", "acme"), card.item, "Ada", "One of yours?")
    assert lite_house.desk("Ada").next().card.item == card.item
    block = lite_house.desk("Ben").next()
    assert isinstance(block, OfferedBatch)
