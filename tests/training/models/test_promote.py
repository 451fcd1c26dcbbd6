"""Moves of a champion by hand: promoted, rolled back, listed, and never rewritten."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from followguard.errors import CantServe, MissingRole, UnknownPerson, UsageError
from followguard.store.log import Log
from followguard.training.models.listing import list_models, show_model
from followguard.training.models.promote import promote, roll_back
from tests.builders.models import DAMAGES, model_folder


def test_rollback_goes_to_the_champion_before_and_the_base_model_at_the_end(learned: Any) -> None:
    """Waiting cards are scored again each time; at the base model there is nothing before it."""
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
    from followguard.training.models import folders

    def never(*_: object) -> dict[str, Any]:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(folders, "_unpacked", never)
    rows = list_models(learned.workshop, "house", learned.told.append)
    assert [(row.model, row.state) for row in rows if row.state == "serves"] == [("house-1", "serves")]
    shown = show_model(learned.workshop, "house", "house-1", learned.told.append)
    assert (shown.problem, learned.told) == (None, [])
    DAMAGES["another file"](model_folder(learned))
    assert "sha256" in (show_model(learned.workshop, "house", "house-1", learned.told.append).problem or "")
    assert "serves instead" in learned.told[0].message
