"""Nights replayed under another policy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from followguard.domain.labels import Kind, Label
from followguard.domain.policy import HoldingBack, Policy
from followguard.domain.units import day_of
from followguard.replay.course import CardDraw, CardHistory
from followguard.replay.figures import check, wrong_holds
from followguard.replay.outcome import Arrived, longest_wait, what_if
from followguard.replay.past import (
    BACK,
    SECONDS_ASSUMED,
    PastCard,
    PastChange,
    PastLook,
    PastNight,
    PastScore,
    seconds_per_card,
)
from followguard.replay.replay import NightSeen, Replayed, replay
from followguard.screening.audit_interval import held_back_share
from followguard.screening.holding_back import EarlyPrediction
from followguard.screening.plan import QueueCounts
from tests.builders.blind import passed


def came(p_spam: float, *, day: str = "2026-01-05", thin: bool = False, label: Label | None = None) -> Arrived:
    """Makes one follower who came."""
    return Arrived(day=day, p_spam=p_spam, thin=thin, label=label)


def test_likely_spam_is_held_back_and_the_rest_is_listed() -> None:
    """At 0.05 the band spam begins at .95; one of two lacks data and stays on the desk."""
    out = what_if([came(0.97), came(0.97, thin=True), came(0.4), came(0.01)], Policy())
    assert (out.held_back, out.cards) == (1, 3)
    assert (out.genuine, out.unsure, out.spam_listed) == (1, 1, 1)
    assert out.expected_real_held_back == pytest.approx(0.03)
    assert out.expected_spam_listed == pytest.approx(0.97 + 0.4 + 0.01)


def test_points_are_spambayes_dollars() -> None:
    """Ten for a real person held back, one for spam that passes as genuine, a fifth for each unsure."""
    out = what_if([came(0.99), came(0.1), came(0.5)], Policy())
    assert out.points == pytest.approx(10 * 0.01 + 1 * 0.1 + 0.2)


def test_what_people_decided_stands_beside_what_is_expected() -> None:
    """One of three decided followers who would be hidden was a real person."""
    decided = [came(0.99, label=label) for label in (Label.SPAM, Label.SPAM, Label.GENUINE)]
    out = what_if([*decided, came(0.99)], Policy())
    assert (out.held_back, out.decided_held, out.real_held) == (4, 3, 1)
    assert out.bound == pytest.approx(0.8646, abs=1e-4)


def test_nobody_came() -> None:
    """No follower, no card, no division by zero."""
    out = what_if([], Policy())
    assert (out.cards, out.cards_a_day, out.longest_wait, out.points) == (0, 0.0, 0, 0.0)


def test_the_last_in_line_waits_until_the_desk_has_come_to_them() -> None:
    """150 cards at 60 a day: the last ones are shown two days later; quiet days clear the line."""
    assert longest_wait(["2026-01-05"] * 60, 60) == 0
    assert longest_wait(["2026-01-05"] * 61, 60) == 1
    assert longest_wait(["2026-01-05"] * 150, 60) == 2
    assert longest_wait(["2026-01-05"] * 150 + ["2026-01-06"] * 60, 60) == 2
    assert longest_wait(["2026-01-05"] * 150 + ["2026-01-09"] * 60, 60) == 2


def test_a_desk_that_shows_none_keeps_them_for_ever() -> None:
    """max_cards_per_day may be 0: then there is no longest wait, and no division by zero."""
    assert what_if([came(0.4)], Policy(max_cards_per_day=0)).longest_wait is None
    assert what_if([], Policy(max_cards_per_day=0)).longest_wait == 0


NIGHT = datetime(2026, 1, 5, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def past_card(number: int, p_spam: float, *changes: PastChange, model: str = "m", came: int = 0) -> PastCard:
    """A card that came `came` days after the first night, scored then."""
    at = NIGHT + came * DAY
    score = PastScore(
        id=number, at=at, model=model, p_spam=p_spam, base_logit=0.0, made_by=model, features=b"", feature_schema=""
    )
    return PastCard(
        item=number,
        follower_id=str(number),
        username=f"p{number}",
        first_seen_day=day_of(at),
        opened_at=at,
        scores=(score,),
        looks=(PastLook(at, False),),
        changes=changes,
    )


def decided(number: int, kind: Kind, day: float, **more: Any) -> PastChange:
    """A decision so many days after the first night."""
    reason = "spam" if kind is Kind.REJECT else None
    return PastChange(id=number, at=NIGHT + day * DAY, kind=kind, reason=reason, person_id=1, place=number, **more)


def nights(number: int) -> list[PastNight]:
    """Makes one night a day."""
    days = [NIGHT + each * DAY for each in range(number)]
    return [
        PastNight(day=day_of(at), began=at, at=at, counts=QueueCounts(listed=0, held_back=0, audit=0, waiting=0))
        for at in days
    ]


def listed(replayed: Replayed) -> list[int]:
    """Cards on the desk, night by night."""
    return [night.counts.listed for night in replayed.nights]


ON = Policy(holding_back=HoldingBack.ON, audit_cards_per_day=0)


def test_decisions_take_cards_off_the_replayed_desk() -> None:
    """Approved in the first morning, put off until the third day, undone in the second morning."""
    cards = [
        past_card(1, 0.1, decided(1, Kind.APPROVE, 0.3)),
        past_card(2, 0.1, decided(2, Kind.LATER, 0.3, until="2026-01-07")),
        past_card(3, 0.1, decided(3, Kind.REJECT, 0.3), decided(4, Kind.UNDO, 1.3, undoes=3)),
    ]
    assert listed(replay("acme", cards, nights(3), (Policy(), 1))) == [3, 0, 2]


def test_a_void_order_brings_its_card_back() -> None:
    """Approved, then void: the card is on the desk again on that day, and no machine hides it."""
    back = PastChange(id=1, at=NIGHT + 2 * DAY, kind=BACK, note="they changed their name")
    cards = [past_card(1, 0.99, decided(1, Kind.APPROVE, 0.3), back)]
    replayed = replay("acme", cards, nights(3), (Policy(holding_back=HoldingBack.OFF), 1))
    assert listed(replayed) == [1, 0, 1]


def test_another_policy_moves_decisions_with_the_day_a_card_is_shown() -> None:
    """At one card a day each card is decided as many hours after it is shown as it was then, so nobody waits twice."""
    cards = [past_card(number, number / 10, decided(number, Kind.APPROVE, 0.3)) for number in (1, 2, 3)]
    lived = replay("acme", cards, nights(4), (Policy(), 1))
    slow = replay("acme", cards, nights(4), (Policy(max_cards_per_day=1), 1), lived.shown_days)
    assert listed(lived) == [3, 0, 0, 0]
    assert listed(slow) == [1, 1, 1, 0]
    assert [night.counts.waiting for night in slow.nights] == [2, 1, 0, 0]


def test_a_card_hidden_then_and_shown_in_the_replay_is_decided_nobody_knows_how() -> None:
    """It leaves the desk after its day, and gives no label."""
    cards = [past_card(1, 0.99), past_card(2, 0.1, decided(2, Kind.APPROVE, 0.3))]
    lived = replay("acme", cards, nights(2), (ON, 1))
    shown = replay("acme", cards, nights(2), (replace(ON, holding_back=HoldingBack.OFF), 1), lived.shown_days)
    assert [night.counts.held_back for night in lived.nights] == [1, 1]
    assert (listed(shown), shown.courses[1].evidence) == ([2, 0], None)


def test_holding_back_is_earned_in_the_replay_too() -> None:
    """Nobody is hidden until 60 cards that would have been are decided and a test was passed; then the rest is."""
    first = [past_card(number, 0.99, decided(number, Kind.REJECT, 0.3)) for number in range(1, 61)]
    late = [past_card(number, 0.99, came=1) for number in range(61, 66)]
    rules = (Policy(audit_cards_per_day=0), 1)
    for at, hidden in ((0.5, 5), (1.5, 0)):  # days after the first night
        tests = [passed(first[0].scores[0].model, NIGHT + timedelta(days=at))]
        replayed = replay("acme", [*first, *late], nights(2), rules, tests=tests)
        assert [night.counts.held_back for night in replayed.nights] == [0, hidden]


def test_what_a_new_champion_predicted_holds_back_in_the_replay_too() -> None:
    """Sixty decided under the old model: those whom the new one scored are held back by what it predicted."""
    told = (EarlyPrediction("new", 0.99, 0.0),)
    first = [past_card(n, 0.3, decided(n, Kind.REJECT, 0.3, predictions=told), model="old") for n in range(1, 61)]
    late = [past_card(number, 0.99, model="new", came=1) for number in range(61, 66)]
    for cards, hidden in ((first, 5), (first[1:], 0)):
        rules = (Policy(audit_cards_per_day=0), 1)
        replayed = replay("acme", [*cards, *late], nights(2), rules, tests=[passed("new", NIGHT)])
        assert replayed.nights[1].counts.held_back == hidden


def test_scores_of_a_model_promoted_at_the_end_of_a_night_come_after_its_own_plan() -> None:
    """The night's own plan knows what served it; from then on the newer score counts."""
    card = past_card(1, 0.99, model="old")
    anew = replace(card.scores[0], id=2, p_spam=0.1, model="new", made_by="new")
    night = replace(nights(1)[0], model="old")
    card = replace(card, scores=(*card.scores, anew))
    replayed = replay("acme", [card], [night, replace(night, model=None)], (ON, 1))
    assert [seen.counts.held_back for seen in replayed.nights] == [1, 0]


