"""Refits after somebody was forgotten: the model is one that never saw them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from followguard.errors import CantServe
from followguard.setup.distrust import distrust, trust_again
from followguard.store import tables as t
from followguard.training.models.promote import promote
from followguard.training.retrain.refit_after_forget import clear_unrecorded, refit_champion, retire_learned_from
from followguard.training.retrain.refit_after_upgrade import rebuild
from followguard.training.store import Learning, Models, labels_at_hand
from tests.builders.models import model_folder


def test_forgetting_reaches_the_model(learned: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The refit equals a training that never saw them; what had learned from them retires and leaves no file."""
    twin = learned.copy(tmp_path_factory.mktemp("twin") / "school")
    workshop = learned.workshop
    with learned.store.begin() as work:
        forgotten = Learning(work).labelled([1])[5]
        retired = retire_learned_from(workshop, work, "acme", forgotten.follower_id)
        _erase(work, forgotten.decision_id)
    assert [model.name for model in retired] == ["house-1"]
    assert learned.champion().startswith("base-")
    done = refit_champion(learned.workshop, "house")
    assert (done.refitted, done.model, learned.champion()) == (True, "house-2", "house-2")
    assert not model_folder(learned).exists()
    assert not (learned.folder / "training_data" / "house" / "house-1.parquet").exists()
    with pytest.raises(CantServe, match="retired"):
        promote(learned.workshop, "house", "house-1", "Ann")
    with twin.store.begin() as work:
        _erase(work, forgotten.decision_id)
    never_saw = twin.retrain()
    with learned.store.begin() as work:
        refitted = Models(work).named("house-2")
    assert refitted.content_sha256 == never_saw.challenger["content_sha256"]
    twin.store.close()


def test_what_a_killed_retraining_left_goes_with_a_forgetting(learned: Any) -> None:
    """Exports and folders that aren't on record hold labels too; what is on record and foreign files stay."""
    exports, models = learned.folder / "training_data" / "house", model_folder(learned).parent
    left = [exports / "house-2.parquet", exports / "house-2.json", exports / ".house-2.parquet.77.part"]
    foreign = [exports / "notes.txt", models / "notes.txt"]
    for path in left + foreign:
        path.write_text("labels")
    for name in ("house-2", ".house-2.new", ".house-1.old"):
        (models / name).mkdir()
    before = {path.name for path in exports.iterdir()} - {path.name for path in left}
    clear_unrecorded(learned.workshop)
    assert {path.name for path in exports.iterdir()} == before
    assert {path.name for path in models.iterdir()} == {"house-1", "notes.txt"}
    assert (learned.champion(), rebuild(learned.workshop, "house").same) == ("house-1", True)


def test_forgetting_somebody_it_never_learned_from(learned: Any) -> None:
    """Nothing retires and nothing is fitted anew."""
    workshop = learned.workshop
    with learned.store.begin() as work:
        assert retire_learned_from(workshop, work, "acme", "999999") == []
    assert not refit_champion(learned.workshop, "house").refitted
    assert learned.champion() == "house-1"


def test_too_few_labels_left_after_forgetting(learned: Any) -> None:
    """The base model serves again, and the move on record says why."""
    workshop = learned.workshop
    with learned.store.begin() as work:
        labelled = Learning(work).labelled([1])
        retire_learned_from(workshop, work, "acme", labelled[0].follower_id)
        for each in labelled[:100]:
            _erase(work, each.decision_id)
    done = refit_champion(learned.workshop, "house")
    assert (done.refitted, done.model) == (True, None)
    with learned.store.begin() as work:
        assert "too few labels" in Models(work).moves("house")[-1].why
    assert learned.champion().startswith("base-")


def test_a_refit_that_a_dead_machine_left_is_made_by_the_next_retrain(learned: Any) -> None:
    """A retired champion doesn't serve in the meantime."""
    workshop = learned.workshop
    with learned.store.begin() as work:
        forgotten = Learning(work).labelled([1])[5]
        retire_learned_from(workshop, work, "acme", forgotten.follower_id)
        _erase(work, forgotten.decision_id)
    assert learned.retrain().outcome == "kept"
    assert learned.champion() == "house-2"


def _erase(work: Any, decision_id: int) -> None:
    """Erases the label of a follower, as forgetting them does."""
    mine = t.decision_evidence.c.decision_id == decision_id
    work.connection.execute(update(t.decision_evidence).where(mine).values(features=None))


def test_an_export_that_cant_be_read_retires_its_model(learned: Any) -> None:
    """It can't show that it holds nobody who was forgotten."""
    (learned.folder / "training_data" / "house" / "house-1.json").unlink()
    workshop = learned.workshop
    with learned.store.begin() as work:
        assert [each.name for each in retire_learned_from(workshop, work, "acme", "999999")] == ["house-1"]


def test_what_a_person_taught_goes_with_the_trust_in_them(learned: Any) -> None:
    """The models retire, the export goes, and the next model has none of these labels; lifted, it learns them again."""
    middle = learned.now - timedelta(days=3)
    done = distrust(learned.workshop, "Ann", middle, "Ann")
    assert (done.retired, done.already) == (("house-1",), False)
    assert not model_folder(learned).exists()
    (refitted,) = done.refitted
    assert refitted.refitted
    rows = learned.workshop.exports.read("house", str(refitted.model))[1]
    assert rows
    assert all(row.at < middle for row in rows)
    assert learned.champion() == refitted.model
    trust_again(learned.workshop, "Ann", "Ann")
    workshop = learned.workshop
    with learned.store.begin() as work:
        labels = labels_at_hand(work, workshop.learners("house"))
    assert max(each.at for each in labels.decisions) > middle
