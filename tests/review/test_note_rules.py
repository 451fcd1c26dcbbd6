"""Rules that the database holds over notes and routes by hand, whoever writes past the program."""

from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from followguard.followers.find_store import find_item
from followguard.review.notes import add_note
from followguard.review.route_by_hand import route, unroute
from tests.builders.reviewing import House


@pytest.fixture
def written(ready: House) -> House:
    """A note, and a route that was taken back."""
    with ready.store.begin() as work:
        item = find_item(work, "12", "acme", ready.settings)
        add_note(work, ready.hand("Rea"), item, "Hello.")
        route(work, ready.hand("Rea"), item, "press")
        unroute(work, ready.hand("Ada"), item, "press")
    return ready


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notes SET text = 'Other.'",
        "UPDATE notes SET person_id = 1",
        "UPDATE notes SET follower_id = '13'",
        "UPDATE notes SET answered_at = at",
        "DELETE FROM notes",
        "UPDATE routings SET route = 'legal'",
        "UPDATE routings SET taken_back_at = NULL, taken_back_by = NULL",
        "DELETE FROM routings",
    ],
)
def test_what_was_said_stays_as_it_was_said(written: House, statement: str) -> None:
    """Refused on both databases."""
    with pytest.raises(DatabaseError), written.store.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_text_that_was_cleared_is_not_written_anew(written: Any) -> None:
    """Clearing is possible, once and for all."""
    with written.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE notes SET text = NULL")
    with pytest.raises(DatabaseError), written.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE notes SET text = 'Other.'")
