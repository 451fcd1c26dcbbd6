"""What lists weigh is learned from decisions, drawn to its start, and counted for the card."""

from math import log

import pytest

from followguard.domain.policy import Says, WordList
from followguard.words.learning import MOST_WEIGHT, DecidedWords, counted, learned

SPAM, GENUINE, LOOK = (WordList(says.value, (says.value,), says) for says in (Says.SPAM, Says.GENUINE, Says.LOOK))
EVEN = 0.0


def cards(number: int, spam: int, *lists: str, logit: float = EVEN) -> list[DecidedWords]:
    return [DecidedWords(frozenset(lists), logit, place < spam) for place in range(number)]


def test_without_decisions_a_list_weighs_its_start() -> None:
    """Twice the odds for spam, half for genuine, nothing for look."""
    weights = {name: record.weight for name, record in learned([SPAM, GENUINE, LOOK], []).items()}
    assert weights == {"spam": 0.7, "genuine": -0.7, "look": 0.0}


def test_a_list_that_is_right_weighs_more() -> None:
    """And one that is wrong less, down to the other sign; the record says how often it was right."""
    right = learned([SPAM], cards(44, 41, "spam"))["spam"]
    wrong = learned([SPAM], cards(40, 2, "spam"))["spam"]
    assert (right.spam, right.decided) == (41, 44)
    assert right.weight > 1.4
    assert wrong.weight < -0.8


def test_one_decision_moves_little() -> None:
    """The prior holds a list near its start until there are more."""
    assert 0.7 < learned([SPAM], cards(1, 1, "spam", logit=-6.0))["spam"].weight <= 0.95


def test_what_the_model_knew_already_teaches_nothing() -> None:
    """A list on cards whose scores were right without it stays where it began, or goes towards nothing."""
    sure = cards(50, 50, "spam", logit=6.0)
    assert learned([SPAM], sure)["spam"].weight == pytest.approx(0.7, abs=0.1)


def test_the_weight_solves_its_equation() -> None:
    """At the weight the prior's pull equals what the decisions ask: the highest posterior."""
    weight = learned([SPAM], cards(30, 20, "spam", logit=-0.5))["spam"].weight
    p_spam = 1 / (1 + pow(2.718281828459045, -(weight - 0.5)))
    assert (0.7 - weight) / 0.25 + 20 - 30 * p_spam == pytest.approx(0.0, abs=1e-6)


def test_a_weight_has_an_end() -> None:
    """However many agree, words alone call nobody spam for sure."""
    assert learned([SPAM], cards(5000, 5000, "spam", logit=-4.0))["spam"].weight == MOST_WEIGHT


def test_lists_on_one_card_share_its_evidence() -> None:
    """Two lists that always come together weigh together about what one would."""
    other = WordList("other", ("other",), Says.SPAM)
    both = learned([SPAM, other], cards(200, 180, "spam", "other"))
    assert both["spam"].weight == pytest.approx(both["other"].weight, abs=1e-4)
    assert both["spam"].weight + both["other"].weight == pytest.approx(log(9), abs=0.2)


def test_look_lists_are_counted_and_weigh_nothing() -> None:
    """They mark, whatever was decided."""
    assert learned([LOOK], cards(9, 9, "look"))["look"].weight == 0.0
    assert counted([LOOK], cards(9, 8, "look"))["look"].spam == 8
