"""Rebuilds of a model from its export: the same model again, or a refusal."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from followguard.errors import DamagedExport
from followguard.store import tables as t
from followguard.training.retrain.refit_after_upgrade import rebuild
from tests.builders.models import OTHER_SCHEMA, model_folder, rewritten


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


def test_an_export_is_read_back_as_it_was_written(learned: Any) -> None:
    """Every value bit for bit, unknown ones too, and a newer format is refused."""
    exports = learned.workshop.exports
    manifest, rows = exports.read("house", "house-1")
    exports.write(replace(manifest, name="again"), rows)
    assert exports.read("house", "again")[1] == rows
    rewritten(learned.folder / "training_data" / "house" / "again.json", format=2)
    with pytest.raises(DamagedExport, match="format 2"):
        exports.read("house", "again")
