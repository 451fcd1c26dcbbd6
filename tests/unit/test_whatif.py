"""What another policy would have meant."""

import pytest

from followguard.domain.labels import Label
from followguard.domain.policy import Policy
from followguard.domain.whatif import Arrived, longest_wait, what_if


def came(p_spam: float, *, day: str = "2026-01-05", thin: bool = False, label: Label | None = None) -> Arrived:
    """One follower."""
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
    """Of three decided who would be hidden one was a real person."""
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
