"""`review note` and `review route`: what they print, what they refuse, and what erasing and disclosing do with it."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders.staffed import IDS

ONE = IDS[0]
ROUTES = '\n[[accounts.acme.routes]]\nname = "press"\nbio = ["journalist"]\n'


@pytest.fixture
def routed(staffed: Any, tmp_path: Path) -> Any:
    """An account with a route."""
    path = tmp_path / "followguard.toml"
    path.write_text(path.read_text(encoding="utf-8") + ROUTES, encoding="utf-8")
    return staffed


def test_a_note_is_shown_safely(staffed: Any) -> None:
    """What would steer a terminal is shown by name; the JSON has it as written."""
    text = "look \x1b[31mred\u202e here"
    done = staffed("review", "note", ONE, text, "--by", "Rea")
    assert (done.code, "Rea: look ␛[31mred⟨U+202E⟩ here" in done.out) == (0, True)
    assert "␛[31mred" in staffed("review", "show", ONE).out
    notes = staffed("review", "show", ONE, "--json").json["notes"]
    assert [(each["by"], each["text"], each["asked"]) for each in notes] == [("Rea", text, None)]


def test_a_question_names_both(staffed: Any) -> None:
    """Text and JSON say who asks whom; the answer closes it."""
    asked = staffed("review", "note", ONE, "Do you know her?", "--ask", "Ann", "--by", "Rea", "--json").json
    assert (asked["by"], asked["asked"], asked["answered_at"]) == ("Rea", "Ann", None)
    assert "Rea asks Ann: Do you know her?" in staffed("review", "show", ONE).out
    staffed("review", "note", ONE, "Yes.", "--by", "Ann")
    assert "Rea asks Ann: Do you know her? (answered" in staffed("review", "show", ONE).out


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((ONE, "x" * 2**20, "--by", "Rea"), 2, "A note has at most 2,000 letters; this one has 1,048,576."),
        ((ONE, "  ", "--by", "Rea"), 2, "The note says nothing."),
        ((ONE, "Hello", "--by", "Reah"), 2, "Did you mean Rea?"),
        ((ONE, "Hello"), 2, "No person was named."),
        ((ONE, "Hello", "--ask", "Rea", "--by", "Rea"), 2, "Rea can't ask Rea."),
        ((ONE, "Hello", "--ask", "Zoë", "--by", "Rea"), 2, "Zoë isn't known here."),
        (("424242", "Hello", "--by", "Rea"), 1, "424242"),
    ],
    ids=["1MB", "blank", "slip", "nobody", "oneself", "stranger", "no follower"],
)
def test_what_cannot_be_a_note_is_one_clear_error(staffed: Any, args: tuple[str, ...], code: int, said: str) -> None:
    """It is told on stderr in few words, and nothing is kept."""
    done = staffed("review", "note", *args)
    assert (done.code, said in done.err) == (code, True), done.err
    assert len(done.err) < 600
    assert staffed("review", "show", ONE, "--json").json["notes"] == []


def test_disclose_shows_notes_and_forget_takes_them(staffed: Any) -> None:
    """Our people stand in it under pseudonyms, in texts too; after the erasure the history is still proved."""
    staffed("review", "note", ONE, "Ann met her at the fair.", "--ask", "Ann", "--by", "Rea")
    done = staffed("disclose", ONE, "--json")
    assert ("met her at the fair" in done.out, "Ann" in done.out, "Rea" in done.out) == (True, False, False)
    assert staffed("forget", ONE, "--yes", "--by", "Ann").code == 0
    proof = staffed("prove", "--json")
    assert (proof.json["ok"], proof.json["checked"]["rows"].get("notes", 0)) == (True, 0)


def test_a_route_by_hand_stands_until_it_is_taken_back(routed: Any) -> None:
    """Twice is once; the spelling of the configuration is kept, and the history is proved."""
    first = routed("review", "route", ONE, "PRESS", "--note", "Writes for the Gazette.", "--by", "Rea", "--json").json
    assert (first["routes"], first["already"], first["note"]["text"]) == (["press"], False, "Writes for the Gazette.")
    again = routed("review", "route", ONE, "press", "--by", "Ann", "--json").json
    assert (again["already"], [each["by"] for each in again["routed"]]) == (True, ["Rea"])
    shown = routed("review", "show", ONE)
    assert "tell: press" in shown.out
    assert "sent to press by Rea" in shown.out
    assert routed("review", "route", ONE, "press", "--take-back", "--by", "Ann", "--json").json["routes"] == []
    assert routed("review", "route", ONE, "press", "--take-back", "--by", "Ann").code == 1
    assert routed("review", "route", ONE, "press", "--by", "Ann", "--json").json["routes"] == ["press"]
    assert routed("prove").code == 0


def test_a_route_that_is_not_configured_is_refused(routed: Any) -> None:
    """With those that there are."""
    done = routed("review", "route", ONE, "legal", "--by", "Rea")
    assert (done.code, "Use one of: press." in done.err) == (2, True)
