"""Labels, models and moves in each kind of database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from followguard.accounts.store import People
from followguard.domain.decision import Choice
from followguard.domain.house_model import MoveKind, NewMove, Retraining, RetrainOutcome
from followguard.domain.labels import Kind, Label, RejectReason
from followguard.domain.policy import AccountSettings
from followguard.review.decide import Hand, decide
from followguard.review.overrule import Turn, overrule
from followguard.screening.holding_back import EarlyPrediction
from followguard.screening.queue import queue_account
from followguard.screening.queue_store import Queue
from followguard.screening.rescore_store import RescorableScores
from followguard.screening.score import score_account
from followguard.store import tables as t
from followguard.testing import START, RuleScorer, made_up_profile, record_followers
from followguard.training.store import Learning, Models
from followguard.words.reading import BUILT_IN
from tests.builders.models import model_on_record

NOW = datetime(2026, 1, 6, tzinfo=UTC)
ACME = AccountSettings(handle="acme", training_basis="own-decisions")


def night(store: Any, *ids: str, model: str = "rule-1") -> int:
    """These follow, are scored and queued; returns the account's id."""
    account = record_followers(store, "acme", [made_up_profile(each, START) for each in ids], START)
    score_account(store, account, ACME.policy, RuleScorer(lambda profile: int(profile.id) / 10, model), START)
    queue_account(store, account, ACME.policy, START, 0)
    return account.id


def decided(store: Any, follower: str, choice: Choice) -> None:
    """Writes a decision of Ann, who is owner."""
    with store.begin() as work:
        if People(work).by_name("Ann") is None:
            ann = People(work).add("Ann", "p-ann", START)
            People(work).grant(ann.id, "owner", None, None, START)
    decide(Hand(store=store, accounts={"acme": ACME}, by="Ann", now=NOW, account="acme"), follower, choice)


def test_a_labelled_decision_is_as_it_was_decided(store: Any) -> None:
    """Whatever a later model says of the follower, the decision keeps the score and the values it was made on."""
    account = night(store, "2", "4", "6")
    decided(store, "4", Choice(kind=Kind.APPROVE))
    decided(store, "2", Choice(kind=Kind.REJECT, reason=RejectReason.SPAM))
    with store.begin() as work:
        work.connection.execute(update(t.scores).values(p_spam=0.99, features=b"other"))
        first, second = Learning(work).labelled([account])
        assert Learning(work).labelled([account + 1]) == []
    assert (first.follower_id, first.label, first.p_spam, first.features) == ("4", Label.GENUINE, 0.4, b"\x00\x00\x80?")
    assert (second.label, second.night, second.person, second.account) == (Label.SPAM, "2026-01-05", "p-ann", "acme")
    assert (second.shown_because, second.draw_probability, second.batch, second.model) == (
        "listed",
        None,
        None,
        "rule-1",
    )


def test_the_profile_that_was_decided_about_while_its_text_is_there(store: Any) -> None:
    """Profiles come back by decision, but not once the text was cleared."""
    account = night(store, "3")
    decided(store, "3", Choice(kind=Kind.APPROVE))
    with store.begin() as work:
        (label,) = Learning(work).labelled([account])
        assert Learning(work).profiles([label.decision_id])[label.decision_id].username == "person_3"
        work.connection.execute(update(t.snapshots).values(text_cleared_at=NOW))
        assert Learning(work).profiles([label.decision_id]) == {}


def test_what_another_model_scored(store: Any) -> None:
    """Undecided cards only, by their newest score."""
    account = night(store, "1", "2", "3")
    decided(store, "3", Choice(kind=Kind.APPROVE))
    with store.begin() as work:
        assert RescorableScores(work).scored_otherwise(account, "rule-1", BUILT_IN.signature) == []
        found = RescorableScores(work).scored_otherwise(account, "house-1", BUILT_IN.signature)
        assert found == RescorableScores(work).scored_otherwise(account, "rule-1", "other words")
        assert len(found) == 2
        rows = RescorableScores(work).rescorable(found)
        assert {(row.profile.id, row.p_spam, row.whole) for row in rows} == {("1", 0.1, True), ("2", 0.2, True)}
        assert len(RescorableScores(work).scored_by([account], "rule-1", 2)) == 2


