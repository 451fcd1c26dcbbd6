"""The rule of the blind test: who is drawn, what passes, and for how long."""

from dataclasses import replace
from datetime import timedelta

import pytest

from followguard.domain.policy import Policy
from followguard.screening.blind_test import (
    CARDS,
    RESUMABLE,
    BlindAnswer,
    BlindCard,
    BlindTest,
    Candidate,
    draw,
    is_tested,
    rescored_by,
    sides,
)
from followguard.testing import START

POLICY = Policy()


def card(
    place: int, p_spam: float, answer: BlindAnswer | None = BlindAnswer.SPAM, above: bool | None = None
) -> BlindCard:
    """A card that starts from log-odds of 0."""
    return BlindCard(
        id=place,
        place=place,
        follower_id=str(place),
        snapshot_id=place,
        score_id=place,
        p_spam=p_spam,
        base_logit=0.0,
        above=p_spam >= 0.95 if above is None else above,
        answer=answer,
        at=None if answer is None else START + timedelta(minutes=place),
    )


def a_test(*cards: BlindCard, person: str = "Ada", model: str = "m", number: int = 1) -> BlindTest:
    """A test begun at the start of time."""
    return BlindTest(id=number, person=person, model=model, started_at=START, cards=cards)


PASSED = a_test(*(card(n, 0.99) for n in range(1, 16)), *(card(n, 0.4, BlindAnswer.REAL) for n in range(16, 31)))


def with_answer(place: int, answer: BlindAnswer | None, test: BlindTest = PASSED) -> BlindTest:
    """The test with another answer at that place."""
    cards = [card(each.place, each.p_spam, answer) if each.place == place else each for each in test.cards]
    return replace(test, cards=tuple(cards))


def test_one_real_person_above_the_cutoff_fails_it() -> None:
    """Below the cutoff a person may say whatever they like; above it nobody may be called real."""
    assert PASSED.passes(POLICY, None)
    assert with_answer(20, BlindAnswer.SPAM).passes(POLICY, None)
    assert not with_answer(1, BlindAnswer.REAL).passes(POLICY, None)


def test_cannot_tell_passes_nothing() -> None:
    """Up to a third of those above may stay open: 5 of 15 do, 6 don't."""
    test = PASSED
    for place in range(1, 6):
        test = with_answer(place, BlindAnswer.UNSURE, test)
    assert test.passes(POLICY, None)
    assert not with_answer(6, BlindAnswer.UNSURE, test).passes(POLICY, None)


def test_an_unfinished_test_says_nothing() -> None:
    """The last answer finishes it, and the time of that one is its own."""
    open_one = with_answer(30, None)
    assert open_one.finished_at is None
    assert not open_one.passes(POLICY, None)
    assert PASSED.finished_at == START + timedelta(minutes=30)


def test_it_goes_on_for_a_week_while_the_model_serves() -> None:
    """An interrupted test is taken up again, but not under another model, and not when it is finished."""
    open_one = with_answer(30, None)
    assert open_one.can_go_on("m", START + RESUMABLE)
    assert not open_one.can_go_on("m", START + RESUMABLE + timedelta(seconds=1))
    assert not open_one.can_go_on("other", START)
    assert not PASSED.can_go_on("m", START)


def test_a_lower_cutoff_asks_about_more_cards() -> None:
    """A card below the cutoff that was called real is above a lower one, by policy or by a raised start."""
    near = a_test(*PASSED.cards, card(31, 0.92, BlindAnswer.REAL))
    assert near.passes(POLICY, None)
    assert not near.passes(Policy(max_wrong_hold=0.1), None)
    assert not near.passes(POLICY, 1.0)
    assert near.passes(POLICY, -1.0)


def test_another_model_needs_another_test() -> None:
    """What was passed for one model says nothing about the next."""
    assert is_tested([PASSED], POLICY, "m")
    assert not is_tested([PASSED], POLICY, "other")
    assert not is_tested([], POLICY, "m")


def test_the_newest_of_one_person_counts() -> None:
    """Whoever fails a later one takes their own back; what another person passed stays."""
    failed = replace(with_answer(1, BlindAnswer.REAL), id=2)
    assert not is_tested([PASSED, failed], POLICY, "m")
    assert is_tested([failed, replace(PASSED, id=3)], POLICY, "m")
    assert is_tested([PASSED, replace(failed, person="Ben")], POLICY, "m")


def test_a_past_night_knows_only_what_was_finished_before_it() -> None:
    """For a replay: on the minute of the last answer itself it wasn't known yet."""
    assert PASSED.finished_at is not None
    assert not is_tested([PASSED], POLICY, "m", by=PASSED.finished_at)
    assert is_tested([PASSED], POLICY, "m", by=PASSED.finished_at + timedelta(seconds=1))


def test_another_model_is_tried_by_the_same_answers() -> None:
    """A model that would hold back somebody called real fails; one that doesn't passes by its own scores."""
    fair = rescored_by([PASSED], "other", lambda score: (0.99 if score <= 10 else 0.2, 0.0))
    assert is_tested(fair, POLICY, "other")
    wild = rescored_by([PASSED], "other", lambda score: (0.99, 0.0))
    assert not is_tested(wild, POLICY, "other")
    timid = rescored_by([PASSED], "other", lambda score: (0.5, 0.0))
    assert not is_tested(timid, POLICY, "other")


def candidate(number: int, above: bool, own_days: int | None = None) -> Candidate:
    """Somebody to draw."""
    return Candidate(
        follower_id=str(number),
        snapshot_id=number,
        score_id=number,
        p_spam=0.99 if above else 0.1,
        base_logit=0.0,
        above=above,
        own_at=None if own_days is None else START - timedelta(days=own_days),
    )


@pytest.mark.parametrize(("above", "below", "upper"), [(40, 40, 15), (10, 40, 10), (40, 12, 18), (15, 15, 15)])
def test_thirty_cards_from_both_sides(above: int, below: int, upper: int) -> None:
    """Fifteen a side; where one side is short, the other gives more."""
    drawn = draw(
        [candidate(n, True) for n in range(above)], [candidate(n, False) for n in range(100, 100 + below)], "k"
    )
    assert len(drawn) == min(CARDS, above + below)
    assert sum(each.above for each in drawn) == upper
    assert len({each.follower_id for each in drawn}) == len(drawn)


def test_the_draw_is_the_same_for_one_key_and_mixed() -> None:
    """Another key draws others; the places tell nothing of the sides."""
    pool = [candidate(n, True) for n in range(40)], [candidate(n, False) for n in range(100, 140)]
    first = draw(*pool, "a")
    assert first == draw(*(list(reversed(side)) for side in pool), "a")
    assert first != draw(*pool, "b")
    told = "".join("x" if each.above else "." for each in first)
    assert "x." in told
    assert ".x" in told
    assert told not in (".x" * 15, "x." * 15)


def test_ones_own_decisions_are_no_blind_cards() -> None:
    """Judged in the last two weeks: never. Longer ago: only where the others don't reach."""
    pool = [candidate(n, True, own_days=13) for n in range(5)]
    pool += [candidate(n, True, own_days=14) for n in range(5, 20)] + [candidate(n, True) for n in range(20, 32)]
    above, _ = sides(pool, START)
    assert len(above) == 27
    drawn = [each for each in draw(above, [candidate(n, False) for n in range(100, 140)], "k") if each.above]
    assert sum(each.own_at is None for each in drawn) == 12
    assert len(drawn) == 15
