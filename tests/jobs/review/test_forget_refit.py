"""Forgetting reaches the model: what had learned from the person goes, and what serves never saw them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from followguard import bootstrap
from followguard.adapters.store.accounts import Accounts
from followguard.adapters.store.learning import Learning
from followguard.adapters.store.models import Models
from followguard.domain.decision import Choice
from followguard.domain.follower import Profile
from followguard.domain.house_model import HouseModel, MoveKind, NewMove, Origin
from followguard.domain.labels import Kind, Label, RejectReason
from followguard.jobs.batch import batch_account
from followguard.jobs.disclose import disclose
from followguard.jobs.forget import Forgotten, forget
from followguard.jobs.labels_at_hand import labels_at_hand, learners
from followguard.jobs.making import Provenance, TrainedModel, make, save
from followguard.jobs.moves import serve
from followguard.jobs.overrule import Turn, overrule
from followguard.jobs.queue import queue_account
from followguard.jobs.score import score_account
from followguard.jobs.workshop import TrainingContext
from followguard.testing import made_up_profile, record_followers

CONFIG = '[accounts.acme]\ntraining_basis = "own-decisions"\n'
PERSON = "9007199254740993"
APPROVE = Choice(kind=Kind.APPROVE)
SPAM = Choice(kind=Kind.REJECT, reason=RejectReason.SPAM)


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


def a_workshop(house: Any, folder: Path) -> TrainingContext:
    (folder / "followguard.toml").write_text(CONFIG, encoding="utf-8")
    installation = bootstrap.load_installation(folder / "followguard.toml", {})
    return replace(bootstrap.workshop(installation, house.store), clock=lambda: house.now)


def decided(house: Any, *, but: str = "") -> None:
    """Fifty followers over five nights, each decided by what they are; nothing is decided about `but`."""
    scorer = bootstrap.load_scorer()
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
        at_hand = labels_at_hand(work, learners(workshop, "house"))
    return make(workshop, "house", at_hand)


def erase(house: Any, workshop: TrainingContext, follower: str = PERSON) -> Forgotten:
    eraser = bootstrap.eraser(workshop.installation, house.store)
    return forget(replace(eraser, workshop=workshop), follower, "Ola")


def test_the_champion_is_fitted_anew_as_if_it_had_never_seen_them(
    lite_house: Any, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> None:
    """The same content hash as a training in an installation that never decided about them."""
    import shutil

    from followguard.adapters.store.engine import open_store

    workshop = a_workshop(lite_house, tmp_path)
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
        made = trained(replace(a_workshop(never, elsewhere), secret=workshop.secret))
    assert made.manifest.content_sha256 == new.content_sha256


def test_nothing_that_learned_from_them_is_left_on_disk(lite_house: Any, tmp_path: Path) -> None:
    """Neither the retired model's folder nor its export; what is there opens, and serves."""
    workshop = a_workshop(lite_house, tmp_path)
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
    workshop = a_workshop(lite_house, tmp_path)
    decided(lite_house, but=PERSON)
    old = champion(workshop)
    done = erase(lite_house, workshop)
    assert (done.retired, done.refitted) == ([], [])
    with lite_house.store.begin() as work:
        assert Models(work).named(old.name).usable


def test_a_refit_that_died_is_done_by_the_next_run(lite_house: Any, tmp_path: Path) -> None:
    """Killed between the erasure and the refit: the base model serves, then the same command fits the champion."""
    workshop = a_workshop(lite_house, tmp_path)
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
    """Turned from spam to genuine with the features of the first decision; undone, it is spam again."""
    from followguard.jobs.undo import undo

    workshop = a_workshop(lite_house, tmp_path)
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
