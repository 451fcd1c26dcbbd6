"""A model's life after its training: moves by hand, what can't serve, and what a rebuild and a refit give."""

import hashlib
import json
import pickle
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from followguard.adapters.store import tables as t
from followguard.adapters.store.learning import Learning
from followguard.adapters.store.log import Log
from followguard.adapters.store.models import Models
from followguard.errors import CantServe, DamagedExport, DamagedModel, MissingRole, UnknownPerson, UsageError
from followguard.jobs.clearing import clear_unrecorded
from followguard.jobs.model_life import list_models, promote, roll_back, show_model
from followguard.jobs.rebuild import rebuild
from followguard.jobs.refit import refit_champion, retire_learned_from

OTHER_SCHEMA = "f" * 64


def model_folder(school: Any, name: str = "house-1") -> Path:
    """Where a model stands."""
    return Path(school.folder / "models" / "house" / name)


def rewritten(path: Path, **changed: Any) -> None:
    """A JSON file with other values."""
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def test_rollback_goes_to_the_champion_before_and_the_base_model_at_the_end(learned: Any) -> None:
    """What waits is scored again each time; at the base model there is nothing before it."""
    learned.night(4, 2)
    base = list_models(learned.workshop, "house", learned.told.append)[0].model
    moved = roll_back(learned.workshop, "house", None, learned.told.append)
    assert (moved.before, moved.model, moved.rescored, learned.champion()) == ("house-1", base, 6, base)
    with pytest.raises(CantServe, match="nothing before it"):
        roll_back(learned.workshop, "house", None, learned.told.append)
    assert promote(learned.workshop, "house", "house-1", "Ann").rescored == 6
    assert learned.champion() == "house-1"


def test_promotion_past_the_gate_is_an_owners_named_act(learned: Any) -> None:
    """A reviewer may not, nobody unnamed may; an owner may, and the log and the list say who."""
    learned.hire("Rea", "reviewer")
    with pytest.raises(MissingRole):
        promote(learned.workshop, "house", "base", "Rea")
    with pytest.raises(UnknownPerson):
        promote(learned.workshop, "house", "base", None)
    with pytest.raises(UsageError, match="no model house-9"):
        promote(learned.workshop, "house", "house-9", "Ann")
    assert promote(learned.workshop, "house", "base", "Ann").changed
    assert not promote(learned.workshop, "house", "base", "Ann").changed
    shown = show_model(learned.workshop, "house", "base", learned.told.append)
    assert [(move.kind.value, move.person) for move in shown.moves] == [("promote", "Ann")]
    with learned.store.begin() as work:
        last = list(Log(work).entries())[-1]
    assert (last.kind, last.actor) == ("model.promote", "p-ann")


def test_moves_are_append_only(learned: Any) -> None:
    """The database refuses to change or delete one."""
    for statement in ("UPDATE model_moves SET model_id = NULL", "DELETE FROM model_moves"):
        with pytest.raises(IntegrityError), learned.store.engine.begin() as connection:
            connection.execute(text(statement))


