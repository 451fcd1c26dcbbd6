"""Holding back across a promotion: what the champion's recipe predicted of earlier decisions is evidence for it."""

from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import select, update

from followguard.accounts.store import Accounts
from followguard.classifier.model import probabilities
from followguard.replay.replay import replay
from followguard.replay.store import Past
from followguard.reports.gather import night_page
from followguard.review.decide import Hand
from followguard.review.overrule import Turn, overrule
from followguard.screening.blind_store import BlindTests
from followguard.screening.holding_back import EarlyPrediction, Earned, earned
from followguard.screening.queue import queue_account
from followguard.screening.queue_store import Queue
from followguard.store import tables as t
from followguard.training.house.decisions import DecisionArrays, decided_of
from followguard.training.house.gate import prequential
from followguard.training.house.model import train_house
from followguard.training.models.promote import promote, roll_back
from followguard.training.models.serving import model_of
from followguard.training.retrain.make import SEED
from followguard.training.retrain.refit_after_forget import refit_champion, retire_learned_from
from followguard.training.retrain.refit_after_upgrade import rebuild
from followguard.training.store import Learning
from tests.builders.blind import blind_test


def held_back(school: Any) -> int:
    """Counts the waiting cards that are hidden, without those drawn by the audit."""
    query = select(t.items.c.id).where(t.items.c.held_back, ~t.items.c.audit, t.items.c.state == "waiting")
    with school.store.begin() as work:
        return len(work.connection.execute(query).all())


def so_far(school: Any, model: str) -> Earned:
    """The holding back that a model has earned."""
    policy = school.workshop.installation.account("acme").policy
    with school.store.begin() as work:
        return earned(Queue(work).evidence(1, (model,)), policy, model)


def predictions_on_record(school: Any, model: str) -> dict[int, EarlyPrediction]:
    """Early predictions on record of a model."""
    with school.store.begin() as work:
        evidence = Queue(work).evidence(1, (model,))
        items = {row.id: row.item_id for row in work.connection.execute(select(t.decisions))}
    by_item = {each.item: each.predictions[0] for each in evidence if each.predictions}
    return {decision: by_item[item] for decision, item in items.items() if item in by_item}


def queued(school: Any) -> None:
    """The desk is planned anew."""
    with school.store.begin() as work:
        (account,) = Accounts(work).all()
    queue_account(school.store, account, school.workshop.installation.account("acme").policy, school.now, 0)


def held_once_tested(school: Any, model: str) -> int:
    """Counts who is held back once a blind test of the model was passed and the desk is planned anew."""
    blind_test(school.store, "acme", model, school.now, by="Ann")
    queued(school)
    return held_back(school)


def exported(school: Any, name: str) -> DecisionArrays:
    """Decisions that a model learned from."""
    return decided_of(school.workshop.exports.read("house", name)[1])[0]


def test_holding_back_goes_on_after_a_blind_test(busy: Any) -> None:
    """The base model had earned nothing; what house-1 predicted has, so with its test the list is held back."""
    assert held_back(busy) == 0
    assert busy.retrain().outcome == "promoted"
    found = so_far(busy, "house-1")
    assert found.decided >= 60
    assert found.allows(0.05)
    assert held_back(busy) == 0
    assert held_once_tested(busy, "house-1") > 5


def test_too_few_predicted_hold_nobody_back(decided: Any) -> None:
    """36 decided as spam aren't sixty, however sure the new champion is: everybody is shown."""
    decided.night(6, 12)
    assert decided.retrain().outcome == "promoted"
    assert 0 < so_far(decided, "house-1").decided < 60
    assert held_back(decided) == 0


def test_real_people_predicted_as_spam_stop_it(promoted: Any) -> None:
    """Rejections overruled as real after the promotion count as mistakes of what was predicted of them."""
    before, hidden = so_far(promoted, "house-1"), held_once_tested(promoted, "house-1")
    cutoffs = promoted.workshop.installation.account("acme").policy.cutoffs
    sure = {d for d, each in predictions_on_record(promoted, "house-1").items() if each.p_spam >= cutoffs.spam_from}
    with promoted.store.begin() as work:
        wrong = [each.follower_id for each in Learning(work).labelled([1]) if each.decision_id in sure][:4]
    accounts = promoted.workshop.installation.accounts
    for follower in wrong:
        overrule(Hand(store=promoted.store, accounts=accounts, by="Ann", now=promoted.now), follower, Turn())
    after = so_far(promoted, "house-1")
    assert (after.decided, after.wrong) == (before.decided, before.wrong + 4)
    queued(promoted)
    assert held_back(promoted) == 0 < hidden


def test_nothing_in_sample_is_predictions_on_record(promoted: Any) -> None:
    """Each number is by a model without the decision's night; the champion's own score of it is never used."""
    rows, base = exported(promoted, "house-1"), promoted.workshop.shelf.base()
    with promoted.store.begin() as work:
        labelled = Learning(work).labelled([1])
    found = predictions_on_record(promoted, "house-1")
    first = {each.decision_id for each in labelled if each.night == labelled[0].night}
    assert set(found) == {each.decision_id for each in labelled} - first
    nights = list(dict.fromkeys(rows.night.tolist()))
    start = found[labelled[-1].decision_id].base_logit
    allowed = []
    for earlier in range(1, len(nights)):
        model = train_house(model_of(base), rows.where(np.isin(rows.night, nights[:earlier])), SEED)
        logit = np.log(1.0 / probabilities(model, rows.matrix) - 1.0) + model.base_logit - start
        allowed.append(1.0 / (1.0 + np.exp(logit)))
    for row, each in enumerate(labelled):
        if each.decision_id in found:
            before = nights.index(str(rows.night[row]))
            assert min(abs(found[each.decision_id].p_spam - said[row]) for said in allowed[:before]) < 1e-9


