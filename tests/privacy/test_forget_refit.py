"""Forgetting reaches the model: what had learned from the person goes, and what serves never saw them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.store import Accounts
from followguard.domain.follower import Profile
from followguard.domain.house_model import HouseModel, MoveKind, NewMove, Origin
from followguard.domain.labels import Label
from followguard.privacy.disclose import disclose
from followguard.privacy.forget import Forgotten, eraser_of, forget
from followguard.review.overrule import Turn, overrule
from followguard.screening.queue import batch_account, queue_account
from followguard.screening.score import score_account
from followguard.testing import made_up_profile, record_followers
from followguard.training.models.promote import serve
from followguard.training.models.serving import TrainingContext, load_scorer
from followguard.training.retrain.make import Provenance, TrainedModel, make, save
from followguard.training.store import Learning, Models, labels_at_hand
from tests.builders.reviewing import APPROVE, SPAM

CONFIG = '[accounts.acme]\ntraining_basis = "own-decisions"\n'
PERSON = "9007199254740993"


def a_face(number: int, now: datetime) -> Profile:
    """Real people and spammers in turn, each a little different."""
    follower_id = PERSON if number == 20 else str(1_000_000_000 + number)
    plain, spam = made_up_profile(follower_id, now), number % 2 == 0
    born = datetime(2026 if spam else 2012, 1 if spam else 1 + number % 12, 1 + number % 4, tzinfo=UTC)
    return replace(
        plain,
        username=f"x{number * 7919 % 99991}" if spam else f"garden_{number}",
        description="" if spam else f"Gardens and trains, volume {number}.",
        followers_count=number % 5 if spam else 200 + 11 * number,
        following_count=2000 + 17 * number if spam else 150 + number,
        tweet_count=number % 3 if spam else 900 + 31 * number,
        like_count=0 if spam else 300 + number,
        created_at=born,
    )


def decided(house: Any, *, but: str = "") -> None:
    """Fifty followers over five nights, each decided by what they are; nothing is decided about `but`."""
    scorer = load_scorer()
    for night in range(5):
        faces = [a_face(number, house.now) for number in range(night * 10, night * 10 + 10)]
        account = record_followers(house.store, "acme", faces, house.now)
        policy = house.settings["acme"].policy
        score_account(house.store, account, policy, scorer, house.now)
        batch_account(house.store, account, policy, house.now)
        queue_account(house.store, account, policy, house.now, 0)
        for number, face in enumerate(faces, night * 10):
            if face.id != but:
                house.decide(face.id, SPAM if number % 2 == 0 else APPROVE)
        house.next_day()


def champion(workshop: TrainingContext) -> HouseModel:
    """A model of all the labels there are, past the gate."""
    made = trained(workshop)
    new = save(workshop, made, Provenance(origin=Origin.RETRAIN, why="a test"))
    with workshop.store.begin() as work:
        model = Models(work).add(new)
        move = NewMove(group="house", kind=MoveKind.PROMOTE, model_id=model.id, at=workshop.now, why="a test")
        serve(work, move, model)
    return model


def trained(workshop: TrainingContext) -> TrainedModel:
    with workshop.store.begin() as work:
        at_hand = labels_at_hand(work, workshop.learners("house"))
    return make(workshop, "house", at_hand)


def erase(house: Any, workshop: TrainingContext, follower: str = PERSON) -> Forgotten:
    eraser = eraser_of(workshop.installation, house.store)
    return forget(replace(eraser, workshop=workshop), follower, "Ola")


def test_the_champion_is_fitted_anew_as_if_it_had_never_seen_them(
    lite_house: Any, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> None:
    """The same content hash as a training in an installation that never decided about them."""
    import shutil

    from followguard.store.store import open_store

    workshop = lite_house.workshop(tmp_path, CONFIG)
    decided(lite_house)
    old = champion(workshop)
    done = erase(lite_house, workshop)
    (refitted,) = done.refitted
    assert (done.retired, refitted.refitted) == ([old.name], True)
    with lite_house.store.begin() as work:
        new = Models(work).named(refitted.model)
        assert not Models(work).named(old.name).usable
    assert new.content_sha256 != old.content_sha256

    elsewhere = tmp_path_factory.mktemp("never")
    shutil.copyfile(sqlite_template, elsewhere / "followguard.db")
    with open_store(f"sqlite:///{elsewhere / 'followguard.db'}") as other:
        never = type(lite_house)(other, lite_house.settings)
        never.people()
        decided(never, but=PERSON)
        made = trained(replace(never.workshop(elsewhere, CONFIG), secret=workshop.secret))
    assert made.manifest.content_sha256 == new.content_sha256


def test_nothing_that_learned_from_them_is_left_on_disk(lite_house: Any, tmp_path: Path) -> None:
    """The retired model's folder and its export are gone; the files that are there open, and serve."""
    workshop = lite_house.workshop(tmp_path, CONFIG)
    decided(lite_house)
    old = champion(workshop)
    before = {path.name for path in (tmp_path / "models" / "house").iterdir()}
    (learned,) = disclose(workshop, PERSON)["models"]
    assert (old.name in before, learned) == (True, {"model": old.name, "group": "house", "label": "spam"})
    new = erase(lite_house, workshop).refitted[0].model
    files = [path for path in tmp_path.rglob("*") if path.is_file() and "backups" not in path.parts]
    assert [path for path in files if PERSON.encode() in path.read_bytes()] == []
    assert {path.name for path in (tmp_path / "models" / "house").iterdir()} == {new}
    assert not list((tmp_path / "training_data").rglob(f"{old.name}*"))
    assert workshop.load_scorer("acme", lambda error: pytest.fail(str(error))).name.startswith(str(new))