def test_real_people_held_back_are_estimated_from_how_they_came_to_be_known() -> None:
    """Ten hidden, each drawn with probability a half, of five drawn one real: a fifth of them, two people."""
    courses = {n: _held(n, real=n == 1) for n in range(1, 6)} | {n: _held(n) for n in range(6, 11)}
    found = wrong_holds(list(courses.values()), Replayed((), courses), held_back_share)
    assert (found.held, found.labelled, found.real) == (10, 5, 1)
    assert found.estimate == pytest.approx(2.0)
    assert found.low < 2.0 < found.high


def test_without_a_draw_nothing_is_known_of_those_who_were_hidden() -> None:
    """No estimate rather than zero; the limits say from none to all."""
    courses = {n: _held(n) for n in range(1, 4)}
    found = wrong_holds(list(courses.values()), Replayed((), courses), held_back_share)
    assert (found.estimate, found.share, found.low, found.high) == (None, None, 0.0, 3.0)


def test_those_who_came_out_when_holding_back_stopped_are_known_without_a_draw() -> None:
    """Held back on the first day, on the desk on the next, when nobody was hidden: each of them counts once."""
    courses = {n: _held(n, real=n == 1) for n in range(1, 6)}
    for came_out in courses.values():
        came_out.draws.clear()
    (later,) = nights(2)[1:]
    seen = NightSeen(later, QueueCounts(listed=5, held_back=0, audit=0, waiting=0))
    found = wrong_holds(list(courses.values()), Replayed((seen,), courses), held_back_share)
    assert (found.labelled, found.estimate) == (5, pytest.approx(1.0))