def test_listing_and_showing_load_no_model(learned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list says what serves, and the model's own page, while nothing is unpickled: files are only hashed."""
    from followguard.adapters import registry

    def never(*_: object) -> dict[str, Any]:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(registry, "_unpacked", never)
    rows = list_models(learned.workshop, "house", learned.told.append)
    assert [(row.model, row.state) for row in rows if row.state == "serves"] == [("house-1", "serves")]
    shown = show_model(learned.workshop, "house", "house-1", learned.told.append)
    assert (shown.problem, learned.told) == (None, [])
    DAMAGES["another file"](model_folder(learned))
    assert "sha256" in (show_model(learned.workshop, "house", "house-1", learned.told.append).problem or "")
    assert "serves instead" in learned.told[0].message


@pytest.mark.parametrize("command", ["score", "night", "retrain"])
def test_a_file_swapped_together_with_its_row_runs_nothing(learned: Any, tmp_path: Path, command: str) -> None:
    """The last good model serves, or the one that learns anew, and that is said."""
    mark = tmp_path / "ran"
    content = zlib.compress(pickle.dumps(Trap(mark)))
    found = hashlib.sha256(content).hexdigest()
    (model_folder(learned) / "model.joblib").write_bytes(content)
    rewritten(model_folder(learned) / "manifest.json", file_sha256=found)
    with learned.store.begin() as work:
        work.connection.execute(update(t.models).values(file_sha256=found))
    if command == "night":
        learned.night(2, 1)
    elif command == "retrain":
        learned.retrain()
    assert learned.champion().startswith("house-2" if command == "retrain" else "base-")
    assert any("isn't what the log says" in problem.message for problem in learned.told)
    assert not mark.exists()


class Trap:
    """Unpickling this would leave a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return (Path.touch, (self.path,))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "another file": lambda folder: (folder / "model.joblib").write_bytes(b"pickled, perhaps"),
    "no file": lambda folder: (folder / "model.joblib").unlink(),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "half a manifest": lambda folder: (folder / "manifest.json").write_text('{"name": "hou'),
    "a newer format": lambda folder: rewritten(folder / "manifest.json", format=2),
    "another library": lambda folder: rewritten(folder / "manifest.json", needs={"scikit-learn": "0.24.1"}),
    "another form of libraries": lambda folder: rewritten(folder / "manifest.json", needs=["scikit-learn"]),
    "a version that is no text": lambda folder: rewritten(folder / "manifest.json", needs={"scikit-learn": 1}),
    "other features": lambda folder: rewritten(folder / "manifest.json", feature_schema=OTHER_SCHEMA),
    "another name": lambda folder: rewritten(folder / "manifest.json", name="house-7"),
    "another content": lambda folder: rewritten(folder / "manifest.json", content_sha256="0" * 64),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_champion_that_cant_serve(learned: Any, damage: str) -> None:
    """The last good model serves instead, that is said with what to do, and it can't be promoted."""
    DAMAGES[damage](model_folder(learned))
    assert learned.champion().startswith("base-")
    (problem,) = learned.told
    assert "serves instead" in problem.message
    assert problem.next_step
    promote(learned.workshop, "house", "base", "Ann")
    with pytest.raises(DamagedModel):
        promote(learned.workshop, "house", "house-1", "Ann")
    assert learned.champion().startswith("base-")


def test_a_folder_of_a_newer_format_says_so_whatever_else_it_holds(learned: Any) -> None:
    """A newer program may have other keys: not "damaged" but "newer" is the answer, of models and of exports."""
    (model_folder(learned) / "manifest.json").write_text('{"format": 9}')
    assert learned.champion().startswith("base-")
    assert "has format 9" in learned.told[0].message
    (learned.folder / "training_data" / "house" / "house-1.json").write_text('{"format": 9}')
    with pytest.raises(DamagedExport, match="has format 9"):
        rebuild(learned.workshop, "house")


def test_another_library_names_the_rebuild(learned: Any) -> None:
    """Who upgraded scikit-learn is told of the command that mends it."""
    DAMAGES["another library"](model_folder(learned))
    learned.champion()
    assert "model rebuild" in learned.told[0].next_step
    assert rebuild(learned.workshop, "house").same
    assert learned.champion() == "house-1"


def test_the_night_scores_again_what_another_model_scored(learned: Any) -> None:
    """Once the champion can't serve, the next night's list is all the base model's."""
    learned.night(3, 1)
    model_folder(learned).rename(learned.folder / "gone")
    learned.night(2, 1)
    from followguard.jobs.rescore import rescore_account

    settings = learned.workshop.installation.account("acme")
    assert rescore_account(learned.workshop, settings) == 4
    assert rescore_account(learned.workshop, settings) == 0


def test_rebuild_gives_the_same_model_from_its_export(learned: Any) -> None:
    """The same content hash, no difference in scores; a folder that was lost is written again, byte for byte."""
    learned.night(4, 2)
    done = rebuild(learned.workshop, "house")
    assert (done.same, done.model, done.difference.most) == (True, "house-1", 0.0)
    before = (model_folder(learned) / "model.joblib").read_bytes()
    (model_folder(learned) / "model.joblib").unlink()
    assert rebuild(learned.workshop, "house").same
    assert (model_folder(learned) / "model.joblib").read_bytes() == before
    assert learned.champion() == "house-1"


EDITS: dict[str, Callable[[Path], object]] = {
    "a byte": lambda table: table.write_bytes(table.read_bytes()[:-9] + b"x" + table.read_bytes()[-8:]),
    "half of it": lambda table: table.write_bytes(table.read_bytes()[:900]),
    "no manifest": lambda table: table.with_suffix(".json").unlink(),
    "half a manifest": lambda table: table.with_suffix(".json").write_text('{"group": "ho'),
    "another order of features": lambda table: rewritten(
        table.with_suffix(".json"),
        features=json.loads(table.with_suffix(".json").read_text())["features"][::-1],
    ),
    "a newer format": lambda table: rewritten(table.with_suffix(".json"), format=2),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_export_is_refused(learned: Any, edit: str) -> None:
    """Nothing is rebuilt from it or left behind, what to do is said, and the champion serves on."""
    EDITS[edit](learned.folder / "training_data" / "house" / "house-1.parquet")
    with pytest.raises(DamagedExport) as caught:
        rebuild(learned.workshop, "house")
    assert caught.value.next_step
    assert learned.champion() == "house-1"
    assert not list((learned.folder / "training_data" / "house").glob("house-2*"))


def test_an_export_edited_together_with_its_manifest(learned: Any) -> None:
    """The database has the sha256 on record, so making the two fit each other is of no use."""
    table = learned.folder / "training_data" / "house" / "house-1.parquet"
    EDITS["a byte"](table)
    rewritten(table.with_suffix(".json"), file_sha256=hashlib.sha256(table.read_bytes()).hexdigest())
    with pytest.raises(DamagedExport, match="was changed"):
        rebuild(learned.workshop, "house")


def test_rebuild_after_a_change_of_features(learned: Any) -> None:
    """The base model serves and says so; a rebuild computes the values anew from the profiles decided about."""
    with learned.store.begin() as work:
        work.connection.execute(update(t.scores).values(feature_schema=OTHER_SCHEMA))
        for table in (t.decision_evidence, t.models):
            work.covered.update(update(table).values(feature_schema=OTHER_SCHEMA))
    rewritten(model_folder(learned) / "manifest.json", feature_schema=OTHER_SCHEMA)
    assert learned.champion().startswith("base-")
    assert "model rebuild" in learned.told[-1].next_step
    done = rebuild(learned.workshop, "house")
    assert (done.model, done.labels, done.left_out) == ("house-2", {"genuine": 84, "spam": 36}, 0)
    assert learned.champion() == "house-2"


def test_labels_that_fit_no_more_are_left_out_and_counted(learned: Any) -> None:
    """Values of another table whose profile's text is gone teach nothing; the answer says how many."""
    with learned.store.begin() as work:
        old = work.connection.execute(text("SELECT id FROM decisions ORDER BY id LIMIT 10")).scalars().all()
        evidence = update(t.decision_evidence).where(t.decision_evidence.c.decision_id.in_(old))
        work.connection.execute(evidence.values(feature_schema=OTHER_SCHEMA))
        work.connection.execute(update(t.snapshots).values(text_cleared_at=learned.now))
    done = learned.retrain()
    assert (done.left_out, sum(done.labels.values())) == (10, 110)


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
    """What erasing somebody does to their label."""
    mine = t.decision_evidence.c.decision_id == decision_id
    work.connection.execute(update(t.decision_evidence).where(mine).values(features=None))


def test_an_export_that_cant_be_read_retires_its_model(learned: Any) -> None:
    """It can't show that it holds nobody who was forgotten."""
    (learned.folder / "training_data" / "house" / "house-1.json").unlink()
    workshop = learned.workshop
    with learned.store.begin() as work:
        assert [each.name for each in retire_learned_from(workshop, work, "acme", "999999")] == ["house-1"]


def test_an_export_is_read_back_as_it_was_written(learned: Any) -> None:
    """Every value bit for bit, unknown ones too, and a newer format is refused."""
    exports = learned.workshop.exports
    manifest, rows = exports.read("house", "house-1")
    exports.write(replace(manifest, name="again"), rows)
    assert exports.read("house", "again")[1] == rows
    rewritten(learned.folder / "training_data" / "house" / "again.json", format=2)
    with pytest.raises(DamagedExport, match="format 2"):
        exports.read("house", "again")
