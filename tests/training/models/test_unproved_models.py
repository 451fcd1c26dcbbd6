"""A model file that was replaced together with its row's sha256 is never opened, and a forged move moves nobody."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import text, update

from followguard.accounts.store import People
from followguard.domain.house_model import RetrainOutcome
from followguard.errors import CantServe, DamagedModel
from followguard.store import tables as t
from followguard.training.models.listing import list_models, show_model
from followguard.training.models.promote import promote
from followguard.training.models.serving import loaded
from followguard.training.retrain.refit_after_upgrade import rebuild
from followguard.training.retrain.retrain import retrain
from followguard.training.store import Models

MARK = b"never unpickled"


def replaced(learned: Any) -> None:
    """Another file, and its sha256 in the database: all that was compared before."""
    folder = learned.workshop.shelf.root / "house" / "house-1"
    (path,) = folder.glob("*.joblib")
    path.write_bytes(MARK)
    found = hashlib.sha256(MARK).hexdigest()
    manifest = folder / "manifest.json"
    with learned.store.engine.begin() as connection:
        before = connection.execute(text("SELECT file_sha256 FROM models WHERE name = 'house-1'")).scalar_one()
        connection.execute(update(t.models).where(t.models.c.name == "house-1").values(file_sha256=found))
    manifest.write_text(manifest.read_text().replace(before, found))


def test_a_replaced_file_isnt_opened(learned: Any) -> None:
    """A replaced file is never opened, to score, list, show, promote or rebuild; the base serves, and why is told."""
    replaced(learned)
    assert learned.champion().startswith("base-")
    assert "isn't what the log says" in learned.told[-1].message
    rows = {row.model: row.state for row in list_models(learned.workshop, "house", learned.told.append)}
    assert rows["house-1"] != "serves"
    assert "isn't what the log says" in str(
        show_model(learned.workshop, "house", "house-1", learned.told.append).problem
    )
    with learned.store.begin() as work:
        model = Models(work).named("house-1")
    with pytest.raises(DamagedModel, match="followguard prove"):
        loaded(learned.workshop.shelf, model)
    with pytest.raises(CantServe):
        rebuild(learned.workshop, "house")
    with learned.store.begin() as work:
        owner = People(work).add("Olga", "p-olga", learned.now)
        People(work).grant(owner.id, "owner", None, None, learned.now)
    with pytest.raises(DamagedModel):
        promote(learned.workshop, "house", "house-1", "Olga")


def test_a_forged_move_is_none(learned: Any) -> None:
    """The champion stays, and the move is told."""
    with learned.store.engine.begin() as connection:
        names = "model_group, kind, at, why"
        connection.execute(
            text(f"INSERT INTO model_moves ({names}) SELECT model_group, 'rollback', at, 'x' FROM model_moves")
        )
    assert learned.champion() == "house-1"
    assert "isn't the log's" in learned.told[-1].message


@pytest.mark.parametrize(
    "edit", ["UPDATE decision_evidence SET p_spam = 1 - p_spam", "UPDATE roles SET granted_by = NULL"]
)
def test_nothing_is_learned_from_forged_evidence(learned: Any, edit: str) -> None:
    """A retrain that would learn from it is refused and says so; other rows don't matter to it."""
    with learned.store.engine.begin() as connection:
        connection.execute(text(edit))
    done = retrain(learned.workshop, "acme", learned.told.append)
    assert ("aren't the log's" in done.why) is ("evidence" in edit)
    assert (done.outcome is RetrainOutcome.REFUSED) >= ("evidence" in edit)


def test_one_forged_decision_is_told_as_one(learned: Any) -> None:
    """A single forged decision is told by its number."""
    with learned.store.engine.begin() as connection:
        first = connection.execute(text("SELECT min(decision_id) FROM decision_evidence")).scalar_one()
        connection.execute(text(f"UPDATE decision_evidence SET p_spam = 1 - p_spam WHERE decision_id = {first}"))
    assert f"decision {first} isn't the log's" in retrain(learned.workshop, "acme", learned.told.append).why