def _held(number: int, real: bool | None = None) -> CardHistory:
    """A card that was hidden; with `real` given it was drawn, and decided so."""
    kind = Kind.APPROVE if real else Kind.REJECT
    card = past_card(number, 0.99, *([] if real is None else [decided(number, kind, 0.3)]))
    draws = [] if real is None else [CardDraw("2026-01-05", 0.5)]
    return CardHistory(card, held_day="2026-01-05", draws=draws)


def test_seconds_a_card_are_measured_once_enough_decisions_are_on_record() -> None:
    """The median between two decisions of one person in a row; pauses and blocks left out; assumed before."""
    few = [past_card(1, 0.1, decided(1, Kind.APPROVE, 0.3))]
    assert seconds_per_card(few) == (SECONDS_ASSUMED, 0)
    times = [timedelta(seconds=20 * number + (3600 if number > 20 else 0)) for number in range(42)]
    many = [past_card(n, 0.1, replace(decided(n, Kind.APPROVE, 0.0), at=NIGHT + at)) for n, at in enumerate(times)]
    assert seconds_per_card(many) == (20.0, 40)


def test_the_check_names_the_first_count_that_differs() -> None:
    """A receipt that says two where the replay says one."""
    night = replace(nights(1)[0], counts=QueueCounts(listed=2, held_back=0, audit=0, waiting=0), policy_hash="other")
    found = check(replay("acme", [past_card(1, 0.1)], [night], (Policy(), 1)), Policy().hash())
    assert (found.nights, found.same, found.other_policy) == (1, 0, ("2026-01-05",))
    assert found.differing[0].counts == {"listed": (2, 1)}
