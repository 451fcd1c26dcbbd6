"""The plan of the list: cards with their days, followers held back, and draws of the audit."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.domain.card import ItemState
from followguard.domain.policy import Policy
from followguard.screening.plan import Placement, QueueRules, Undecided, changed, counts, plan
from tests.builders.undecided import CARD

TODAY = "2026-01-05"


def card(number: int, **fields: Any) -> Undecided:
    """Makes a card that differs from `CARD` in its number and in the fields given."""
    return replace(CARD, item=number, follower_id=str(number), username=f"p{number}", **fields)


def rules(hold: bool = True, **policy: Any) -> QueueRules:
    """Tonight's rules; holding back is allowed for model `m` unless `hold` is false."""
    may_hold = frozenset({"m"}) if hold else frozenset()
    return QueueRules(account="acme", policy=Policy(**policy), today=TODAY, seed=1, may_hold=may_hold)


def placed(cards: list[Undecided], these: QueueRules) -> dict[int, Placement]:
    """The plan by item."""
    return {each.item: each for each in plan(cards, these)}


def after(cards: list[Undecided], plan_: dict[int, Placement]) -> list[Undecided]:
    """The cards as the next run of the same night would read them."""
    names = ("state", "due", "held_back", "audit", "audit_probability", "audit_day", "audit_missed", "note")
    return [
        replace(each, earlier_score_id=each.score_id, **{n: getattr(plan_[each.item], n) for n in names})
        for each in cards
    ]


def test_the_day_holds_so_many_cards_and_the_next_the_rest() -> None:
    """Seven cards at three a day take three days, genuine before unsure before spam within one night."""
    cards = [card(n, p_spam=p) for n, p in enumerate((0.9, 0.96, 0.01, 0.2, 0.05, 0.3, 0.99), start=1)]
    plan_ = placed(cards, rules(hold=False, max_cards_per_day=3))
    days = {item: each.due for item, each in plan_.items()}
    assert [item for item, day in sorted(days.items()) if day == TODAY] == [3, 4, 5]
    assert [item for item, day in sorted(days.items()) if day == "2026-01-06"] == [1, 2, 6]
    assert days[7] == "2026-01-07"
    counted = counts(plan_.values(), TODAY)
    assert (counted.listed, counted.waiting, counted.held_back, counted.audit) == (3, 4, 0, 0)


def test_cards_decided_today_count_against_the_day() -> None:
    """Two of three were decided: the second run lists one more; with all decided, none."""
    cards = [card(n) for n in range(1, 5)]
    for shown, listed in ((0, 3), (2, 1), (3, 0), (9, 0)):
        these = replace(rules(max_cards_per_day=3), shown_today=shown)
        assert counts(plan(cards, these), TODAY).listed == listed


def test_earlier_nights_come_first_and_batches_last() -> None:
    """A genuine card of tonight waits behind an unsure one of last week; a batch waits behind both."""
    cards = [
        card(1, batch=4, p_spam=0.01, first_seen_day="2026-01-01"),
        card(2, p_spam=0.01, first_seen_day="2026-01-05"),
        card(3, p_spam=0.4, first_seen_day="2025-12-30"),
    ]
    plan_ = placed(cards, rules(max_cards_per_day=1))
    assert [plan_[item].due for item in (3, 2, 1)] == [TODAY, "2026-01-06", "2026-01-07"]


def test_put_off_cards_come_first_on_their_day_and_not_before() -> None:
    """A card put off until today takes the first place, one put off until tomorrow keeps its day."""
    cards = [
        card(1),
        card(2, state=ItemState.LATER, due="2026-01-05", p_spam=0.9),
        card(3, state=ItemState.LATER, due="2026-01-06"),
    ]
    plan_ = placed(cards, rules(max_cards_per_day=1))
    assert [plan_[item].due for item in (1, 2, 3)] == ["2026-01-06", TODAY, "2026-01-06"]


