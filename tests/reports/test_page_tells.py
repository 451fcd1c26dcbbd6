"""The report's page is honest, and always the same bytes for the same night."""

from dataclasses import replace
from typing import Any

import pytest

from followguard.domain.policy import HoldingBack, Policy
from followguard.reports import words
from followguard.reports.charts import score_chart
from followguard.reports.figures import ShownScore, distribution, figures_of
from followguard.reports.html import html_of
from followguard.reports.page import Standing
from followguard.review.agreement import Agreement
from followguard.review.approval_speed import Approval, Hurry
from followguard.review.measures.anchoring import Anchoring
from followguard.review.measures.pace import Pace
from followguard.screening.audit import HeldBackShare
from followguard.screening.holding_back import Earned
from tests.builders.html_page import Seen
from tests.builders.report_page import HEAD, NOW, account_page, card, night


def test_reasons_are_told_in_both_directions() -> None:
    """Reasons for spam and against it are told with their weight; nothing that weighs nothing is."""
    text = Seen(html_of(night(account_page(card(1))))).text
    assert "Looks like spam: likes nothing +1.0" in text
    assert "Looks genuine: is 7 years old −0.6" in text
    assert "rest" not in text.split("Looks genuine", 1)[1].split("item:", 1)[0]


def test_the_chart_can_be_read_without_seeing_it() -> None:
    """The chart's label tells the sums, and a table the bars."""
    seen = Seen(html_of(night(account_page())))
    (label,) = (attrs["aria-label"] for _, attrs in seen.tags if attrs.get("role") == "img")
    assert label is not None
    assert "3 new followers: 1 genuine, 1 unsure, 1 likely spam" in label
    assert "0.95 to 1.00 0 0 1" in seen.text


def test_the_chart_marks_the_cutoffs_of_the_policy() -> None:
    """Other cutoffs, other marks; both stand on it."""
    chart = score_chart(distribution([ShownScore(0.5)], Policy(unsure_above=0.3, max_wrong_hold=0.1).cutoffs), "c")
    assert "unsure from 0.3" in chart
    assert "likely spam from 0.9" in chart
    assert chart.count("stroke-dasharray") >= 2


def test_the_same_night_gives_the_same_bytes() -> None:
    """No date, no chance, nothing of the machine in it."""
    made = night(account_page(card(1)), account_page(card(2), handle="acme_tools"))
    assert html_of(made) == html_of(made)
    assert "matplotlib" not in html_of(made).lower()


@pytest.mark.parametrize(
    ("status", "told"), [("never", "No night has run for this account yet"), ("not tonight", "No night ran for this")]
)
def test_an_account_without_a_night_is_said_to_have_none(status: str, told: str) -> None:
    """Zeros aren't passed off as a quiet night."""
    made = account_page(figures=figures_of((), ever=status != "never"), scores=distribution((), Policy().cutoffs))
    text = Seen(html_of(night(made))).text
    assert told in text
    assert "quiet night" not in text


def test_a_quiet_night_is_said_to_be_one() -> None:
    """Nobody new, nothing to do, nothing wrong."""
    made = account_page(scores=distribution((), Policy().cutoffs))
    figures = replace(made.figures, told={**made.figures.told, "new": 0})
    text = Seen(html_of(night(replace(made, figures=figures)))).text
    assert "A quiet night" in text
    assert "Nothing. No card waits for today" in text


def test_no_accounts_are_said_to_be_missing() -> None:
    """A page without accounts says what to add."""
    assert "No account is configured" in Seen(html_of(night(newest=None))).text


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (
            Standing(HoldingBack.EARNED, Earned(0, 0, 1.0), 0.05),
            "At least 60 more decisions about such cards are needed",
        ),
        (Standing(HoldingBack.EARNED, Earned(80, 0, 0.0368), 0.05, tested=True), "Holding back is earned"),
        (
            Standing(HoldingBack.EARNED, Earned(80, 0, 0.0368), 0.05, model="house-3"),
            "a blind test of house-3 is missing: followguard trust test --account acme --by NAME",
        ),
        (Standing(HoldingBack.EARNED, Earned(80, 9, 0.19), 0.05), "too many of those it would hold back"),
        (Standing(HoldingBack.ON, Earned(0, 0, 1.0), 0.05), "switched on by the configuration"),
        (Standing(HoldingBack.OFF, Earned(0, 0, 1.0), 0.05), "switched off"),
    ],
)
def test_how_holding_back_stands_is_told(standing: Standing, told: str) -> None:
    """Each of the six ways that it can stand."""
    assert told in Seen(html_of(night(account_page(standing=standing)))).text


