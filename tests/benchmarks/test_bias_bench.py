"""The bias bench: desks that follow the program's own rules, the same each time, and a page of what was found."""

from dataclasses import replace

import pytest

from benchmarks.bias.__main__ import CUTS, coverage, cuts, earning, main, page_part
from benchmarks.bias.desk import Town, live, told
from followguard.domain.policy import HoldingBack, Policy

QUICK = Town(real=lambda _: 0.02, nights=25, surely_spam=8.0, others=3.0)
HOLDING = replace(QUICK, policy=Policy(holding_back=HoldingBack.ON))


def test_a_desk_is_the_same_each_time() -> None:
    """The same town and seed give the same past, another seed another one."""
    one, again, other = live(HOLDING, 1), live(HOLDING, 1), live(HOLDING, 2)
    assert one.evidence == again.evidence
    assert one.evidence != other.evidence


def test_every_decision_knows_how_its_card_was_shown() -> None:
    """With holding back on, who is surely spam is drawn or asked for; asked-for cards have no probability."""
    held = live(HOLDING, 1).would_hold()
    assert {(each.draw_probability is None) == each.asked for each in held} == {True}
    assert any(each.asked for each in held)


def test_nobody_is_held_back_before_it_is_earned() -> None:
    """The first night on which holding back is allowed comes after sixty such decisions."""
    past = live(replace(QUICK, nights=20), 3)
    assert not any(past.allowed[:5])
    assert told(live(replace(QUICK, nights=3), 1)) is None


def test_the_weighted_estimate_covers_and_the_naive_one_is_off() -> None:
    """Where the share falls with time and people pick out whom they know, twelve desks tell them apart."""
    town = replace(HOLDING, real=lambda passed: 0.3 * (1.0 - passed), nights=30)
    found = coverage("falling", town, 12)
    assert (found.runs, found.weighted) == (12, pytest.approx(1.0, abs=0.1))
    assert abs(found.naive_off) > abs(found.weighted_off)


def test_the_page_part_tells_both_tables() -> None:
    """The page's part names the command, and tells whether holding back was ever earned."""
    part = page_part([coverage("quick", HOLDING, 2)], [], [earning(0.01, 1)], (0, 0.0, None))
    assert "python -m benchmarks bias" in part
    assert "| quick " in part
    assert "so none" in part


def test_cutting_weights_makes_draws_worth_more() -> None:
    """The lower the cut, the more equal draws they are worth."""
    worth = [row.worth for row in cuts("busy: 15 a night", 1)]
    assert len(worth) == len(CUTS)
    assert worth == sorted(worth, reverse=True)


def test_unknown_options_are_refused() -> None:
    """The bench reads its own options only."""
    with pytest.raises(SystemExit):
        main(["--no-such"])
