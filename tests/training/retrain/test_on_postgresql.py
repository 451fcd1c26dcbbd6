"""Learning, taking it back and forgetting on a real PostgreSQL."""

from typing import Any

from sqlalchemy import func, select

from followguard.accounts.store import Accounts
from followguard.privacy.forget import eraser_of, forget
from followguard.store import tables as t
from followguard.training.models.promote import roll_back
from followguard.training.store import Learning, Models


def test_the_life_of_a_model(served_school: Any) -> None:
    """Promoted, waiting cards rescored, rolled back, learned again without somebody who was forgotten."""
    school = served_school
    waiting = [follower for follower, _ in school.night(6, 3)]
    done = school.retrain()
    assert (done.outcome, done.model, done.rescored) == ("promoted", "house-1", len(waiting))
    assert school.champion() == "house-1"
    with school.store.begin() as work:
        assert work.connection.execute(select(func.count()).select_from(t.early_predictions)).scalar_one() > 0
    roll_back(school.workshop, "house", None, school.told.append)
    assert school.champion().startswith("base-")
    assert school.retrain().model == "house-2"
    first = "1000"
    forget(eraser_of(school.workshop.installation, school.store), first, "Ann")
    assert school.champion() == "house-3"
    with school.store.begin() as work:
        ids = [row.id for row in Accounts(work).all()]
        labelled = {each.follower_id for each in Learning(work).labelled(ids)}
        retired = [each.name for each in Models(work).all("house") if each.retired_at is not None]
    assert first not in labelled
    assert len(labelled) == 119
    assert retired == ["house-1", "house-2"]