def test_labels_of_a_night_leave_what_is_predicted_of_it(promoted: Any) -> None:
    """Labels of a night, turned around, change nothing that was foretold of it."""
    rows, base = exported(promoted, "house-1"), model_of(promoted.workshop.shelf.base())
    last = rows.night == rows.night[-1]
    turned = DecisionArrays(rows.matrix, rows.spam ^ last, rows.weight, rows.night, rows.batch, rows.person, rows.key)
    one, other = (prequential(base, each, 0, train_house) for each in (rows, turned))
    np.testing.assert_array_equal(one.p_spam[last], other.p_spam[last])


def test_a_rollback_goes_by_the_earlier_champions_own_evidence(promoted: Any) -> None:
    """The base model has earned nothing; the model promoted again finds its predictions and its blind test."""
    rows, hidden = predictions_on_record(promoted, "house-1"), held_once_tested(promoted, "house-1")
    assert hidden > 5
    roll_back(promoted.workshop, "house", None, promoted.told.append)
    assert held_back(promoted) == 0
    promote(promoted.workshop, "house", "house-1", "Ann")
    assert (predictions_on_record(promoted, "house-1"), held_back(promoted)) == (rows, hidden)


def test_an_owners_promotion_brings_the_evidence_too(promoted: Any) -> None:
    """A challenger that the gate kept has none until an owner promotes it; then the same that the gate had found."""
    promoted.weeks(nights=1)
    done = promoted.retrain()
    assert (done.outcome, predictions_on_record(promoted, "house-2")) == ("kept", {})
    promote(promoted.workshop, "house", "house-2", "Ann")
    earlier, found = predictions_on_record(promoted, "house-1"), predictions_on_record(promoted, "house-2")
    assert set(earlier) < set(found)
    assert so_far(promoted, "house-2").decided >= 60


def test_no_export_no_evidence(promoted: Any) -> None:
    """A damaged export hides what was predicted: the model serves, and has to earn holding back from nothing."""
    promoted.weeks(nights=1)
    assert promoted.retrain().outcome == "kept"
    (promoted.folder / "training_data" / "house" / "house-2.parquet").write_bytes(b"nothing")
    assert promote(promoted.workshop, "house", "house-2", "Ann").changed
    assert predictions_on_record(promoted, "house-2") == {}


def test_a_refit_brings_the_evidence_without_the_forgotten(promoted: Any) -> None:
    """The new champion needs a test of its own; then it holds back by what the labels that are left predicted."""
    workshop, hidden = promoted.workshop, held_once_tested(promoted, "house-1")
    with promoted.store.begin() as work:
        forgotten = Learning(work).labelled([1])[40]
        retire_learned_from(workshop, work, "acme", forgotten.follower_id)
        mine = t.decision_evidence.c.decision_id == forgotten.decision_id
        work.connection.execute(update(t.decision_evidence).where(mine).values(features=None))
    assert refit_champion(workshop, "house").model == "house-2"
    assert forgotten.decision_id in predictions_on_record(promoted, "house-1")
    assert forgotten.decision_id not in predictions_on_record(promoted, "house-2")
    assert held_back(promoted) == 0
    assert abs(held_once_tested(promoted, "house-2") - hidden) <= 2


def test_a_rebuild_brings_the_evidence(promoted: Any) -> None:
    """A champion whose folder can't be written again as it was gets a successor with what was predicted."""
    with promoted.store.begin() as work:
        work.covered.update(update(t.models).values(content_sha256="0" * 64))
    done = rebuild(promoted.workshop, "house")
    assert (done.same, done.model) == (False, "house-2")
    one, other = predictions_on_record(promoted, "house-1"), predictions_on_record(promoted, "house-2")
    assert {d: each.p_spam for d, each in one.items()} == {d: each.p_spam for d, each in other.items()}


def test_the_report_says_what_the_queue_goes_by(promoted: Any) -> None:
    """The same number of decided cards, the same bound, and that likely spam is held back once a test was passed."""
    page = night_page(promoted.store, promoted.workshop.installation, None, promoted.now)
    standing = page.accounts[0].standing
    assert standing.earned == so_far(promoted, "house-1")
    assert standing.waits_for_test
    held_once_tested(promoted, "house-1")
    page = night_page(promoted.store, promoted.workshop.installation, None, promoted.now)
    assert page.accounts[0].standing.active


def test_a_replay_of_the_nights_holds_back_the_same(busy: Any) -> None:
    """Over the promotion and the blind test after it: nobody before, then as many as the queue hides."""
    busy.now += timedelta(hours=1)
    assert busy.retrain().outcome == "promoted"
    assert held_back(busy) == 0
    blind_test(busy.store, "acme", "house-1", busy.now, by="Ann")
    busy.night(6, 12)
    assert held_back(busy) > 5
    policy = busy.workshop.installation.account("acme").policy
    with busy.store.begin() as work:
        cards, nights, tests = Past(work).cards(1), Past(work).nights(1), BlindTests(work).of(1)
    replayed = replay("acme", cards, nights, (policy, 0), tests=tests)
    assert [seen.counts.held_back for seen in replayed.nights] == [*[0] * 9, held_back(busy)]