def test_a_put_off_card_comes_back_early_when_its_band_changes() -> None:
    """Genuine when it was put off, spam now: due today, and it says why. A small move changes nothing."""
    put_off = {"state": ItemState.LATER, "due": "2026-02-01"}
    moved = card(1, earlier_p_spam=0.05, p_spam=0.97, **put_off)
    same = card(2, earlier_p_spam=0.05, p_spam=0.09, **put_off)
    plan_ = placed([moved, same], rules(hold=False))
    assert plan_[1].due == TODAY
    assert "genuine" in (plan_[1].note or "")
    assert (plan_[2].due, plan_[2].note) == ("2026-02-01", None)


def test_spam_is_held_back_only_by_a_model_that_earned_it() -> None:
    """The cutoff itself is spam; other models, other bands and unscored cards are shown."""
    cards = [card(1, p_spam=0.95), card(2, p_spam=0.9499), card(3, p_spam=0.99, model="n"), card(4, p_spam=None)]
    held = {item for item, each in placed(cards, rules(audit_cards_per_day=0)).items() if each.held_back}
    assert held == {1}
    assert not any(each.held_back for each in plan(cards, rules(hold=False)))


@pytest.mark.parametrize("field", ["touched", "thin", "claimed"])
def test_some_spam_is_never_held_back(field: str) -> None:
    """Followers are shown who only lack data, whom a person has decided about, or who are on somebody's screen."""
    assert not plan([card(1, p_spam=0.99, **{field: True})], rules())[0].held_back


@pytest.mark.parametrize("name", ["P1", "@p1", "1"])
def test_named_followers_are_never_held_back(name: str) -> None:
    """`never_hold_back` takes usernames in any case, with or without @, and ids."""
    assert not plan([card(1, p_spam=0.99)], rules(never_hold_back=(name,)))[0].held_back


def test_the_audit_shows_so_many_with_their_draw_probability() -> None:
    """Three of ten hidden are drawn, each with probability 3/10, and listed; the others have no day."""
    plan_ = placed([card(n, p_spam=0.99) for n in range(1, 11)], rules(audit_cards_per_day=3))
    drawn = [each for each in plan_.values() if each.audit]
    assert [each.audit_probability for each in drawn] == [0.3] * 3
    assert all(each.held_back and each.due == TODAY and each.audit_day == TODAY for each in drawn)
    assert all(each.due is None for each in plan_.values() if not each.audit)
    counted = counts(plan_.values(), TODAY)
    assert (counted.listed, counted.held_back, counted.audit, counted.waiting) == (3, 7, 3, 0)


def test_the_audit_is_the_same_on_a_second_run_of_the_day() -> None:
    """Run again, also after one of the three was decided: nobody else is drawn."""
    cards = [card(n, p_spam=0.99) for n in range(1, 11)]
    first = placed(cards, rules())
    again = after(cards, first)
    assert placed(again, rules()) == first
    gone = next(item for item, each in first.items() if each.audit)
    rest = placed([each for each in again if each.item != gone], replace(rules(), audited_today=1))
    assert sum(each.audit for each in rest.values()) == 2


def test_the_audit_draws_anew_each_day_and_goes_through_everybody() -> None:
    """Decided day by day, ten hidden cards are all audited within four days, none twice."""
    cards, seen = [card(n, p_spam=0.99) for n in range(1, 11)], []
    for day in ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"):
        plan_ = placed(cards, replace(rules(), today=day))
        drawn = [item for item, each in plan_.items() if each.audit]
        seen += drawn
        cards = [each for each in after(cards, plan_) if each.item not in drawn]
    assert sorted(seen) == list(range(1, 11))


def test_the_audit_draws_among_tonights_before_it_goes_back_to_those_it_missed() -> None:
    """Twenty old ones and four new: three of the four are drawn, at 3/4. With one new one, two old ones are too, and
    their probability is that of having been drawn by now."""
    cards = [card(n, p_spam=0.99, held_back=True, audit_missed=0.9) for n in range(1, 21)]
    busy = placed(cards + [card(n, p_spam=0.99) for n in range(21, 25)], rules())
    assert {item > 20 for item, each in busy.items() if each.audit} == {True}
    assert [each.audit_probability for each in busy.values() if each.audit] == [0.75] * 3
    assert [busy[1].audit_missed, *(busy[n].audit_missed for n in range(21, 25) if not busy[n].audit)] == [0.9, 0.25]
    calm = placed([*cards, card(21, p_spam=0.99)], rules())
    drawn = {item: each.audit_probability for item, each in calm.items() if each.audit}
    assert drawn.pop(21) == 1.0
    assert list(drawn.values()) == [pytest.approx(1.0 - 0.9 * (1.0 - 2 / 20))] * 2
    assert {round(each.audit_missed or 0.0, 9) for each in calm.values() if not each.audit} == {0.81}


