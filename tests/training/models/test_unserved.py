"""Champions that can't serve: the last good model serves instead, and what to do is said."""

import hashlib
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from followguard.errors import DamagedExport, DamagedModel
from followguard.store import tables as t
from followguard.training.models.promote import promote
from followguard.training.retrain.refit_after_upgrade import rebuild
from tests.builders.hostile_files import Trap
from tests.builders.models import DAMAGES, model_folder, rewritten


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
    """An upgrade of scikit-learn tells the command that mends it."""
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
    from followguard.training.models.promote import rescore_account

    settings = learned.workshop.installation.account("acme")
    assert rescore_account(learned.workshop, settings) == 4
    assert rescore_account(learned.workshop, settings) == 0
