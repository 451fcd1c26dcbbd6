"""A blind test taken: who may, what is drawn, what is kept, and that nothing else comes of it."""

from datetime import timedelta

import pytest

from followguard.domain.decision import Choice
from followguard.domain.labels import Kind
from followguard.errors import MissingRole, StoreFailed, TooFewToTest, UnknownPerson
from followguard.proof.rules import Against, prove
from followguard.review.decide import decide_each
from followguard.screening.blind_test import BlindAnswer
from followguard.screening.standing import standing_of
from followguard.store import tables as t
from followguard.trust.sitting import BlindSitting
from tests.builders.forgetting import erase
from tests.builders.reviewing import SPAM, House

ABOVE, BELOW = [str(n) for n in range(100, 120)], [str(n) for n in range(200, 220)]


def town(house: House) -> House:
    """Twenty followers on each side of the cutoff, all with cards."""
    house.p_spam = dict.fromkeys(ABOVE, 0.99)
    house.read(*ABOVE, *BELOW)
    house.night()
    return house


def sitting(house: House, by: str | None = "Ada") -> BlindSitting:
    """Somebody at a test."""
    return BlindSitting(
        store=house.store, settings=house.settings["acme"], by=by, clock=lambda: house.now, seed=house.seed
    )


def taken(house: House, by: str = "Ada", real: int = 0) -> BlindSitting:
    """A test gone through: spam above the cutoff, but for the first `real`; real below it."""
    at = sitting(house, by)
    at.sit_down()
    for card, _ in at.left():
        answer = BlindAnswer.SPAM if card.above and real == 0 else BlindAnswer.REAL
        real -= card.above and real > 0
        at.answer(card, answer)
    return at


def kinds(house: House) -> list[str]:
    """What the log says of tests, in order."""
    return [kind for (kind,) in house.rows("SELECT kind FROM log WHERE kind LIKE 'trust.%' ORDER BY seq")]


def test_thirty_cards_are_drawn_and_put_on_record(house: House) -> None:
    """Fifteen a side, each with its score and the profile that was scored; the draw is in the log."""
    at = sitting(town(house))
    test = at.sit_down()
    assert (len(test.cards), sum(card.above for card in test.cards), at.resumed) == (30, 15, False)
    assert {look.id for _, look in at.left()} == {card.follower_id for card in test.cards}
    assert kinds(house) == ["trust.draw"]
    assert prove(house.store, Against()).ok


def test_a_test_that_is_passed_is_in_the_log_and_lets_holding_back_begin(house: House) -> None:
    """Draw, thirty answers, result; nothing is decided, nothing ordered, and every row is proved."""
    at = taken(town(house))
    test, passed = at.result()
    assert passed
    assert test.finished_at == house.now
    assert kinds(house) == ["trust.draw", *["trust.answer"] * 30, "trust.result"]
    assert house.rows("SELECT count(*) FROM decisions") == house.rows("SELECT count(*) FROM orders") == [(0,)]
    assert prove(house.store, Against()).ok
    with house.store.begin() as work:
        assert standing_of(work, 1, house.settings["acme"].policy, house.now).tested


def test_one_real_person_above_the_cutoff_is_no_pass(lite_house: House) -> None:
    """It stays on record, and the result says so."""
    assert taken(town(lite_house), real=1).result()[1] is False


@pytest.mark.parametrize(("by", "error"), [("Rea", MissingRole), ("Nobody", UnknownPerson), (None, UnknownPerson)])
def test_it_takes_an_approver(lite_house: House, by: str | None, error: type[Exception]) -> None:
    """A reviewer, a stranger and nobody are refused before anything is drawn."""
    with pytest.raises(error):
        sitting(town(lite_house), by).sit_down()
    assert kinds(lite_house) == []


def test_it_goes_on_where_it_was_interrupted(lite_house: House) -> None:
    """The same cards, without those that were answered; after a week another test is drawn."""
    at = sitting(town(lite_house))
    first = at.sit_down()
    at.answer(at.left()[0][0], BlindAnswer.SPAM)
    again = sitting(lite_house)
    assert again.sit_down().id == first.id
    assert (again.resumed, len(again.left())) == (True, 29)
    lite_house.next_day(8)
    late = sitting(lite_house)
    assert late.sit_down().id != first.id
    assert not late.resumed


def test_two_people_have_tests_of_their_own(lite_house: House) -> None:
    """Ben isn't asked to go on with Ada's, and is shown others in another order."""
    at, other = sitting(town(lite_house)), sitting(lite_house, "Ben")
    ada, ben = at.sit_down(), other.sit_down()
    assert ada.id != ben.id
    assert [card.follower_id for card in ada.cards] != [card.follower_id for card in ben.cards]


def test_a_card_is_answered_once(lite_house: House) -> None:
    """The second answer, from another window, changes nothing."""
    at = sitting(town(lite_house))
    at.sit_down()
    card = at.left()[0][0]
    at.answer(card, BlindAnswer.SPAM)
    at.answer(card, BlindAnswer.REAL)
    assert lite_house.rows("SELECT answer FROM blind_answers") == [("spam",)]