def test_one_nobody_learned_from_leaves_the_models_alone(lite_house: Any, tmp_path: Path) -> None:
    """No model retires, none is fitted."""
    workshop = lite_house.workshop(tmp_path, CONFIG)
    decided(lite_house, but=PERSON)
    old = champion(workshop)
    done = erase(lite_house, workshop)
    assert (done.retired, done.refitted) == ([], [])
    with lite_house.store.begin() as work:
        assert Models(work).named(old.name).usable


def test_a_refit_that_died_is_done_by_the_next_run(lite_house: Any, tmp_path: Path) -> None:
    """Killed between the erasure and the refit: the base model serves, then the same command fits the champion."""
    workshop = lite_house.workshop(tmp_path, CONFIG)
    decided(lite_house)
    old = champion(workshop)
    shelf = workshop.shelf

    class Full:
        def __getattr__(self, name: str) -> Any:
            if name == "save":
                raise KeyboardInterrupt
            return getattr(shelf, name)

    with pytest.raises(KeyboardInterrupt):
        erase(lite_house, replace(workshop, shelf=Full()))  # type: ignore[arg-type]
    assert workshop.load_scorer("acme", lambda _: None).name.startswith("base")
    done = erase(lite_house, workshop)
    assert done.finished
    assert done.refitted[0].model not in (None, old.name)


def test_an_overruled_label_is_the_one_that_is_learned(lite_house: Any, tmp_path: Path) -> None:
    """A label turned to genuine keeps the features of the first decision; undone, it is spam again."""
    from followguard.review.undo import undo

    workshop = lite_house.workshop(tmp_path, CONFIG)
    decided(lite_house)
    before = theirs(workshop)
    overrule(lite_house.hand("Ada"), PERSON, Turn())
    turned = theirs(workshop)
    assert (before.label, turned.label) == (Label.SPAM, Label.GENUINE)
    assert (turned.features, turned.shown_because, turned.p_spam) == (
        before.features,
        before.shown_because,
        before.p_spam,
    )
    undo(lite_house.hand("Ada"), PERSON)
    assert theirs(workshop) == before


def theirs(workshop: TrainingContext) -> Any:
    with workshop.store.begin() as work:
        ids = [row.id for row in Accounts(work).all()]
        return next(each for each in Learning(work).labelled(ids) if each.follower_id == PERSON)
