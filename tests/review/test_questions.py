"""Questions to a colleague: who may be asked, how long a question is open, and whose card comes first."""

from typing import Any

import pytest

from followguard.accounts.store import People
from followguard.errors import AlreadyDecided, MissingRole, UnknownPerson, UsageError
from followguard.followers.find_store import find_item
from followguard.review.dossier import show
from followguard.review.notes import add_note, ask, asked_of
from followguard.review.undo import undo
from followguard.store.work import Work
from tests.builders.reviewing import APPROVE, LATER, SPAM


def item_of(house: Any, work: Work, follower: str) -> int:
    """The card of a follower of acme."""
    return find_item(work, follower, "acme", house.settings)


def asked(house: Any, follower: str, colleague: str, question: str = "Do you know her?", by: str = "Rea") -> Any:
    """A question about a follower's card."""
    with house.store.begin() as work:
        return ask(work, house.hand(by, "acme"), item_of(house, work, follower), colleague, question)


def open_to(house: Any, name: str) -> list[str]:
    """Followers about whom somebody is asked."""
    with house.store.begin() as work:
        return [each.follower_id for each in asked_of(work, People(work).by_name(name))]


def test_a_question_is_on_the_card_and_on_the_colleagues_list(ready: Any) -> None:
    """The card says who asks whom; it stays on everybody's list, and out of the hands of the one who asked."""
    desk = ready.desk("Rea")
    first = desk.next().card.follower_id
    note = asked(ready, first, "Ada")
    assert (note.person, note.asked, note.is_open) == ("Rea", "Ada", True)
    assert (open_to(ready, "Ada"), open_to(ready, "Ben")) == ([first], [])
    assert first in ready.ids()
    assert ready.card(first, ready.card(first).account).claim is None
    assert show(ready.store, ready.settings, first, "acme").as_json(ready.now)["notes"][0]["asked"] == "Ada"


def test_a_note_of_the_colleague_answers_and_one_of_anybody_else_does_not(ready: Any) -> None:
    """Ben's remark leaves Ada's question open."""
    asked(ready, "12", "Ada")
    for by, left in (("Ben", ["12"]), ("Ada", [])):
        with ready.store.begin() as work:
            add_note(work, ready.hand(by, "acme"), item_of(ready, work, "12"), "I think so.")
        assert open_to(ready, "Ada") == left


@pytest.mark.parametrize("choice", [SPAM, APPROVE, LATER], ids=["reject", "approve", "later"])
def test_anybodys_decision_ends_a_question_until_it_is_taken_back(ready: Any, choice: Any) -> None:
    """Decided by Ben: Ada needn't answer. Undone: her question stands again."""
    asked(ready, "12", "Ada")
    ready.decide("12", choice, "Ben")
    assert open_to(ready, "Ada") == []
    undo(ready.hand("Ben"), "12")
    assert open_to(ready, "Ada") == ["12"]


def test_a_proposal_answers_only_for_whoever_makes_it(ready: Any) -> None:
    """Where two people approve, the first voice leaves open what the second was asked."""
    ready.policy(two_person_approval=True)
    asked(ready, "12", "Ada")
    ready.decide("12", APPROVE, "Ben")
    assert open_to(ready, "Ada") == ["12"]
    ready.decide("12", APPROVE, "Ada")
    assert open_to(ready, "Ada") == []


def test_asking_back_answers(ready: Any) -> None:
    """Ada asks Rea: now the card lies with Rea."""
    asked(ready, "12", "Ada")
    asked(ready, "12", "Rea", "Why?", by="Ada")
    assert (open_to(ready, "Ada"), open_to(ready, "Rea")) == ([], ["12"])


@pytest.mark.parametrize(
    ("colleague", "error"), [("Vic", MissingRole), ("Rea", UsageError), ("Nobody", UnknownPerson), ("", UnknownPerson)]
)
def test_a_colleague_is_another_person_who_may_decide(ready: Any, colleague: str, error: type[Exception]) -> None:
    """A viewer, oneself and a stranger are refused, and nothing is kept."""
    with pytest.raises(error):
        asked(ready, "12", colleague)
    assert ready.rows("SELECT count(*) FROM notes") == [(0,)]


def test_somebody_withdrawn_is_not_asked(ready: Any) -> None:
    """Their list is nobody's."""
    with ready.store.begin() as work:
        People(work).withdraw(People(work).by_name("Ben").id, None, ready.now)
    with pytest.raises(UsageError, match="withdrawn"):
        asked(ready, "12", "Ben")


def test_nobody_is_asked_about_a_decided_card(ready: Any) -> None:
    """It says who decided; a note is possible."""
    ready.decide("12", SPAM)
    with pytest.raises(AlreadyDecided):
        asked(ready, "12", "Ada")


def test_the_card_comes_first_on_the_colleagues_desk(ready: Any) -> None:
    """Of all that wait, also while the colleague sits there; passed over it stays passed over."""
    ada = ready.desk("Ada")
    in_hand = ada.next().card
    last = next(each for each in reversed(ready.cards()) if each.account == "acme" and each.item != in_hand.item)
    asked(ready, last.follower_id, "Ada")
    first = ada.next()
    assert (first.card.item, [each.asked for each in first.found.notes]) == (last.item, ["Ada"])
    ada.pass_over(last.item)
    seen = []
    while (shown := ada.next()) is not None:
        seen.append(shown.card.item)
        ada.pass_over(shown.card.item)
    assert last.item not in seen
    assert seen


def test_a_card_of_another_day_comes_when_it_is_asked_about(ready: Any) -> None:
    """Put off until next week, and asked about today."""
    ready.decide("12", LATER, "Ben")
    asked(ready, "12", "Ada")
    assert ready.desk("Ada").next().card.follower_id == "12"
    ben, seen = ready.desk("Ben"), []
    while (card := ben.next()) is not None:
        seen.append(card.card.follower_id)
        ben.pass_over(card.card.item)
    assert "12" not in seen