def test_too_few_on_a_side_is_refused(lite_house: House) -> None:
    """Nine above the cutoff: nothing is drawn, and the numbers are said."""
    lite_house.p_spam = dict.fromkeys(ABOVE[:9], 0.99)
    lite_house.read(*ABOVE, *BELOW)
    with pytest.raises(TooFewToTest, match="there are 0 above it and 0 below"):
        sitting(lite_house).sit_down()
    lite_house.night()
    with pytest.raises(TooFewToTest, match="there are 9 above it and 31 below"):
        sitting(lite_house).sit_down()


def test_ones_own_decisions_are_not_asked_again(lite_house: House) -> None:
    """What Ada decided today isn't blind for her, but for Ben; what she put off says nothing."""
    house = town(lite_house)
    decide_each(house.hand("Ada"), ABOVE[:11], SPAM)
    house.decide(ABOVE[11], Choice(kind=Kind.LATER, until="2026-01-12"))
    with pytest.raises(TooFewToTest, match="there are 9 above it"):
        sitting(house).sit_down()
    assert sum(card.above for card in sitting(house, "Ben").sit_down().cards) == 15


def test_old_decisions_of_ones_own_come_last(lite_house: House) -> None:
    """After two weeks they may be asked again where the others don't reach, and the card says that it is one."""
    house = town(lite_house)
    decide_each(house.hand("Ada"), ABOVE[:11], SPAM)
    house.next_day(14)
    own = [card for card in sitting(house).sit_down().cards if card.own]
    assert (len(own), {card.above for card in own}) == (6, {True})


def test_who_only_lacks_data_is_not_above_the_cutoff(lite_house: House) -> None:
    """Such a card is never held back, so a test of those who are doesn't show it; nor one without text."""
    house = town(lite_house)
    with house.store.begin() as work:
        of = t.snapshots.c.follower_id
        work.connection.execute(t.snapshots.update().where(of.in_(ABOVE[:6])).values(protected=True))
        work.connection.execute(t.snapshots.update().where(of.in_(ABOVE[6:11])).values(text_cleared_at=house.now))
    with pytest.raises(TooFewToTest, match="there are 9 above it"):
        sitting(house).sit_down()


def test_another_model_needs_another_test(lite_house: House) -> None:
    """When the champion changes, an interrupted test isn't gone on with, and one that was passed doesn't count."""
    house = town(lite_house)
    taken(house)
    open_one = sitting(house, "Ben")
    began = open_one.sit_down().id
    house.model = "rule-2"
    house.next_day()
    house.p_spam |= dict.fromkeys([str(n) for n in range(300, 320)], 0.99)
    house.read(*[str(n) for n in range(300, 340)])
    house.night()
    with house.store.begin() as work:
        found = standing_of(work, 1, house.settings["acme"].policy, house.now)
    assert (found.model, found.tested) == ("rule-2", False)
    later = sitting(house, "Ben")
    assert later.sit_down().id != began


def test_who_is_forgotten_is_gone_from_tests_and_a_passed_one_stays(house: House) -> None:
    """Card and answer go with the person, the log stays whole, and the test still passes."""
    at = taken(town(house))
    gone = at.result()[0].cards[0].follower_id
    erase(house, gone)
    for table in ("blind_cards", "blind_answers"):
        assert house.rows(f"SELECT count(*) FROM {table} WHERE follower_id = '{gone}'") == [(0,)]
    test, passed = at.result()
    assert (len(test.cards), passed) == (29, True)
    assert prove(house.store, Against()).ok


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE blind_answers SET answer = 'spam'",
        "DELETE FROM blind_answers",
        "UPDATE blind_cards SET above = above",
        "DELETE FROM blind_cards",
        "UPDATE blind_tests SET model = 'other'",
        "INSERT INTO blind_answers SELECT card_id, account_id, 'x', 'spam', at FROM blind_answers",
    ],
)
def test_the_database_refuses_to_change_a_test(house: House, sql: str) -> None:
    """Tests, cards and answers are only ever added."""
    taken(town(house))
    with pytest.raises(StoreFailed, match=r"never changed|answered once"), house.store.begin() as work:
        work.connection.exec_driver_sql(sql)


def test_an_edited_answer_is_found_by_prove(lite_house: House) -> None:
    """Somebody who takes the triggers away still can't turn an answer unseen."""
    house = town(lite_house)
    taken(house, real=1)
    with house.store.begin() as work:
        work.connection.exec_driver_sql("DROP TRIGGER blind_answers_refuse_update")
        work.connection.exec_driver_sql("UPDATE blind_answers SET answer = 'spam'")
    found = prove(house.store, Against())
    assert any("blind_answers" in each.row for each in found.findings)


def test_the_clock_of_a_test_is_that_of_its_last_answer(lite_house: House) -> None:
    """For a replay: a test that took two days was finished on the second."""
    house = town(lite_house)
    at = sitting(house)
    at.sit_down()
    cards = at.left()
    for card, _ in cards[:10]:
        at.answer(card, BlindAnswer.SPAM)
    began = house.now
    house.next_day()
    for card, _ in cards[10:]:
        at.answer(card, BlindAnswer.SPAM)
    assert at.result()[0].finished_at == began + timedelta(days=1)
