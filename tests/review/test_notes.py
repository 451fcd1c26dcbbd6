"""Notes on a card: who may write one, what is kept of it, and that erasing a person takes it along."""

from datetime import timedelta

import pytest

from followguard.domain.note import MOST_LETTERS
from followguard.errors import MissingRole, UnknownPerson, UsageError
from followguard.followers.find_store import find_item
from followguard.proof.check import check_database
from followguard.review.dossier import show
from followguard.review.notes import add_note
from tests.builders.reviewing import SPAM


def noted(house, follower: str, text: str, by: str | None = "Rea"):
    """A note on a follower's card."""
    with house.store.begin() as work:
        return add_note(work, house.hand(by, "acme"), find_item(work, follower, "acme", house.settings), text)


def test_notes_stand_on_the_card_the_newest_last(ready) -> None:
    """With person and time, on a card that is decided too, and in the JSON of one follower."""
    noted(ready, "12", "Met her at the fair.")
    ready.decide("12", SPAM)
    ready.now += timedelta(minutes=5)
    noted(ready, "12", "  No, that was somebody else. \n", "Ada")
    found = show(ready.store, ready.settings, "12", "acme").as_json(ready.now)["notes"]
    assert [(each["by"], each["text"]) for each in found] == [
        ("Rea", "Met her at the fair."),
        ("Ada", "No, that was somebody else."),
    ]
    assert found[1]["at"] == ready.now
    assert {each["asked"] for each in found} == {None}


@pytest.mark.parametrize(
    ("by", "error"), [("Vic", MissingRole), ("Nobody", UnknownPerson), (None, UnknownPerson)], ids=str
)
def test_a_note_takes_a_reviewer(ready, by: str | None, error: type[Exception]) -> None:
    """A viewer only looks, and a name that nobody has writes nothing."""
    with pytest.raises(error):
        noted(ready, "12", "Hello", by)
    assert ready.rows("SELECT count(*) FROM notes") == [(0,)]


@pytest.mark.parametrize("text", ["", " \n\t", "x" * (MOST_LETTERS + 1), "x" * 2**20], ids=["", "blank", "long", "1MB"])
def test_a_note_that_says_nothing_or_too_much_is_refused(ready, text: str) -> None:
    """One clear error, nothing kept; 2,000 letters are kept whole."""
    with pytest.raises(UsageError, match="note"):
        noted(ready, "12", text)
    assert noted(ready, "12", "x" * MOST_LETTERS).text == "x" * MOST_LETTERS
    assert ready.rows("SELECT count(*) FROM notes") == [(1,)]


def test_letters_that_no_database_holds_are_replaced(ready) -> None:
    """A NUL and half a surrogate pair, as a terminal may give them, lose nothing else of the note."""
    assert noted(ready, "12", "a\x00b\udcffc").text == "a\u2400b?c"


def test_the_log_vouches_for_a_note_without_quoting_it(ready) -> None:
    """The entry names card and note; another text in the row is found by the proof."""
    noted(ready, "12", "Met her at the fair.")
    ((payload,),) = ready.rows("SELECT payload FROM log_openings ORDER BY seq DESC LIMIT 1")
    assert "fair" not in str(payload)
    assert not check_database(ready.store).findings
