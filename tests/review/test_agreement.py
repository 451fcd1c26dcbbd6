"""Agreement of people: the two words about a follower that are compared, and kappa with its interval."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from followguard.domain.labels import Label
from followguard.review.agreement import FEWEST_PAIRS, Judgement, agreement_of, open_disagreements, opinion_of, pairs_of

ONE = Judgement(
    decision_id=1,
    account="acme",
    item=1,
    follower_id="7",
    username="ada",
    person="p-1",
    label=Label.GENUINE,
    at=datetime(2026, 1, 1, tzinfo=UTC),
)


def said(number: int, person: str, label: Label, follower: str = "7", **more: object) -> Judgement:
    """Makes one person's word about a follower."""
    return replace(ONE, decision_id=number, person=person, label=label, follower_id=follower, **more)  # type: ignore[arg-type]


def many(answers: list[tuple[bool, bool]]) -> list[Judgement]:
    """Two people about each of so many followers; true is spam."""
    found = []
    for number, pair in enumerate(answers):
        for person, spam in enumerate(pair):
            label = Label.SPAM if spam else Label.GENUINE
            found.append(said(2 * number + person, f"p-{person}", label, str(number)))
    return found


def test_two_people_about_one_follower_are_a_pair() -> None:
    """The earlier word first; a follower of whom one person spoke makes none."""
    (pair,) = pairs_of([said(5, "b", Label.SPAM), said(2, "a", Label.GENUINE), said(3, "a", Label.SPAM, "8")])
    assert (pair.first.person, pair.second.person, pair.agree) == ("a", "b", False)


def test_the_same_follower_of_two_of_our_accounts_is_compared() -> None:
    """Two accounts, two people, one X account: they judged the same one."""
    judged = [said(1, "a", Label.SPAM, account="acme"), said(2, "b", Label.SPAM, account="beta")]
    assert [pair.agree for pair in pairs_of(judged)] == [True]


def test_what_somebody_took_back_themselves_is_no_opinion() -> None:
    """A slip and its undo leave nothing; the last word of each counts."""
    slip = said(1, "a", Label.SPAM, withdrawn=True)
    assert pairs_of([slip, said(2, "b", Label.GENUINE)]) == []
    words = [said(1, "a", Label.SPAM), said(2, "b", Label.GENUINE), said(3, "a", Label.GENUINE)]
    assert [pair.agree for pair in pairs_of(words)] == [True]


def test_a_disagreement_is_open_until_somebody_overrules() -> None:
    """Offered for a second look, and not any more once it was settled."""
    differ = [said(1, "a", Label.SPAM), said(2, "b", Label.GENUINE)]
    assert len(open_disagreements(differ)) == 1
    assert open_disagreements([*differ, said(3, "c", Label.SPAM, overrules=True)]) == []


def test_a_proposal_is_an_opinion() -> None:
    """A proposal to follow back takes the account for genuine; a put-off says nothing."""
    assert opinion_of("propose", None, False) is Label.GENUINE
    assert opinion_of("reject", "spam", False) is Label.SPAM
    assert opinion_of("later", None, False) is None


def test_kappa_is_cohens() -> None:
    """The same as scikit-learn's, within an interval that holds it."""
    rng = np.random.default_rng(0)
    truth = rng.random(120) < 0.3
    second = np.where(rng.random(120) < 0.85, truth, rng.random(120) < 0.3)
    found = agreement_of(pairs_of(many(list(zip(truth.tolist(), second.tolist(), strict=True)))))
    assert found.kappa == pytest.approx(cohen_kappa_score(truth, second))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.kappa < found.high
    assert (found.pairs, found.same) == (120, int((truth == second).sum()))


def test_full_agreement_of_few_is_no_certainty() -> None:
    """Twenty pairs that all agree: kappa 1, and an interval that begins well below."""
    found = agreement_of(pairs_of(many([(n < 6, n < 6) for n in range(20)])))
    assert (found.kappa, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.63, abs=0.01)


@pytest.mark.parametrize("answers", [[(True, False)] * (FEWEST_PAIRS - 1), [(False, False)] * 50])
def test_too_few_pairs_or_one_answer_give_no_kappa(answers: list[tuple[bool, bool]]) -> None:
    """Below twenty pairs, or where nobody ever said spam, there is nothing to tell."""
    found = agreement_of(pairs_of(many(answers)))
    assert (found.kappa, found.low, found.high) == (None, None, None)
    assert found.pairs == len(answers)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """About 95 % of 400 intervals, from 60 pairs each with a true kappa of .7, hold it."""
    rng, covered = np.random.default_rng(1), 0
    for _ in range(400):
        truth = rng.random(60) < 0.3
        second = np.where(rng.random(60) < 0.7, truth, rng.random(60) < 0.3)
        found = agreement_of(pairs_of(many(list(zip(truth.tolist(), second.tolist(), strict=True)))))
        covered += found.low is not None and found.high is not None and found.low <= 0.7 <= found.high
    assert 0.92 <= covered / 400 <= 0.98