def test_real_people_held_back_are_told_with_their_bound() -> None:
    """Once the audit has drawn somebody: the estimate, and what it surely doesn't exceed; before that nothing."""
    share = HeldBackShare(drawn=80, real=2, share=0.0211, low=0.002, high=0.09, bound=0.0777)
    text = Seen(html_of(night(account_page(held_share=share)))).text
    assert "about 2.2 % , with 95 % confidence at most 7.8 % (2 of 80 audited cards" in text
    assert "by the audit" not in Seen(html_of(night(account_page()))).text


@pytest.mark.parametrize(
    ("agreement", "told"),
    [
        (Agreement(pairs=0, same=0), "Too few pairs to tell: 0 followers were judged by two people. It takes 20."),
        (Agreement(pairs=3, same=2), "3 followers were judged by two people, who agreed about 2. It takes 20."),
        (Agreement(pairs=30, same=30), "there is no kappa to tell"),
        (Agreement(pairs=40, same=36, kappa=0.78, low=0.55, high=0.9), "kappa 0.78 (95 %: 0.55 to 0.90;"),
    ],
)
def test_how_far_people_agree_is_told(agreement: Agreement, told: str) -> None:
    """Too few pairs, one answer only, or kappa with its interval."""
    assert told in Seen(html_of(night(account_page(agreement=agreement)))).text


@pytest.mark.parametrize(
    ("measured", "told"),
    [
        ({}, "How long a card takes isn't known yet: 0 times"),
        ({"pace": Pace(gaps=60, seconds=9.6)}, "A card takes 10 seconds (median of 60 times"),
        ({}, "20 decided cards that showed band and reasons (0 so far) and 20 blind ones (0; blind_share is 0"),
        (
            {"anchoring": Anchoring(shown=90, shown_agree=81, blind=40, blind_agree=30, more=0.15, low=0.01, high=0.3)},
            "on 40 blind cards 30 times: +15 points where they see its word (95 %: +1 to +30).",
        ),
    ],
)
def test_how_people_decide_is_told(measured: dict[str, Any], told: str) -> None:
    """Seconds a card and the anchoring meter, or how much is missing."""
    assert told in Seen(html_of(night(account_page(**measured)))).text


def test_who_approved_faster_than_anybody_looks_is_named() -> None:
    """The page names the person, how many approvals, how fast, and the command that takes them back, safe to copy."""
    made = [
        Approval(decision_id=n, person='Ann "<b>"', account="acme", item=n, follower_id=str(n), at=NOW, stands=True)
        for n in range(10)
    ]
    page = html_of(night(account_page(hurried=(Hurry(tuple(made)),))))
    text = Seen(page).text
    assert """10 approvals by Ann "<b>" within 0 seconds""" in text
    assert """followguard review undo --session --by 'Ann "<b>"'""" in text
    assert "<b>" not in page
    assert "faster than anybody looks" not in Seen(html_of(night(account_page()))).text


def test_what_identifies_the_night_is_on_the_page() -> None:
    """Model, policy hash, head of the log, times, costs."""
    text = Seen(html_of(night(account_page()))).text
    for told in ("base-1", "0123456789ab", HEAD, "2026-01-05 00:30 UTC", "$0.03", "$1.50 of $50.00"):
        assert told in text


def test_cards_that_are_left_out_are_counted() -> None:
    """Cards that are left out are counted, with the command that lists them all."""
    made = account_page(card(1))
    text = Seen(html_of(night(replace(made, list=replace(made.list, total=31))))).text
    assert "30 more cards aren't shown here: followguard review list --account acme --limit 0" in text


def test_a_score_is_never_shown_as_certain() -> None:
    """A score is never shown as 0 or as 1."""
    shown = [words.probability(p) for p in (0.0, 1e-6, 0.0005, 0.1234, 0.9994, 0.9996, 1.0, None)]
    assert shown == [
        "below 0.001", "below 0.001", "0.001", "0.123", "0.999", "above 0.999", "above 0.999", "no score",
    ]  # fmt: skip


def test_a_bound_is_never_rounded_down() -> None:
    """4.91 % isn't 4.9 %."""
    assert [words.share(part) for part in (0.0487, 0.0491, 0.05)] == ["4.9 %", "5 %", "5 %"]