def test_who_is_shown_in_between_has_a_chance_anew() -> None:
    """Held back, shown, held back again: the draws of the first time don't count any more."""
    shown = placed([card(1, p_spam=0.99, held_back=True, audit_missed=0.5)], rules(hold=False))[1]
    assert (shown.held_back, shown.audit_missed) == (False, None)


def test_undecided_audits_do_not_pile_up() -> None:
    """Nobody decides for a week: three audited cards stay three."""
    cards = [card(n, p_spam=0.99) for n in range(1, 31)]
    for day in range(5, 12):
        plan_ = placed(cards, replace(rules(), today=f"2026-01-{day:02}"))
        assert sum(each.audit for each in plan_.values()) == 3
        cards = after(cards, plan_)


def test_the_seed_and_the_account_choose_whom_the_audit_draws() -> None:
    """Another seed or account draws others; the draw is no function of the id alone."""
    cards = [card(n, p_spam=0.99) for n in range(1, 200)]

    def drawn(these: QueueRules) -> set[int]:
        return {each.item for each in plan(cards, these) if each.audit}

    assert len({frozenset(drawn(r)) for r in (rules(), replace(rules(), seed=2), replace(rules(), account="b"))}) == 3


def test_when_holding_back_is_lost_everybody_is_shown_again() -> None:
    """Held back last night, not allowed tonight: shown, and no audit mark stays."""
    cards = [card(n, p_spam=0.99) for n in range(1, 6)]
    tonight = placed(after(cards, placed(cards, rules())), rules(hold=False))
    assert all(not each.held_back and not each.audit and each.due == TODAY for each in tonight.values())


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"left": True}, "left"),
        ({"connection": frozenset({"following", "followed_by"})}, "following"),
        ({"connection": frozenset({"follow_request_sent"})}, "follow_request_sent"),
        ({"connection": frozenset({"muting", "blocking"})}, "blocking"),
        ({"connection": frozenset({"muting"})}, "muting"),
        ({"connection": frozenset({"follow_request_received"})}, None),
        ({"connection": None}, None),
    ],
)
def test_cards_nobody_needs_are_closed(fields: dict[str, Any], why: str | None) -> None:
    """Followers whom we follow, asked to follow, mute or block get no card, nor do those who left."""
    only = plan([card(1, **fields)], rules())[0]
    assert (only.closed_why, only.state is ItemState.CLOSED) == (why, why is not None)


def test_never_follow_closes_the_card() -> None:
    """A follower on never_follow, by username in any case or by id, loses the card."""
    these = rules(never_follow=("@P1", "2"))
    closed = {each.item: each.closed_why for each in plan([card(1), card(2), card(3)], these)}
    assert closed == {1: "never_follow", 2: "never_follow", 3: None}


@given(
    scores=st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=40),
    cap=st.integers(1, 9),
    audits=st.integers(0, 5),
    shown=st.integers(0, 12),
)
def test_no_day_holds_more_than_the_policy_says(scores: list[float | None], cap: int, audits: int, shown: int) -> None:
    """Whatever the scores: no day above the cap, every card placed once, a second run changes nothing."""
    cards = [card(n, p_spam=p, batch=n % 3 or None) for n, p in enumerate(scores, start=1)]
    these = replace(rules(max_cards_per_day=cap, audit_cards_per_day=audits), shown_today=shown)
    plan_ = placed(cards, these)
    assert sorted(plan_) == [each.item for each in cards]
    days = [each.due for each in plan_.values() if each.due is not None]
    assert all(days.count(day) <= (max(0, cap - shown) if day == TODAY else cap) for day in set(days))
    assert all((each.due is None) == (each.held_back and not each.audit) for each in plan_.values())
    assert changed(after(cards, plan_), plan(after(cards, plan_), these)) == []