def test_models_and_moves(store: Any) -> None:
    """Models are found by name and group, moves come back in order with the person's name."""
    with store.begin() as work:
        ann = People(work).add("Ann", "p-ann", NOW)
        assert Models(work).next_number("house") == 1
        model = Models(work).add(model_on_record(1, NOW))
        assert (Models(work).next_number("house"), Models(work).next_number("lab")) == (2, 1)
        promote = NewMove(group="house", kind=MoveKind.PROMOTE, model_id=model.id, at=NOW, why="better")
        Models(work).move(promote)
        back = NewMove(group="house", kind=MoveKind.ROLLBACK, model_id=None, at=NOW, why="", person_id=ann.id)
        Models(work).move(back)
        assert Models(work).named("house-1") == model
        assert [(m.kind, m.model_id, m.person) for m in Models(work).moves("house")] == [
            (MoveKind.PROMOTE, model.id, None),
            (MoveKind.ROLLBACK, None, "Ann"),
        ]
        Models(work).retire(model.id, "forgotten", NOW)
        Models(work).retire(model.id, "again", NOW + timedelta(days=1))
        Models(work).remove(model.id, NOW)
        (found,) = Models(work).all("house")
        assert (found.retired_why, found.removed_at, found.usable) == ("forgotten", NOW, False)
        assert Models(work).all("lab") == []


@pytest.mark.parametrize("statement", ["UPDATE model_moves SET why = ''", "DELETE FROM model_moves"])
def test_a_move_is_never_changed(store: Any, statement: str) -> None:
    """The database refuses, whoever asks."""
    with store.begin() as work:
        Models(work).move(NewMove(group="house", kind=MoveKind.PROMOTE, model_id=None, at=NOW, why="base"))
    with pytest.raises(DBAPIError), store.engine.begin() as connection:
        connection.execute(text(statement))


def test_attempts_are_kept_in_order(store: Any) -> None:
    """Attempts keep the decisions that they saw, for the next one to count from."""
    attempts = [
        Retraining(
            group="house", at=NOW, outcome=outcome, why="", genuine=1, spam=2, newest_decision=number, model_id=None
        )
        for number, outcome in enumerate(RetrainOutcome)
    ]
    with store.begin() as work:
        for attempt in attempts:
            Learning(work).note(attempt)
        assert Learning(work).retrainings("house") == attempts
        assert Learning(work).retrainings("lab") == []


def test_what_was_predicted_comes_with_the_evidence(store: Any) -> None:
    """Only the models asked for; an overrule stands in the place of what it overrules, another decision doesn't."""
    account = night(store, "2", "4")
    for follower in ("2", "4"):
        decided(store, follower, Choice(kind=Kind.REJECT, reason=RejectReason.SPAM))
    with store.begin() as work:
        one, other = (Models(work).add(model_on_record(number, NOW)) for number in (1, 2))
        first, _ = Learning(work).labelled([account])
        assert not Models(work).has_predictions(one.id)
        for model, p_spam in ((one, 0.97), (other, 0.5)):
            Models(work).keep_predictions(model.id, {first.decision_id: EarlyPrediction(model.name, p_spam, -1.0)})
        assert Models(work).has_predictions(one.id)
    hand = Hand(store=store, accounts={"acme": ACME}, by="Ann", now=NOW, account="acme")
    for _ in range(2):
        with store.begin() as work:
            assert [each.predictions for each in Queue(work).evidence(account)] == [(), ()]
            named = Queue(work).evidence(account, ("house-1",))
            both = Queue(work).evidence(account, {"house-1", "house-2", "house-9"})
        assert [each.predictions for each in named] == [(EarlyPrediction("house-1", 0.97, -1.0),), ()]
        assert [len(each.predictions) for each in both] == [2, 0]
        if named[0].label is Label.SPAM:
            overrule(hand, "2", Turn())
    assert named[0].label is Label.GENUINE
